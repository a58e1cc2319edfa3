import { SeriesTable } from '../../metrics/series/series-table.ts';
import type { LabelSet } from '../../model/label-set.ts';
import { isSameNames } from '../../model/labels.ts';
import type { ColumnBlock } from './column-block.ts';

/**
 * The distinct series of a family in several workers, numbered from 0 on. Labels identify a series in any order, and an
 * empty value counts as a missing label.
 */
export class UnionSeries {
  /** By label names in alphabetical order. */
  readonly #groups = new Map<string, Group>();
  readonly #ofRow: { readonly group: Group; readonly row: number }[] = [];
  /** The names of the latest point, and what they led to: most points of a worker have the same. */
  #names: readonly string[] | undefined = undefined;
  #group: Group | undefined = undefined;
  /** Rows of blocks by the ids of their series, as far as they are known. */
  readonly #ofBlock = new WeakMap<Int32Array, { readonly rows: Int32Array; known: number }>();

  /** Number of series. */
  get size(): number {
    return this.#ofRow.length;
  }

  /** Returns the number of a series, which it gets at its first use. */
  rowOf(labels: LabelSet): number {
    const { names, values, ids } = labels;
    const group = names === this.#names && this.#group !== undefined ? this.#group : this.#enter(names);
    const { order, texts } = group;
    for (let index = 0; index < order.length; index++) {
      const text = values[index]!.texts[ids[index]!]!;
      if (text === '') return this.rowOf(withoutEmpty(labels));
      texts[order[index]!] = text;
    }
    return group.find() ?? this.#add(group);
  }

  /** Returns the rows of the series of a block, at least of those before `to`. They are found once for the same series. */
  rowsOf({ names, values, ids, startTimes }: ColumnBlock, to: number): Int32Array {
    const found = this.#ofBlock.get(ids) ?? { rows: new Int32Array(startTimes.length), known: 0 };
    this.#ofBlock.set(ids, found);
    const width = names.length;
    for (; found.known < to; found.known++) {
      const at = found.known * width;
      found.rows[found.known] = this.rowOf({ names, values, ids: ids.subarray(at, at + width) });
    }
    return found.rows;
  }

  /** Returns the labels of a series, valid until the next call. */
  labelsOf(row: number): LabelSet {
    const { group, row: local } = this.#ofRow[row]!;
    return group.labelsOf(local);
  }

  #enter(names: readonly string[]): Group {
    const sorted = [...names].sort();
    const key = JSON.stringify(sorted);
    const group = this.#groups.get(key) ?? new Group(names);
    this.#groups.set(key, group);
    group.expect(names);
    this.#names = names;
    this.#group = group;
    return group;
  }

  #add(group: Group): number {
    const row = this.#ofRow.length;
    this.#ofRow.push({ group, row: group.add(row) });
    return row;
  }
}

/** The series with the same label names. */
class Group {
  /** For each label of the expected points, its index in the table. */
  order: readonly number[] = [];
  /** The values to find, in the order of the table. */
  readonly texts: string[];
  readonly #table: SeriesTable;
  /** Rows of the family by row of the table. */
  readonly #rows: number[] = [];
  readonly #labels: LabelSet;

  constructor(names: readonly string[]) {
    this.#table = new SeriesTable(names);
    this.texts = names.map(() => '');
    this.#labels = { names, values: this.#table.index.values, ids: new Int32Array(names.length) };
  }

  expect(names: readonly string[]): void {
    const own = this.#table.labelNames;
    this.order = names.map((name, index) => (isSameNames(names, own) ? index : own.indexOf(name)));
  }

  find(): number | undefined {
    if (this.texts.length === 0) return this.#rows[1];
    return this.#rows[this.#table.index.findAll(this.texts)]; // Row 0 is never used.
  }

  add(row: number): number {
    const local = this.#table.add(this.texts);
    this.#rows[local] = row;
    return local;
  }

  labelsOf(row: number): LabelSet {
    this.#table.index.read(row, this.#labels.ids, 0);
    return this.#labels;
  }
}

function withoutEmpty({ names, values, ids }: LabelSet): LabelSet {
  const kept = names.map((_, index) => index).filter((index) => values[index]!.texts[ids[index]!] !== '');
  return {
    names: kept.map((index) => names[index]!),
    values: kept.map((index) => values[index]!),
    ids: Int32Array.from(kept, (index) => ids[index]!),
  };
}
