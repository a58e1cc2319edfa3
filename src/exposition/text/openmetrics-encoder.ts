import type { Descriptor, Exemplar, HistogramValue, MetricType, Point, SummaryValue } from '../../model/family.ts';
import { openMetricsFloat } from '../../model/float-layout.ts';
import type { NumberRows } from '../../model/label-set.ts';
import {
  openMetricsName,
  ReservedNames,
  type SamplePart,
  sampleNames,
  sampleSuffixes,
  valueSuffix,
} from '../../model/sample-names.ts';
import type { ByteWriter } from '../bytes/byte-writer.ts';
import { isShownTime } from '../bytes/number-text.ts';
import type { EncoderOptions, OmissionListener } from '../encoding/format.ts';
import { suffixUnit } from '../encoding/shown-unit.ts';
import { LineEncoder } from './line-encoder.ts';
import {
  checkCounter,
  escapeQuoted,
  fitsOpenMetrics,
  isOpenMetricsQuantile,
  writeExemplar,
  writeTime,
} from './text-syntax.ts';

/** OpenMetrics 1.0.0. Leaves out everything that the specification forbids, even if servers accept it. */
export class OpenMetricsEncoder extends LineEncoder {
  readonly #createdLines: boolean;
  #listener: OmissionListener;
  readonly #reserved = new ReservedNames();
  #type: MetricType = 'unknown';
  /** Whether the last UNIT line was not empty. */
  #isAfterUnit = false;
  #bucket = this.plain;
  #sum = this.plain;
  #count = this.plain;
  #created = this.plain;

  constructor(writer: ByteWriter, options: EncoderOptions = {}) {
    super(writer, openMetricsFloat);
    this.#createdLines = options.createdLines ?? false;
    this.#listener = options;
  }

  override family(descriptor: Descriptor): void {
    const { name, help, unit } = descriptor;
    const { type, base } = this.#take(descriptor);
    this.#type = type;
    this.begin(name);
    for (const [suffix, part] of sampleSuffixes(type, 'openMetrics')) this.#setName(part, base + suffix);
    this.help(base, help, escapeQuoted);
    this.comment('TYPE', base, type);
    // An empty UNIT line, which counts as none (OpenMetrics: MetricFamily metadata), after a family with a unit. Without it,
    // Prometheus 3.5 to 3.16 with `type-and-unit-labels` stores this family with the unit of the other.
    const shownUnit = suffixUnit(base, type, unit, this.#listener);
    if (shownUnit !== undefined || this.#isAfterUnit) this.comment('UNIT', base, shownUnit ?? '');
    this.#isAfterUnit = shownUnit !== undefined;
  }

  /** A counter must not be negative or NaN. Without `_total` in its name it is of unknown type, and has no exemplar. */
  override counter(point: Point, value: number, exemplar?: Exemplar): void {
    if (this.#type !== 'counter') {
      this.sample(this.plain, point, value);
      return;
    }
    checkCounter(value);
    this.sample(this.plain, point, value, exemplar);
    this.created(point);
  }

  override numbers(rows: NumberRows, first: number, end: number): boolean {
    const isPlain = this.#type !== 'counter' || (!this.#createdLines && areAllPositive(rows.numbers, first, end));
    return isPlain && super.numbers(rows, first, end);
  }

  /** Sum and count are written together, or not at all if the sum cannot be a counter. */
  override histogram(point: Point, value: HistogramValue): void {
    checkCounts(value);
    this.buckets(this.#bucket, point, value);
    const { hasSum = true, hasCount = true } = value;
    const isShown = hasSum && hasCount && canShowSum(value, this.#type);
    if (isShown) {
      this.sample(this.#sum, point, value.sum);
      this.count(this.#count, point, value.count);
    }
    if (this.#type === 'histogram') this.created(point);
    const omitted = isShown ? 0 : Number(hasSum) + Number(hasCount);
    if (omitted > 0) this.#listener.onOmitted?.(omitted);
  }

  override summary(point: Point, value: SummaryValue): void {
    const { hasSum = true, hasCount = true } = value;
    if (hasCount) checkCount(value.count);
    const quantiles = value.quantiles.filter(isOpenMetricsQuantile);
    this.quantiles(point, { ...value, quantiles });
    if (value.sum >= 0) this.sample(this.#sum, point, value.sum);
    if (hasCount) this.count(this.#count, point, value.count);
    this.created(point);
    const omitted = value.quantiles.length - quantiles.length + (hasSum && !(value.sum >= 0) ? 1 : 0);
    if (omitted > 0) this.#listener.onOmitted?.(omitted);
  }

  override end(): void {
    this.writer.ascii('# EOF\n');
    this.#listener = {}; // It may reference a request, and encoders are kept.
  }

  /** Sets the name of a part. The value is named like the family. */
  #setName(part: SamplePart, name: string): void {
    if (part === 'bucket') this.#bucket = this.sampleName(name);
    else if (part === 'sum') this.#sum = this.sampleName(name);
    else if (part === 'count') this.#count = this.sampleName(name);
    else if (part === 'created' && this.#createdLines) this.#created = this.sampleName(name);
  }

  /** Writes the `_created` line if it is enabled and the start time is known. */
  protected created(point: Point): void {
    if (!this.#createdLines || point.startTimestamp === undefined || !isShownTime(point.startTimestamp)) return;
    this.start(this.#created, point.labels);
    this.writer.seconds(point.startTimestamp);
    this.finish(point);
  }

  protected override timestamp(seconds: number): void {
    writeTime(this.writer, ' ', seconds);
  }

  protected override exemplar(exemplar: Exemplar): void {
    if (fitsOpenMetrics(exemplar)) writeExemplar(exemplar, this.writer);
  }

  /**
   * Returns the type that the family is shown as, and its name without suffix. If that name is taken, counters and
   * infos are shown under their full name and as another type.
   */
  #take(descriptor: Descriptor): { type: MetricType; base: string } {
    const { name, type } = descriptor;
    const base = openMetricsName(descriptor);
    const shown = base === undefined ? fallbackType(type) : type;
    const taken = this.#reserved.reserve(name, sampleNames(base ?? name, shown, 'openMetrics'));
    if (taken === undefined) return { type: shown, base: base ?? name };
    const hasFallback = valueSuffix(shown) !== '' && this.#reserved.reserve(name, [name]) === undefined;
    if (hasFallback) return { type: fallbackType(shown), base: name };
    throw new Error(`The name ${taken.name} is already taken in OpenMetrics. Give each metric a unique name.`);
  }
}

function areAllPositive(numbers: Float64Array, first: number, end: number): boolean {
  for (let row = first; row < end; row++) if (!(numbers[row]! >= 0)) return false;
  return true;
}

function fallbackType(type: MetricType): MetricType {
  return type === 'info' ? 'gauge' : 'unknown';
}

function checkCounts({ bucketCounts, count }: HistogramValue): void {
  for (let index = 0; index < bucketCounts.length; index++) checkCount(bucketCounts[index]!);
  checkCount(count);
}

function checkCount(count: number): void {
  if (Number.isInteger(count) && count >= 0) return;
  throw new RangeError(`A count must be an integer of at least 0 in OpenMetrics, got ${count}.`);
}

function canShowSum({ upperBounds, sum }: HistogramValue, type: MetricType): boolean {
  const hasNegativeBuckets = upperBounds.length > 0 && upperBounds[0]! < 0;
  if (type === 'gaugehistogram') return hasNegativeBuckets ? !Number.isNaN(sum) : sum >= 0;
  return !hasNegativeBuckets && sum >= 0;
}
