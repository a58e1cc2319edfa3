import type { Encoder } from '../../../model/encoder.ts';
import type {
  Descriptor,
  Exemplar,
  HistogramValue,
  Point,
  StateSetValue,
  SummaryValue,
} from '../../../model/family.ts';
import type { NumberRows } from '../../../model/label-set.ts';
import { isSameNames } from '../../../model/labels.ts';
import { BlockDraft } from './block-draft.ts';
import { FamilyColumns, type Shape } from './family-columns.ts';
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

  /** Copies rows that are numbers as they are stored: most of them have the same labels as in the earlier copy. */
  numbers(rows: NumberRows, first: number, end: number): boolean {
    const descriptor = this.#descriptor;
    if (descriptor === undefined || descriptor.acrossWorkers?.endsWith('ostRecent')) return false; // They have set times.
    this.#blockFor(rows.names, PLAIN).pushRows(rows, first, end);
    return true;
  }

  counter(point: Point, value: number, exemplar?: Exemplar): void {
    const block = this.#rowFor(point, PLAIN);
    block.numbers.push(value);
    if (exemplar !== undefined) block.exemplify([exemplar], []);
  }

  gauge(point: Point, value: number): void {
    const { setTimestamp } = point;
    const block = this.#rowFor(point, setTimestamp === undefined ? PLAIN : WITH_SET_TIMES);
    block.numbers.push(value);
    if (setTimestamp !== undefined) block.numbers.push(setTimestamp);
  }

  unknown(point: Point, value: number): void {
    this.#rowFor(point, PLAIN).numbers.push(value);
  }

  histogram(point: Point, { upperBounds, bucketCounts, count, sum, exemplars, native }: HistogramValue): void {
    const block = this.#rowFor(point, this.#shapeWith(upperBounds, native !== undefined));
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
    const block = this.#rowFor(point, this.#shapeWith(bounds, false));
    block.numbers.push(count);
    block.numbers.push(sum);
    for (const { value } of quantiles) block.numbers.push(value);
  }

  info(point: Point): void {
    this.#rowFor(point, PLAIN);
  }

  stateSet(point: Point, { states, enabled }: StateSetValue): void {
    const { setTimestamp } = point;
    const hasSetTimes = setTimestamp !== undefined;
    const isKnown = hasSetTimes === this.#shape.hasSetTimes && isSameNames(states, this.#shape.states);
    if (!isKnown) this.#shape = { ...PLAIN, states: [...states], hasSetTimes };
    const block = this.#rowFor(point, this.#shape);
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

  #rowFor(point: Point, shape: Shape): BlockDraft {
    const block = this.#blockFor(point.labels.names, shape);
    block.push(point);
    return block;
  }

  #blockFor(names: readonly string[], shape: Shape): BlockDraft {
    if (this.#block?.fits(names, shape)) return this.#block;
    const earlier = this.#earlier.get(this.#descriptor?.name ?? '')?.blocks[this.#blocks.length];
    this.#block = new BlockDraft(names, shape, earlier);
    this.#blocks.push(this.#block);
    return this.#block;
  }
}
