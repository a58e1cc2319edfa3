import type { Exemplar, HistogramValue, NativeBucketCounts, NativeHistogramValue } from '../model/family.ts';
import type { Labels } from '../model/labels.ts';
import { BucketFinder } from './buckets/bucket-finder.ts';
import { bucketBoundsOf, defaultBuckets } from './buckets/buckets.ts';
import { NativeBuckets } from './buckets/native-buckets.ts';
import { type NativeOptions, type NativeSettings, nativeOptionsOf } from './buckets/native-options.ts';
import type { Exemplars } from './exemplars/exemplars.ts';
import type { Details, MetricShape } from './metric-definition.ts';
import { NumberColumn, ObjectColumn } from './series/column.ts';
import type { SeriesTable } from './series/series-table.ts';

/**
 * The series of a histogram and the operations on them. A row holds the count of each bucket, the number of NaNs and the
 * sum. The total count is not stored, so that it is always the total of the buckets, also for a thread that reads the row
 * during an update.
 */
export class HistogramSeries implements Details {
  readonly upperBounds: readonly number[];
  readonly #name: string;
  readonly #table: SeriesTable;
  readonly #exemplars: Exemplars;
  readonly #finder: BucketFinder;
  readonly #values: NumberColumn;
  readonly #width: number;
  readonly #natives: NativeColumn | undefined;
  /** By row: exponential buckets of a histogram in another thread. */
  #followed: readonly (NativeHistogramValue | undefined)[] = [];
  readonly #view: HistogramView;
  /** Fast path: no expiry and no sampled exemplars. One check instead of two in a hot call. */
  readonly #isPlain: boolean;
  /** Fast path: no classic buckets. A positive value then needs no search. */
  readonly #isNativeAlone: boolean;

  constructor(
    name: string,
    table: SeriesTable,
    exemplars: Exemplars,
    { buckets, native }: { readonly buckets?: readonly number[]; readonly native?: NativeOptions },
  ) {
    this.upperBounds = bucketBoundsOf(buckets ?? (native === undefined ? defaultBuckets : []), name);
    this.#name = name;
    this.#table = table;
    this.#exemplars = exemplars;
    this.#finder = new BucketFinder(this.upperBounds);
    this.#width = this.upperBounds.length + 3;
    this.#values = table.addColumn(new NumberColumn(this.#width));
    this.#natives = native && table.addColumn(new NativeColumn(nativeOptionsOf(native, name)));
    this.#view = new HistogramView(this.upperBounds);
    this.#isNativeAlone = this.#natives !== undefined && this.upperBounds.length === 0;
    this.#isPlain = !table.tracksUse && !exemplars.isSampling;
  }

