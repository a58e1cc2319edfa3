import type { Labels } from '../../model/labels.ts';
import { labelsOf } from './series-index.ts';

/**
 * Keeps each label set of a document once. Families of one program mostly have the same series in the same order, so the labels of
 * a point are expected to be those that followed the labels of the previous point in an earlier family. This halves the
 * memory of a parsed document, and with it the garbage collection, which takes most of the time of parsing.
 */
export class SharedLabels {
  /** Sets with the same names, in the order of their first occurrence. */
  readonly #lists = new Map<string, Labels[]>();

  /** Starts the next family. */
  family(): FamilyLabels {
    return new FamilyLabels(this);
  }

  /** Returns the sets with these names. */
  listOf(names: readonly string[]): Labels[] {
    const key = JSON.stringify(names);
    let list = this.#lists.get(key);
    if (list === undefined) {
      list = [];
      this.#lists.set(key, list);
    }
    return list;
  }
}

/** Maximum number of consecutive sets that a family may omit while the next one is still found. */
const LOOK_AHEAD = 2;
/** Initial label sets of a family; never changed. */
const NO_SETS: Labels[] = [];

export class FamilyLabels {
  readonly #shared: SharedLabels;
  #names: readonly string[] | undefined;
  #partLabel = -1;
  #list: Labels[] = NO_SETS;
  /** Whether the labels are empty, so that no list is needed. */
  #isBare = false;
  /** Index at which the next labels are expected. */
  #next = 0;

  constructor(shared: SharedLabels) {
    this.#shared = shared;
  }

  /** Returns the labels with these names and values, without the one at `partLabel`. Other points may share them. */
  of(names: readonly string[], values: readonly string[], partLabel: number): Labels {
    if (names !== this.#names || partLabel !== this.#partLabel) this.#use(names, partLabel);
    const list = this.#list;
    if (this.#isBare) return labelsOf(names, values, partLabel);
    const end = Math.min(this.#next + LOOK_AHEAD, list.length);
    for (let index = this.#next; index < end; index++) {
      const labels = list[index]!;
      if (isSame(labels, names, values, partLabel)) {
        this.#next = index + 1;
        return labels;
      }
    }
    const labels = labelsOf(names, values, partLabel);
    if (this.#next === list.length) this.#next++;
    list.push(labels);
    return labels;
  }

  #use(names: readonly string[], partLabel: number): void {
    this.#names = names;
    this.#partLabel = partLabel;
    this.#next = 0;
    this.#isBare = names.length === (partLabel < 0 ? 0 : 1);
    this.#list = this.#isBare ? NO_SETS : this.#shared.listOf(names.filter((_, index) => index !== partLabel));
  }
}

/** Compares from the end, because the last labels differ most often. */
function isSame(labels: Labels, names: readonly string[], values: readonly string[], partLabel: number): boolean {
  for (let index = names.length - 1; index >= 0; index--) {
    if (index !== partLabel && labels[names[index]!] !== values[index]) return false;
  }
  return true;
}
