import type { DirectCollector } from '../../model/collector.ts';
import type { Encoder } from '../../model/encoder.ts';
import type { Exemplar, HistogramValue, Point, SummaryValue } from '../../model/family.ts';
import type { ColumnBlock } from './column-block.ts';
import { newest } from './exemplars.ts';
import { MergedFamily } from './merged-family.ts';
import { NativeSum } from './native-sum.ts';
import { isSameNumbers } from './same-numbers.ts';

/** The sums of histograms with the same buckets, and of gauge histograms. */
export class MergedHistogram extends MergedFamily {
  readonly #sums: HistogramSum[] = [];
  #upperBounds: readonly number[] | undefined = undefined;
  #isFirstRow = false;

  override add(metric: DirectCollector, from: number, to: number, options?: { readonly isDeparted: boolean }): void {
    this.#isFirstRow = from === 0;
    super.add(metric, from, to, options);
  }

  /** Throws an Error if the series has other buckets in another worker. */
  override histogram(point: Point, value: HistogramValue): void {
    // A worker with other buckets is refused before any of its series counts: otherwise, a series that only this worker
    // has would be shown until another worker has it too.
    if (this.#isFirstRow) checkSameBounds(value.upperBounds, this.#upperBounds ?? value.upperBounds);
    this.#upperBounds ??= value.upperBounds;
    this.#isFirstRow = false;
    const row = this.rowOf(point);
    const sum = this.#sums[row] ?? new HistogramSum(value.upperBounds);
    this.#sums[row] = sum;
    sum.add(value);
  }

  override takesBlocks(blocks: readonly ColumnBlock[]): boolean {
    this.#upperBounds ??= blocks[0]?.shape.bounds;
    return blocks.every(
      ({ exemplars, shape: { bounds, isNative } }) =>
        exemplars.size === 0 && !isNative && isSameNumbers(bounds, this.#upperBounds ?? bounds),
    );
  }

  /** Each row has the counts of its buckets, its count and its sum. */
  protected override addNumbers({ numbers, shape }: ColumnBlock, rows: Int32Array, from: number, to: number): void {
    const buckets = shape.bounds.length + 1;
    for (let at = from; at < to; at++) {
      const row = rows[at]!;
      const sum = this.#sums[row] ?? new HistogramSum(shape.bounds);
      this.#sums[row] = sum;
      sum.addNumbers(numbers, at * (buckets + 2), buckets);
    }
  }

  protected override encodeRow(encoder: Encoder, point: Point, row: number): void {
    const sum = this.#sums[row];
    if (sum !== undefined) encoder.histogram(point, sum);
  }
}

class HistogramSum implements HistogramValue {
  readonly upperBounds: readonly number[];
  readonly bucketCounts: Float64Array;
  count = 0;
  sum = 0;
  exemplars: (Exemplar | undefined)[] | undefined = undefined;
  native: NativeSum | undefined = undefined;

  constructor(upperBounds: readonly number[]) {
    this.upperBounds = upperBounds;
    this.bucketCounts = new Float64Array(upperBounds.length + 1);
  }

  add({ upperBounds, bucketCounts, count, sum, exemplars, native }: HistogramValue): void {
    checkSameBounds(upperBounds, this.upperBounds);
    for (let index = 0; index < bucketCounts.length; index++) this.bucketCounts[index]! += bucketCounts[index]!;
    this.count += count;
    this.sum += sum;
    if (exemplars !== undefined) this.#addExemplars(exemplars);
    if (native === undefined) return;
    this.native ??= new NativeSum();
    this.native.add(native);
  }

  /** Adds a number for each bucket, then the count and the sum, that begin at `at`. */
  addNumbers(numbers: Float64Array, at: number, buckets: number): void {
    for (let index = 0; index < buckets; index++) this.bucketCounts[index]! += numbers[at + index]!;
    this.count += numbers[at + buckets]!;
    this.sum += numbers[at + buckets + 1]!;
  }

  #addExemplars(exemplars: ArrayLike<Exemplar | undefined>): void {
    this.exemplars ??= [];
    for (let bucket = 0; bucket < exemplars.length; bucket++) {
      this.exemplars[bucket] = newest(this.exemplars[bucket], exemplars[bucket]);
    }
  }
}

function checkSameBounds(upperBounds: readonly number[], known: readonly number[]): void {
  if (isSameNumbers(upperBounds, known)) return;
  throw new Error(
    `its buckets must be the same in all workers, up to ${known.join(', ')}, got ${upperBounds.join(', ')}.`,
  );
}

/** The sums of summaries. Quantiles of several workers cannot be combined, so they are left out. */
export class MergedSummary extends MergedFamily {
  readonly #counts: number[] = [];
  readonly #sums: number[] = [];
  /** Whether a worker has quantiles. */
  hasQuantiles = false;

  override summary(point: Point, { count, sum, quantiles }: SummaryValue): void {
    const row = this.rowOf(point);
    this.#counts[row] = (this.#counts[row] ?? 0) + count;
    this.#sums[row] = (this.#sums[row] ?? 0) + sum;
    if (quantiles.length > 0) this.hasQuantiles = true;
  }

  protected override encodeRow(encoder: Encoder, point: Point, row: number): void {
    encoder.summary(point, { count: this.#counts[row] ?? 0, sum: this.#sums[row] ?? 0, quantiles: [] });
  }
}
