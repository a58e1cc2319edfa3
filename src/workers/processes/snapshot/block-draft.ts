import type { Exemplar, Point } from '../../../model/family.ts';
import type { NumberRows } from '../../../model/label-set.ts';
import { LabelValues } from '../../../model/label-values.ts';
import { isSameNames } from '../../../model/labels.ts';
import { type Block, isSameMemory, isSameShape, type RowExemplars, type Shape } from './family-columns.ts';
import { GrowingNumbers } from './growing-numbers.ts';

/** With more label values per row, most are not used any more. */
const MAX_VALUES_PER_ROW = 2;

/** Rows of a metric that were copied, and the ids that its table had for them. */
interface CopiedRows {
  readonly ids: Int32Array;
  /** The label values by id. A table replaces this array when ids change. */
  readonly texts: readonly (readonly string[])[];
}

/** By the ids of the copy. */
const copiedRows = new WeakMap<Int32Array, CopiedRows>();

/** A block of a snapshot while rows are added to it. */
export class BlockDraft {
  readonly numbers: GrowingNumbers<Float64Array>;
  readonly natives: number[] = [];
  readonly #exemplars = new Map<number, RowExemplars>();
  readonly #names: readonly string[];
  /** The names of the latest point: usually the same array for all. */
  #latestNames: readonly string[];
  readonly #shape: Shape;
  readonly #earlier: Block | undefined;
  readonly #values: readonly LabelValues[];
  readonly #ids: GrowingNumbers<Int32Array>;
  readonly #startTimes: GrowingNumbers<Float64Array>;
  /** The label values of the latest point, and for each of their ids, probably the id of the same text here. */
  #source: readonly LabelValues[] | undefined = undefined;
  #sourceIds: readonly number[][] = [];

  /** The ids that the table has for all rows so far; undefined if some rows are not in it. */
  #copied: GrowingNumbers<Int32Array> | undefined;
  #copiedTexts: CopiedRows['texts'] | undefined = undefined;

