import type { Labels } from '../../model/labels.ts';
import { labelsOf } from './series-index.ts';

/**
 * The labels of a document, each set once. Families of one program mostly have the same series in the same order, so that
 * the labels of a point are expected to be those that followed the labels of the point before in an earlier family. That
 * halves what a parsed document takes, and with it the collector's work, which is the larger part of parsing.
 */
export class SharedLabels {
  /** Sets with the same names, in the order in which they were met. */
  readonly #lists = new Map<string, Labels[]>();

  /** The labels of the points of one more family. */
  family(): FamilyLabels {
    return new FamilyLabels(this);
  }

  /** The sets that have these names. */
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

/** So many sets may be left out in a family that are in the one before, and the next is still found. */
const LOOK_AHEAD = 2;
/** Initial label sets of a family; never changed. */
const NO_SETS: Labels[] = [];

export class FamilyLabels {
  readonly #shared: SharedLabels;
  #names: readonly string[] | undefined;
  #partLabel = -1;
  #list: Labels[] = NO_SETS;
  /** Whether there are no labels, which need no list. */
  #isBare = false;
  /** Where in the list the next labels are expected. */
  #next = 0;

  constructor(shared: SharedLabels) {
    this.#shared = shared;
  }

  /** The labels with these names and values but for that at `except`, which other points may have as well. */
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

/** The last labels differ most often. */
function isSame(labels: Labels, names: readonly string[], values: readonly string[], partLabel: number): boolean {
  for (let index = names.length - 1; index >= 0; index--) {
    if (index !== partLabel && labels[names[index]!] !== values[index]) return false;
  }
  return true;
}
