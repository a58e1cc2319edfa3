/** Converts families to the series that a server stores, independently of our encoders. */
import type {
  Exemplar,
  HistogramValue,
  MetricFamily,
  NativeBucketCounts,
  Sample,
  SummaryValue,
} from '../../src/model/family.ts';
import type { FormatName, Pair, StoredExemplar, StoredHistogram, StoredSeries } from './oracle.ts';

export interface OurSeries extends StoredSeries {
  /** The family's type and name; undefined for types that have no start time. */
  readonly startFamily: string | undefined;
  /** Whether it is part of a histogram. */
  readonly isPart: boolean;
}

/** All float series of the families, as if native buckets were not scraped. */
export function seriesOf(families: readonly MetricFamily[], format: FormatName): OurSeries[] {
  return families.flatMap((family) => [...new Flattened(family, format).series()]);
}

/** All native histograms of the families. */
export function histogramsOf(families: readonly MetricFamily[], format: FormatName): StoredHistogram[] {
  return families.flatMap((family) => [...new Flattened(family, format).histograms()]);
}

class Flattened {
  readonly #family: MetricFamily;
  readonly #format: FormatName;
  readonly #created = new Set<string>();

  constructor(family: MetricFamily, format: FormatName) {
    this.#family = family;
    this.#format = format;
  }

  *series(): Iterable<OurSeries> {
    const { name, points } = this.#family;
    for (const point of points as Iterable<Sample>) {
      const { value } = point;
      if (typeof value === 'number') yield this.#line(name, point, value, undefined, exemplarsOf(point));
      else if ('states' in value) {
        for (const [index, state] of value.states.entries()) {
          yield this.#line(name, point, Number(value.enabled[index]), [name, state]);
        }
      } else if ('quantiles' in value) yield* this.#summary(point, value);
      else yield* this.#histogram(point, value);
      if (this.#stem() !== undefined) yield* this.#createdLine(point);
    }
  }

  *histograms(): Iterable<StoredHistogram> {
    const { name, type, points } = this.#family;
    if (type !== 'histogram' && type !== 'gaugehistogram') return;
    for (const point of points) {
      const { count, sum, native, exemplars } = point.value;
      if (native === undefined) continue;
      const { schema, zeroThreshold, zeroCount, positive, negative } = native;
      const all = point.exemplars ?? native.exemplars ?? [...Array.from(exemplars ?? [])];
      const timed = all.filter((one) => one?.timestamp !== undefined);
      const {
        value: _,
        startFamily: __,
        isPart: ___,
        ...line
      } = this.#line(name, point, 0, undefined, timed as Exemplar[]);
      yield {
        ...line,
        schema,
        count: numberText(count),
        sum: numberText(sum),
        zeroThreshold: numberText(zeroThreshold),
        zeroCount: numberText(zeroCount),
        positive: bucketsOf(positive),
        negative: bucketsOf(negative),
      };
    }
  }

  *#summary(point: Sample, { count, sum, quantiles, hasCount, hasSum }: SummaryValue): Iterable<OurSeries> {
    const { name } = this.#family;
    for (const { quantile, value } of quantiles)
      yield this.#line(name, point, value, ['quantile', boundText(quantile)]);
    if (hasSum !== false) yield this.#line(`${name}_sum`, point, sum);
    if (hasCount !== false) yield this.#line(`${name}_count`, point, count);
  }

