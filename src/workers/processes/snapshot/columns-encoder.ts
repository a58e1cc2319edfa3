import type { Encoder } from '../../../model/encoder.ts';
import type {
  Descriptor,
  Exemplar,
  HistogramValue,
  Point,
  StateSetValue,
  SummaryValue,
} from '../../../model/family.ts';
import { LabelValues } from '../../../model/label-values.ts';
import { isSameNames } from '../../../model/labels.ts';
import { type Block, FamilyColumns, isSameShape, type RowExemplars, type Shape } from './family-columns.ts';
import { pushNative } from './native-numbers.ts';

const PLAIN: Shape = { bounds: [], states: [], isNative: false, hasSetTimes: false };
const WITH_SET_TIMES: Shape = { ...PLAIN, hasSetTimes: true };

/**
 * Copies families to columns. Ids of label values are those of an earlier copy where possible, so that copies with the
 * same series are recognised by their ids.
 */
export class ColumnsEncoder implements Encoder {
  readonly families = new Map<string, FamilyColumns>();
  /** Families that could not be read to their end. */
  readonly problems: unknown[] = [];
  readonly #earlier: ReadonlyMap<string, FamilyColumns>;
  #descriptor: Descriptor | undefined = undefined;
  #blocks: BlockDraft[] = [];
  #block: BlockDraft | undefined = undefined;
  #shape: Shape = PLAIN;

  constructor(earlier: ReadonlyMap<string, FamilyColumns>) {
    this.#earlier = earlier;
  }

  family(descriptor: Descriptor): void {
    this.end();
    this.#descriptor = descriptor;
    this.#blocks = [];
    this.#block = undefined;
    this.#shape = PLAIN;
  }

  counter(point: Point, value: number, exemplar?: Exemplar): void {
    const block = this.#blockFor(point, PLAIN);
    block.numbers.push(value);
    if (exemplar !== undefined) block.exemplify([exemplar], []);
  }

  gauge(point: Point, value: number): void {
    const { setTimestamp } = point;
    const block = this.#blockFor(point, setTimestamp === undefined ? PLAIN : WITH_SET_TIMES);
    block.numbers.push(value);
    if (setTimestamp !== undefined) block.numbers.push(setTimestamp);
  }

  unknown(point: Point, value: number): void {
    this.#blockFor(point, PLAIN).numbers.push(value);
  }

  histogram(point: Point, { upperBounds, bucketCounts, count, sum, exemplars, native }: HistogramValue): void {
    const block = this.#blockFor(point, this.#shapeWith(upperBounds, native !== undefined));
    for (let index = 0; index < bucketCounts.length; index++) block.numbers.push(bucketCounts[index]!);
    block.numbers.push(count);
    block.numbers.push(sum);
    if (native !== undefined) pushNative(block.natives, native);
    if (exemplars !== undefined || native?.exemplars !== undefined) {
      block.exemplify(exemplars ?? [], native?.exemplars ?? []);
    }
  }

  summary(point: Point, { count, sum, quantiles }: SummaryValue): void {
    const bounds = quantiles.map(({ quantile }) => quantile);
    const block = this.#blockFor(point, this.#shapeWith(bounds, false));
    block.numbers.push(count);
    block.numbers.push(sum);
    for (const { value } of quantiles) block.numbers.push(value);
  }

  info(point: Point): void {
    this.#blockFor(point, PLAIN);
  }

  stateSet(point: Point, { states, enabled }: StateSetValue): void {
    const { setTimestamp } = point;
    const hasSetTimes = setTimestamp !== undefined;
    const isKnown = hasSetTimes === this.#shape.hasSetTimes && isSameNames(states, this.#shape.states);
    if (!isKnown) this.#shape = { ...PLAIN, states: [...states], hasSetTimes };
    const block = this.#blockFor(point, this.#shape);
    for (let index = 0; index < states.length; index++) block.numbers.push(Number(enabled[index]));
    if (hasSetTimes) block.numbers.push(setTimestamp);
  }

  failed(_descriptor: Descriptor, problem: unknown): void {
    this.problems.push(problem);
  }

  /** Completes the last family. */
  end(): void {
    if (this.#descriptor === undefined) return;
    const { name } = this.#descriptor;
    this.families.set(
      name,
      new FamilyColumns(
        this.#descriptor,
        this.#blocks.map((draft) => draft.block()),
      ),
    );
    this.#descriptor = undefined;
  }

  /** Returns the same shape for the same bounds, so that it need not be compared for each point. */
  #shapeWith(bounds: readonly number[], isNative: boolean): Shape {
    const shape = this.#shape;
    if (shape.bounds === bounds && shape.isNative === isNative) return shape;
    this.#shape = { ...PLAIN, bounds, isNative };
    return this.#shape;
  }

