import type { Encoder } from '../../model/encoder.ts';
import type { Descriptor, Exemplar, Point } from '../../model/family.ts';
import type { ColumnBlock } from './column-block.ts';
import { newest } from './exemplars.ts';
import { MergedFamily } from './merged-family.ts';
import type { UnionSeries } from './union-series.ts';

/** The sums of counters. */
export class MergedCounter extends MergedFamily {
  readonly #sums: number[] = [];
  readonly #exemplars: (Exemplar | undefined)[] = [];

  override counter(point: Point, value: number, exemplar?: Exemplar): void {
    const row = this.rowOf(point);
    this.#sums[row] = (this.#sums[row] ?? 0) + value;
    if (exemplar !== undefined) this.#exemplars[row] = newest(this.#exemplars[row], exemplar);
  }

  override takesBlocks(blocks: readonly ColumnBlock[]): boolean {
    return blocks.every(({ exemplars }) => exemplars.size === 0);
  }

  protected override addNumbers({ numbers }: ColumnBlock, rows: Int32Array, from: number, to: number): void {
    for (let at = from; at < to; at++) {
      const row = rows[at]!;
      this.#sums[row] = (this.#sums[row] ?? 0) + numbers[at]!;
    }
  }

  protected override encodeRow(encoder: Encoder, point: Point, row: number): void {
    encoder.counter(point, this.#sums[row] ?? 0, this.#exemplars[row]);
  }
}

/** How the values of several workers become one. */
export type GaugeMode = 'sum' | 'min' | 'max' | 'mean' | 'mostRecent';

/** Gauges of which one value is shown for all workers. */
export class MergedGauge extends MergedFamily {
  readonly #mode: GaugeMode;
  readonly #values: number[] = [];
  /** For `mean`, the number of values; for `mostRecent`, when the value was set. */
  readonly #weights: number[] = [];

  constructor(descriptor: Descriptor, mode: GaugeMode, series?: UnionSeries) {
    super(descriptor, series);
    this.#mode = mode;
  }

  override gauge(point: Point, value: number): void {
    const row = this.rowOf(point);
    const weight = this.#mode === 'mostRecent' ? (point.setTimestamp ?? 0) : 1;
    const known = this.#values[row];
    const knownWeight = this.#weights[row] ?? 0;
    if (known === undefined) {
      this.#values[row] = value;
      this.#weights[row] = weight;
    } else if (this.#mode === 'mostRecent') {
      if (weight <= knownWeight) return;
      this.#values[row] = value;
      this.#weights[row] = weight;
    } else {
      this.#values[row] = combine(this.#mode, known, value);
      this.#weights[row] = knownWeight + weight;
    }
  }

  protected override encodeRow(encoder: Encoder, point: Point, row: number): void {
    const value = this.#values[row] ?? 0;
    const weight = this.#weights[row]!;
    if (this.#mode === 'mostRecent') encoder.gauge({ ...point, setTimestamp: weight }, value);
    else encoder.gauge(point, this.#mode === 'mean' ? value / weight : value);
  }
}

function combine(mode: Exclude<GaugeMode, 'mostRecent'>, one: number, other: number): number {
  if (mode === 'sum' || mode === 'mean') return one + other;
  // NaN means that a worker has no value, such as a peak without observations.
  if (Number.isNaN(one)) return other;
  if (Number.isNaN(other)) return one;
  return mode === 'min' ? Math.min(one, other) : Math.max(one, other);
}

/** The union of infos. */
export class MergedInfo extends MergedFamily {
  override info(point: Point): void {
    this.rowOf(point);
  }

  protected override encodeRow(encoder: Encoder, point: Point): void {
    encoder.info(point);
  }
}