  get shape(): MetricShape {
    if (this.#natives === undefined) return { buckets: this.upperBounds };
    const { now, ...native } = this.#natives.settings;
    return { buckets: this.upperBounds, native };
  }

  get hasDetails(): boolean {
    return this.#natives !== undefined || !this.#exemplars.isEmpty;
  }

  detailOf(row: number): HistogramDetail {
    const { exemplars, native } = this.read(row);
    return { exemplars: exemplars && Array.from(exemplars), native: native && plainBuckets(native) };
  }

  followDetails(byRow: readonly unknown[]): void {
    const details = byRow as readonly (HistogramDetail | undefined)[]; // From detailOf() of another thread.
    this.#followed = details.map((detail) => detail?.native);
    const exemplars = details.map((detail) => detail?.exemplars);
    if (exemplars.some((list) => list !== undefined)) this.#exemplars.follow(exemplars);
  }

  observe(row: number, value: number, exemplarLabels?: Labels): void {
    if (typeof value !== 'number') throw new TypeError(`${this.#name}: observe() takes a number, got ${typeof value}.`);
    if (this.#natives !== undefined) this.#observeNative(this.#natives, row, value, 1);
    const { data } = this.#values;
    const base = row * this.#width;
    const end = base + this.#width;
    const bucket = this.#isNativeAlone && value > 0 ? 0 : this.#finder.find(value);
    data[bucket >= 0 ? base + bucket : end - 2]! += 1;
    data[end - 1]! += value;
    if (this.#isPlain && exemplarLabels === undefined) return;
    this.#table.touch(row);
    if (exemplarLabels !== undefined || this.#exemplars.isSampling) {
      this.#exemplify(row, bucket, value, exemplarLabels);
    }
  }

  observeMany(row: number, value: number, count: number): void {
    if (typeof value !== 'number' || typeof count !== 'number') {
      throw new TypeError(
        `${this.#name}: observeMany() takes two numbers, value and count, got ${typeof value} and ${typeof count}.`,
      );
    }
    if (!(Number.isSafeInteger(count) && count >= 0)) {
      throw new RangeError(
        `${this.#name}: the count of observeMany() must be a whole number of at least 0, got ${count}.`,
      );
    }
    if (count === 0) return;
    if (this.#natives !== undefined) this.#observeNative(this.#natives, row, value, count);
    const { data } = this.#values;
    const end = (row + 1) * this.#width;
    const bucket = this.#finder.find(value);
    data[bucket >= 0 ? end - this.#width + bucket : end - 2]! += count;
    data[end - 1]! += value * count;
    this.#table.touch(row);
  }

  /** Returns the value of a row, which is valid until the next call. */
  read(row: number): HistogramValue {
    const native = this.#followed[row] ?? this.#natives?.read(row);
    return this.#view.show(this.#values.data, row * this.#width, native, this.#exemplars, row);
  }

  /** Resets the series that have reduced their resolution and may be reset by now. */
  resetDue(): void {
    if (this.#natives === undefined || this.#natives.settings.minResetDurationMs === 0) return;
    for (const [row, native] of this.#natives.data.entries()) if (native?.resetIfDue()) this.#restart(row);
  }

  #observeNative(natives: NativeColumn, row: number, value: number, count: number): void {
    const buckets = natives.data[row] ?? natives.add(row);
    if (buckets.observe(value, count)) this.#restart(row);
  }

  /** Clears a row except for its native buckets, which have reset themselves. */
  #restart(row: number): void {
    const native = this.#natives?.data[row];
    this.#table.clear(row);
    if (this.#natives !== undefined) this.#natives.data[row] = native;
  }

  #exemplify(row: number, bucket: number, value: number, labels: Labels | undefined): void {
    if (bucket < 0) {
      if (labels !== undefined) this.#exemplars.drop();
      return;
    }
    const exemplar = this.#exemplars.record(row, bucket, value, labels);
    if (exemplar !== undefined) this.#natives?.data[row]?.addExemplar(exemplar);
  }
}

/** The exponential buckets of each row, created on first use. */
class NativeColumn extends ObjectColumn<NativeBuckets> {
  readonly settings: NativeSettings;

  constructor(settings: NativeSettings) {
    super();
    this.settings = settings;
  }

  add(row: number): NativeBuckets {
    const buckets = new NativeBuckets(this.settings);
    this.data[row] = buckets;
    return buckets;
  }

  /** Returns the buckets of a row, or empty ones. */
  read(row: number): NativeBuckets {
    return this.data[row] ?? new NativeBuckets(this.settings);
  }
}

/** Exemplars and exponential buckets of a series, as plain data. */
interface HistogramDetail {
  readonly exemplars: readonly (Exemplar | undefined)[] | undefined;
  readonly native: NativeHistogramValue | undefined;
}

function plainBuckets(value: NativeHistogramValue): NativeHistogramValue {
  const { schema, zeroThreshold, zeroCount, exemplars } = value;
  const side = ({ indexes, counts }: NativeBucketCounts) => ({ indexes, counts });
  const sides = { positive: side(value.positive), negative: side(value.negative) };
  return { schema, zeroThreshold, zeroCount, ...sides, exemplars: exemplars && [...exemplars] };
}

/** Shows one row after another as a histogram value. Reuses its objects so that encoding allocates nothing. */
class HistogramView implements HistogramValue {
  readonly upperBounds: readonly number[];
  readonly bucketCounts: Float64Array;
  exemplars: readonly (Exemplar | undefined)[] | undefined = undefined;
  count = 0;
  sum = 0;
  native: NativeHistogramValue | undefined = undefined;
  readonly #shown: (Exemplar | undefined)[] = [];

  constructor(upperBounds: readonly number[]) {
    this.upperBounds = upperBounds;
    this.bucketCounts = new Float64Array(upperBounds.length + 1);
  }

  show(
    data: Float64Array,
    base: number,
    native: NativeHistogramValue | undefined,
    exemplars: Exemplars,
    row: number,
  ): this {
    const buckets = this.bucketCounts.length;
    let count = data[base + buckets]!;
    for (let bucket = 0; bucket < buckets; bucket++) {
      const observed = data[base + bucket]!;
      this.bucketCounts[bucket] = observed;
      count += observed;
    }
    this.exemplars = exemplars.isEmpty ? undefined : this.#shown;
    if (!exemplars.isEmpty) {
      for (let bucket = 0; bucket < buckets; bucket++) this.#shown[bucket] = exemplars.read(row, bucket);
    }
    this.count = count;
    this.sum = data[base + buckets + 1]!;
    this.native = native;
    return this;
  }
}