  #blockFor(point: Point, shape: Shape): BlockDraft {
    const block = this.#block?.fits(point.labels.names, shape) ? this.#block : this.#begin(point, shape);
    block.push(point);
    return block;
  }

  #begin({ labels }: Point, shape: Shape): BlockDraft {
    const earlier = this.#earlier.get(this.#descriptor?.name ?? '')?.blocks[this.#blocks.length];
    this.#block = new BlockDraft(labels.names, shape, earlier);
    this.#blocks.push(this.#block);
    return this.#block;
  }
}

/** With more label values per row, most are not used any more. */
const MAX_VALUES_PER_ROW = 2;

class BlockDraft {
  readonly numbers: Numbers<Float64Array>;
  readonly natives: number[] = [];
  readonly #exemplars = new Map<number, RowExemplars>();
  readonly #names: readonly string[];
  /** The names of the latest point: usually the same array for all. */
  #latestNames: readonly string[];
  readonly #shape: Shape;
  readonly #earlier: Block | undefined;
  readonly #values: readonly LabelValues[];
  readonly #ids: Numbers<Int32Array>;
  readonly #startTimes: Numbers<Float64Array>;
  /** The label values of the latest point, and for each of their ids, probably the id of the same text here. */
  #source: readonly LabelValues[] | undefined = undefined;
  #sourceIds: readonly number[][] = [];

  constructor(names: readonly string[], shape: Shape, earlier: Block | undefined) {
    this.#earlier = canContinue(earlier, names) ? earlier : undefined;
    this.#names = this.#earlier?.names ?? [...names];
    this.#latestNames = names;
    this.#shape = { ...shape, bounds: [...shape.bounds] };
    this.#values = this.#earlier?.values ?? names.map(() => new LabelValues());
    this.numbers = new Numbers((length) => new Float64Array(length), this.#earlier?.numbers);
    this.#ids = new Numbers((length) => new Int32Array(length), this.#earlier?.ids);
    this.#startTimes = new Numbers((length) => new Float64Array(length), this.#earlier?.startTimes);
  }

  fits(names: readonly string[], shape: Shape): boolean {
    if (names !== this.#latestNames) {
      if (!isSameNames(names, this.#names)) return false;
      this.#latestNames = names;
    }
    return isSameShape(shape, this.#shape);
  }

  push({ labels: { values, ids }, startTimestamp = Number.NaN }: Point): void {
    if (values !== this.#source) {
      this.#source = values;
      this.#sourceIds = this.#values.map(idsHere);
    }
    for (let index = 0; index < ids.length; index++) {
      const known = this.#sourceIds[index]!;
      const id = ids[index]!;
      const text = values[index]!.texts[id]!;
      const own = this.#values[index]!;
      if (own.texts[known[id] ?? -1] !== text) known[id] = own.intern(text);
      this.#ids.push(known[id]!);
    }
    this.#startTimes.push(startTimestamp);
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
    return {
      names: this.#names,
      values: this.#values,
      ids: this.#ids.array(),
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

/** A typed array that grows. It allocates nothing as long as it has the same numbers as an earlier one. */
class Numbers<A extends Float64Array | Int32Array> {
  length = 0;
  readonly #make: (length: number) => A;
  #array: A;
  #isEarlier: boolean;

  constructor(make: (length: number) => A, earlier: A | undefined) {
    this.#make = make;
    this.#isEarlier = earlier !== undefined;
    this.#array = earlier ?? make(16);
  }

  push(number: number): void {
    if (this.#isEarlier) {
      if (Object.is(number, this.#array[this.length])) {
        this.length++;
        return;
      }
      this.#copy(this.#array.length);
    }
    if (this.length === this.#array.length) this.#copy(2 * this.#array.length + 16);
    this.#array[this.length++] = number;
  }

  /** Returns an array of exactly this length. */
  array(): A {
    if (this.length < this.#array.length) this.#copy(this.length);
    return this.#array;
  }

  #copy(length: number): void {
    const copy = this.#make(length);
    copy.set(this.#array.subarray(0, this.length));
    this.#array = copy;
    this.#isEarlier = false;
  }
}

function canContinue(earlier: Block | undefined, names: readonly string[]): earlier is Block {
  if (earlier === undefined || !isSameNames(earlier.names, names)) return false;
  const most = 64 + MAX_VALUES_PER_ROW * earlier.startTimes.length;
  return earlier.values.every(({ texts }) => texts.length <= most);
}

function copyOf({ labels, value, timestamp }: Exemplar): Exemplar {
  return { labels, value, timestamp };
}