  *#histogram(point: Sample, value: HistogramValue): Iterable<OurSeries> {
    const { name, type } = this.#family;
    const { count, sum, hasCount, hasSum } = value;
    const g = type === 'gaugehistogram' && this.#format !== 'protobuf' ? 'g' : '';
    let cumulative = 0;
    for (const [index, bound] of [...value.upperBounds, Number.POSITIVE_INFINITY].entries()) {
      cumulative = bound === Number.POSITIVE_INFINITY ? count : cumulative + value.bucketCounts[index]!;
      yield this.#line(
        `${name}_bucket`,
        point,
        cumulative,
        ['le', boundText(bound)],
        this.#bucketExemplars(point, index),
      );
    }
    if (hasSum !== false) yield this.#line(`${name}_${g}sum`, point, sum);
    if (hasCount !== false) yield this.#line(`${name}_${g}count`, point, count);
  }

  /** A line with more than one exemplar per bucket has all exemplars beside its value. */
  #bucketExemplars({ exemplars, value }: Sample, bucket: number): readonly Exemplar[] {
    const { upperBounds, exemplars: placed, native } = value as HistogramValue; // Called for histograms only.
    const all =
      exemplars ?? (upperBounds.length === 0 && this.#format === 'openmetrics2' ? native?.exemplars : undefined);
    if (all === undefined) return placed?.[bucket] === undefined ? [] : [placed[bucket]];
    return all.filter(({ value: at }) => {
      const index = upperBounds.findIndex((bound) => at <= bound);
      return (index < 0 ? upperBounds.length : index) === bucket;
    });
  }

  /** In OpenMetrics 1.0, a start time is also a series; several samples may share it. */
  *#createdLine(point: Sample): Iterable<OurSeries> {
    if (this.#format !== 'openmetrics' || point.startTimestamp === undefined) return;
    const { start: _, ...line } = this.#line(`${this.#stem()}_created`, point, point.startTimestamp);
    const key = JSON.stringify([line.name, Object.entries(point.labels ?? {}).sort(), line.timestamp, line.value]);
    if (this.#created.has(key)) return;
    this.#created.add(key);
    yield line;
  }

  #stem(): string | undefined {
    const { name, type } = this.#family;
    if (type === 'counter') return name.replace(/_total$/, '');
    return type === 'histogram' || type === 'summary' ? name : undefined;
  }

  #line(name: string, point: Sample, value: number, part?: Pair, exemplars: readonly Exemplar[] = []): OurSeries {
    const { labels = {}, startTimestamp } = point;
    const pairs = Object.entries(labels).map(([label, text]): Pair => [label, String(text)]);
    if (part !== undefined) pairs.push(part);
    const timestamp = this.#time(point);
    return {
      name,
      startFamily: this.#stem() === undefined ? undefined : `${this.#family.type} ${this.#family.name}`,
      isPart: this.#family.type.endsWith('histogram'),
      labels: sorted(pairs.filter(([, text]) => text !== '')),
      value: numberText(value),
      ...(timestamp !== undefined && { timestamp }),
      ...(startTimestamp !== undefined && { start: milliseconds(startTimestamp) }),
      ...(exemplars.length > 0 && { exemplars: exemplars.map(storedExemplar) }),
    };
  }

  /** Text and protobuf have milliseconds; a server truncates the seconds of OpenMetrics to milliseconds. */
  #time({ timestamp }: Sample): string | undefined {
    if (timestamp === undefined) return undefined;
    if (this.#format === 'openmetrics' || this.#format === 'openmetrics2') return milliseconds(timestamp);
    return String(Math.round(timestamp * 1000));
  }
}

function exemplarsOf({ exemplar, exemplars }: Sample): readonly Exemplar[] {
  return exemplars ?? (exemplar === undefined ? [] : [exemplar]);
}

function storedExemplar({ labels, value, timestamp }: Exemplar): StoredExemplar {
  return {
    labels: sorted(Object.entries(labels).map(([name, text]): Pair => [name, String(text)])),
    value: numberText(value),
    ...(timestamp !== undefined && { timestamp: milliseconds(timestamp) }),
  };
}

function bucketsOf({ indexes, counts }: NativeBucketCounts): Pair[] {
  return Array.from(indexes, (index, at): Pair => [String(index), String(counts[at])]);
}

function numberText(value: number): string {
  return Object.is(value, -0) ? '-0' : String(value);
}

function milliseconds(seconds: number): string {
  return String(Math.trunc(seconds * 1000) + 0);
}

function sorted(pairs: readonly Pair[]): Pair[] {
  return pairs.toSorted(([one], [other]) => Buffer.compare(Buffer.from(one), Buffer.from(other)));
}

/** Formats a number as servers do in `le` and `quantile`: Go's shortest layout, always with a decimal point or an exponent. */
export function boundText(bound: number): string {
  if (Number.isNaN(bound)) return 'NaN';
  if (!Number.isFinite(bound)) return bound > 0 ? '+Inf' : '-Inf';
  const [digits = '', power = '0'] = bound.toExponential().split('e');
  const exponent = Number(power);
  if (exponent < -4 || exponent >= 6) {
    return `${digits}e${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`;
  }
  const text = bound === 0 ? '0' : String(bound);
  return text.includes('.') ? text : `${text}.0`;
}
