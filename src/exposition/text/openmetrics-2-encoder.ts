import type {
  Descriptor,
  Exemplar,
  HistogramValue,
  MetricType,
  NativeBucketCounts,
  NativeHistogramValue,
  Point,
  SummaryValue,
} from '../../model/family.ts';
import { openMetricsFloat } from '../../model/float-layout.ts';
import type { NumberRows } from '../../model/label-set.ts';
import { hasFractions, spansOf } from '../../model/native-spans.ts';
import { isCumulative } from '../../model/sample-names.ts';
import { checkNative } from '../../model/soundness.ts';
import type { ByteWriter } from '../bytes/byte-writer.ts';
import type { EncoderOptions, OmissionListener } from '../encoding/format.ts';
import { anyUnit } from '../encoding/shown-unit.ts';
import { LineEncoder } from './line-encoder.ts';
import {
  checkCounter,
  escapeQuoted,
  fitsOpenMetrics2,
  isOpenMetricsQuantile,
  writeExemplar,
  writeTime,
} from './text-syntax.ts';

/** OpenMetrics 2.0.0, release candidate 0: a histogram or summary is one line with a composite value. */
export class OpenMetrics2Encoder extends LineEncoder {
  #listener: OmissionListener;
  #type: MetricType = 'unknown';

  constructor(writer: ByteWriter, options: EncoderOptions = {}) {
    super(writer, openMetricsFloat);
    this.#listener = options;
  }

  override family({ name, help, type, unit }: Descriptor): void {
    if (name.includes('\n')) throw new RangeError('A name must not contain line feeds in OpenMetrics 2.0.');
    this.begin(name);
    // The names of infos must end in _info.
    this.#type = type === 'info' && !name.endsWith('_info') ? 'gauge' : type;
    this.help(name, help, escapeQuoted);
    this.comment('TYPE', name, this.#type);
    const shownUnit = anyUnit(name, this.#type, unit, this.#listener);
    if (shownUnit !== undefined) this.comment('UNIT', name, shownUnit);
  }

  override counter(point: Point, value: number, exemplar?: Exemplar): void {
    checkCounter(value);
    this.sample(this.plain, point, value, exemplar);
  }

  /** Counters are written as points, because their lines end in their start time. */
  override numbers(rows: NumberRows, first: number, end: number): boolean {
    return this.#type !== 'counter' && super.numbers(rows, first, end);
  }

  override histogram(point: Point, value: HistogramValue): void {
    const { count, sum, native, upperBounds, exemplars } = value;
    if (native !== undefined) checkNative(native, count, sum);
    this.start(this.plain, point.labels);
    this.#total(this.#type === 'gaugehistogram' ? 'g' : '', count, sum);
    if (native !== undefined) this.#native(native, hasFractions(native, count));
    if (native === undefined || upperBounds.length > 0) this.#classic(value);
    this.writer.ascii('}');
    this.#end(point, allExemplars(Array.from(exemplars ?? []), native?.exemplars ?? []));
  }

  /**
   * Count and sum are required and must be counters, or the summary is left out. Unlike in 1.0, quantiles must be in
   * order.
   */
  override summary(point: Point, { count, sum, quantiles }: SummaryValue): void {
    const { writer } = this;
    checkTotal(count, sum);
    this.start(this.plain, point.labels);
    this.#total('', count, sum);
    const pairs = quantiles.filter(isOpenMetricsQuantile).sort((a, b) => a.quantile - b.quantile);
    this.#list('quantile', pairs.length, (index) => {
      writer.number(pairs[index]!.quantile);
      writer.ascii(':');
      writer.number(pairs[index]!.value);
    });
    writer.ascii('}');
    this.#end(point, []);
    const omitted = quantiles.length - pairs.length;
    if (omitted > 0) this.#listener.onOmitted?.(omitted);
  }

  override end(): void {
    this.writer.ascii('# EOF\n');
    this.#listener = {}; // It may reference a request, and encoders are kept.
  }

  protected override endsWithValue({ timestamp, startTimestamp }: Point): boolean {
    return timestamp === undefined && startTimestamp === undefined;
  }

