import type { DirectCollector } from '../../model/collector.ts';
import type { Encoder } from '../../model/encoder.ts';
import type { Descriptor, Exemplar, HistogramValue, Point, StateSetValue, SummaryValue } from '../../model/family.ts';
import type { ColumnBlock } from './column-block.ts';
import { UnionSeries } from './union-series.ts';

/** How the points of a worker count. */
interface AddOptions {
  /** Whether the worker has removed the series. */
  readonly isDeparted: boolean;
}

/**
 * A family of several workers. It is the encoder that takes the points of each worker and adds them up, and then the
 * collector that shows the result. Subclasses take the points of one type.
 */
export abstract class MergedFamily implements DirectCollector, Encoder {
  readonly descriptor: Descriptor;
  readonly #series: UnionSeries;
  /** For each series, 1 if a worker has it. */
  readonly #isShown: (0 | 1)[] = [];
  readonly #startTimes: number[] = [];
  #addsHidden = false;

  /** `series` may be shared with earlier merged families of this name. */
  constructor(descriptor: Descriptor, series = new UnionSeries()) {
    this.descriptor = descriptor;
    this.#series = series;
  }

  /** Number of series, with those that are not shown. */
  get rowCount(): number {
    return this.#series.size;
  }

  get isEmpty(): boolean {
    return !this.#isShown.includes(1);
  }

  /** Number of series that are shown. */
  get shownCount(): number {
    return this.#isShown.reduce((count: number, isShown) => count + (isShown ?? 0), 0);
  }

  /**
   * Adds rows [from, to) of a worker's metric. If they are `departed`, the worker has removed the series: it counts, but
   * is shown only if another worker has it.
   */
  add(metric: DirectCollector, from: number, to: number, { isDeparted }: AddOptions = { isDeparted: false }): void {
    this.#addsHidden = isDeparted;
    metric.encode(this, from, to);
  }

  /** Whether `addBlock()` can be used for all of these blocks: numbers alone make their values. */
  takesBlocks(_blocks: readonly ColumnBlock[]): boolean {
    return false;
  }

  /** Like `add()`, for rows that are available as arrays. */
  addBlock(block: ColumnBlock, from: number, to: number, { isDeparted }: AddOptions): void {
    const rows = this.#series.rowsOf(block, to);
    for (let at = from; at < to; at++) {
      const row = rows[at]!;
      if (!isDeparted) this.#isShown[row] = 1;
      else this.#isShown[row] ??= 0;
      const start = block.startTimes[at]!;
      if (start < (this.#startTimes[row] ?? Number.POSITIVE_INFINITY)) this.#startTimes[row] = start;
    }
    this.addNumbers(block, rows, from, to);
  }

  encode(encoder: Encoder, from: number, to: number): void {
    for (let row = from; row < to; row++) {
      if (this.#isShown[row] !== 1) continue;
      const startTimestamp = this.#startTimes[row];
      this.encodeRow(encoder, { labels: this.#series.labelsOf(row), timestamp: undefined, startTimestamp }, row);
    }
  }

  pin(): void {}
  unpin(): void {}

  family(): void {}
  counter(_point: Point, _value: number, _exemplar?: Exemplar): void {}
  gauge(_point: Point, _value: number): void {}
  unknown(_point: Point, _value: number): void {}
  histogram(_point: Point, _value: HistogramValue): void {}
  summary(_point: Point, _value: SummaryValue): void {}
  info(_point: Point): void {}
  stateSet(_point: Point, _value: StateSetValue): void {}

  /** Returns the row of a point and notes its start time: the earliest counts. */
  protected rowOf({ labels, startTimestamp }: Point): number {
    const row = this.#series.rowOf(labels);
    if (!this.#addsHidden) this.#isShown[row] = 1;
    else this.#isShown[row] ??= 0;
    if (startTimestamp !== undefined && !(startTimestamp >= (this.#startTimes[row] ?? Number.POSITIVE_INFINITY))) {
      this.#startTimes[row] = startTimestamp;
    }
    return row;
  }

  /** Adds the numbers of rows [from, to) of a block to these rows. Called only if `takesBlocks()` is true. */
  protected addNumbers(_block: ColumnBlock, _rows: Int32Array, _from: number, _to: number): void {}

  protected abstract encodeRow(encoder: Encoder, point: Point, row: number): void;
}