  constructor(names: readonly string[], shape: Shape, earlier: Block | undefined) {
    this.#earlier = canContinue(earlier, names) ? earlier : undefined;
    this.#names = this.#earlier?.names ?? [...names];
    this.#latestNames = names;
    this.#shape = { ...shape, bounds: [...shape.bounds] };
    this.#values = this.#earlier?.values ?? names.map(() => new LabelValues());
    this.numbers = new GrowingNumbers((length) => new Float64Array(length), this.#earlier?.numbers);
    this.#ids = new GrowingNumbers((length) => new Int32Array(length), this.#earlier?.ids);
    this.#startTimes = new GrowingNumbers((length) => new Float64Array(length), this.#earlier?.startTimes);
    const copied = this.#earlier && copiedRows.get(this.#earlier.ids);
    this.#copied = new GrowingNumbers((length) => new Int32Array(length), copied?.ids);
  }

  fits(names: readonly string[], shape: Shape): boolean {
    if (names !== this.#latestNames) {
      if (!isSameNames(names, this.#names)) return false;
      this.#latestNames = names;
    }
    return isSameShape(shape, this.#shape);
  }

  /** Adds a row. The caller adds its numbers. */
  push({ labels: { values, ids }, startTimestamp = Number.NaN }: Point): void {
    this.#copied = undefined;
    this.#pushIds(values, ids, 0);
    this.#startTimes.push(startTimestamp);
  }

  /** Adds rows [first, end) with their numbers. If their labels were copied earlier, they are not visited one by one. */
  pushRows(rows: NumberRows, first: number, end: number): void {
    const width = this.#names.length;
    const ids = rows.ids.subarray(first * width, end * width);
    const texts = rows.values.map((values) => values.texts);
    if (!isSameLists(texts, this.#copiedTexts ?? texts)) this.#copied = undefined;
    this.#copiedTexts = texts;
    const known = this.#knownIds(ids, texts);
    if (known === undefined) {
      this.#pushEach(rows, first, end);
      return;
    }
    this.#copied?.pushAll(ids);
    this.#ids.pushAll(known);
    this.numbers.pushAll(rows.numbers.subarray(first, end));
    this.#startTimes.pushAll(
      rows.startTimestamps?.subarray(first, end) ?? new Float64Array(end - first).fill(Number.NaN),
    );
  }

  /** Returns the ids of rows in the earlier copy, if it continues with them. */
  #knownIds(ids: Int32Array, texts: CopiedRows['texts']): Int32Array | undefined {
    const earlier = this.#earlier?.ids;
    const copied = earlier && copiedRows.get(earlier);
    if (copied === undefined || this.#copied === undefined || !isSameLists(texts, copied.texts)) return undefined;
    const [from, to] = [this.#ids.length, this.#ids.length + ids.length];
    return isSameMemory(ids, copied.ids.subarray(from, to)) ? earlier?.subarray(from, to) : undefined;
  }

  #pushEach({ values, ids, numbers, startTimestamps }: NumberRows, first: number, end: number): void {
    const width = this.#names.length;
    for (let row = first, at = first * width; row < end; row++, at += width) {
      if (ids[at]! < 0) {
        this.#copied = undefined;
        continue;
      }
      this.#pushIds(values, ids, at);
      this.numbers.push(numbers[row]!);
      this.#startTimes.push(startTimestamps?.[row] ?? Number.NaN);
    }
    this.#copied?.pushAll(ids.subarray(first * width, end * width));
  }

  #pushIds(values: readonly LabelValues[], ids: Int32Array, at: number): void {
    if (values !== this.#source) {
      this.#source = values;
      this.#sourceIds = this.#values.map(idsHere);
    }
    for (let index = 0; index < this.#values.length; index++) {
      const known = this.#sourceIds[index]!;
      const id = ids[at + index]!;
      const text = values[index]!.texts[id]!;
      const own = this.#values[index]!;
      if (own.texts[known[id] ?? -1] !== text) known[id] = own.intern(text);
      this.#ids.push(known[id]!);
    }
  }

  /** Adds the exemplars of the latest row. */
  exemplify(slots: ArrayLike<Exemplar | undefined>, native: readonly Exemplar[]): void {
    const kept = Array.from(slots, (exemplar) => exemplar && copyOf(exemplar));
    if (native.length === 0 && !kept.some((exemplar) => exemplar !== undefined)) return;
    this.#exemplars.set(this.#startTimes.length - 1, { slots: kept, native: native.map(copyOf) });
  }

  /** Series that have not changed share their arrays with the earlier copy, by which they are recognized. */
  block(): Block {
    for (const number of this.natives) this.numbers.push(number);
    const earlier = this.#earlier;
    const ids = this.#ids.array();
    if (this.#copied !== undefined && this.#copiedTexts !== undefined) {
      copiedRows.set(ids, { ids: this.#copied.array(), texts: this.#copiedTexts });
    }
    return {
      names: this.#names,
      values: this.#values,
      ids,
      startTimes: this.#startTimes.array(),
      shape: earlier !== undefined && isSameShape(this.#shape, earlier.shape) ? earlier.shape : this.#shape,
      numbers: this.numbers.array(),
      exemplars: this.#exemplars,
    };
  }
}

/** For each id of the label values that were copied last to these, the id of the same text here. It may be outdated. */
const idsByValues = new WeakMap<LabelValues, number[]>();

function idsHere(values: LabelValues): number[] {
  const known = idsByValues.get(values) ?? [];
  idsByValues.set(values, known);
  return known;
}

function canContinue(earlier: Block | undefined, names: readonly string[]): earlier is Block {
  if (earlier === undefined || !isSameNames(earlier.names, names)) return false;
  const most = 64 + MAX_VALUES_PER_ROW * earlier.startTimes.length;
  return earlier.values.every(({ texts }) => texts.length <= most);
}

function isSameLists(lists: CopiedRows['texts'], others: CopiedRows['texts']): boolean {
  return lists.every((list, index) => list === others[index]);
}

function copyOf({ labels, value, timestamp }: Exemplar): Exemplar {
  return { labels, value, timestamp };
}