  protected override finish(point: Point, exemplar?: Exemplar): void {
    this.#end(point, [exemplar]);
  }

  protected override timestamp(seconds: number): void {
    writeTime(this.writer, ' ', seconds);
  }

  protected override exemplar(exemplar: Exemplar): void {
    if (fitsOpenMetrics2(exemplar)) writeExemplar(exemplar, this.writer);
  }

  /** Writes time, start time and exemplars, and ends the line. */
  #end({ timestamp, startTimestamp }: Point, exemplars: readonly (Exemplar | undefined)[]): void {
    const { writer } = this;
    if (timestamp !== undefined) this.timestamp(timestamp);
    if (startTimestamp !== undefined && isCumulative(this.#type)) writeTime(writer, ' st@', startTimestamp);
    for (const exemplar of exemplars) if (exemplar !== undefined) this.exemplar(exemplar);
    writer.ascii('\n');
  }

  #total(prefix: string, count: number, sum: number): void {
    const { writer } = this;
    writer.ascii(`{${prefix}count:`);
    writer.count(count);
    writer.ascii(`,${prefix}sum:`);
    writer.number(sum);
  }

  #classic({ upperBounds, bucketCounts, count }: HistogramValue): void {
    const { writer } = this;
    let cumulative = 0;
    this.#list('bucket', upperBounds.length + 1, (index) => {
      const isLast = index === upperBounds.length;
      cumulative = isLast ? count : cumulative + bucketCounts[index]!;
      writer.number(isLast ? Number.POSITIVE_INFINITY : upperBounds[index]!);
      writer.ascii(':');
      writer.count(cumulative);
    });
  }

  #native({ schema, zeroThreshold, zeroCount, negative, positive }: NativeHistogramValue, isFloat: boolean): void {
    const { writer } = this;
    writer.ascii(`,schema:${schema},zero_threshold:`);
    writer.number(zeroThreshold);
    writer.ascii(',zero_count:');
    writer.count(zeroCount);
    this.#side('negative', negative, isFloat);
    this.#side('positive', positive, isFloat);
  }

  /** Prometheus parses counts as integers, which must add up exactly, unless one of them looks like a float. */
  #side(side: 'negative' | 'positive', buckets: NativeBucketCounts, isFloat: boolean): void {
    const { writer } = this;
    const { offsets, lengths, counts } = spansOf(buckets);
    if (counts.length === 0) return;
    this.#list(`${side}_spans`, offsets.length, (index) => writer.ascii(`${offsets[index]}:${lengths[index]}`));
    this.#list(`${side}_buckets`, counts.length, (index) => {
      if (isFloat) writer.ascii(openMetricsFloat(counts[index]!));
      else writer.count(counts[index]!);
    });
  }

  /** Writes `,name:[item,item]`. */
  #list(name: string, length: number, writeItem: (index: number) => void): void {
    const { writer } = this;
    writer.ascii(`,${name}:[`);
    for (let index = 0; index < length; index++) {
      if (index > 0) writer.ascii(',');
      writeItem(index);
    }
    writer.ascii(']');
  }
}

function checkTotal(count: number, sum: number): void {
  if (!(Number.isInteger(count) && count >= 0)) {
    throw new RangeError(`The count of a summary must be an integer of at least 0 in OpenMetrics 2.0, got ${count}.`);
  }
  if (!(sum >= 0)) throw new RangeError(`The sum of a summary must be at least 0 in OpenMetrics 2.0, got ${sum}.`);
}

/** An exemplar of a classic bucket is usually one of the native histogram, too, and is shown once. */
function allExemplars(classic: readonly (Exemplar | undefined)[], native: readonly Exemplar[]) {
  if (classic.length === 0 || native.length === 0) return [...classic, ...native];
  const shown = new Set(classic.map((exemplar) => exemplar && textOf(exemplar)));
  return [...classic, ...native.filter((exemplar) => !shown.has(textOf(exemplar)))];
}

function textOf({ labels, value, timestamp }: Exemplar): string {
  return JSON.stringify([value, timestamp, ...Object.entries(labels).flat()].map(String));
}
