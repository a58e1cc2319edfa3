import type { PointDraft } from '../assembly/points.ts';
import type { CompositePart } from '../lines/line-handler.ts';
import { HistogramMessage } from './histogram-reader.ts';
import { histogramParts } from './histogram-value.ts';
import { CounterMessage, SummaryMessage } from './message-reader.ts';

/** Types by their number in the message. */
export const TYPES = ['counter', 'gauge', 'summary', 'unknown', 'histogram', 'gaugehistogram'] as const;
export type ProtobufType = (typeof TYPES)[number];

/** Possible values of a metric. The type of the family, which may be known only later, selects one. */
export interface MetricValues {
  gauge: number | undefined;
  counter: CounterMessage | undefined;
  summary: SummaryMessage | undefined;
  untyped: number | undefined;
  histogram: HistogramMessage | undefined;
}

/** The value of a metric in the model. */
export interface MetricValue extends Pick<PointDraft<unknown>, 'exemplar' | 'startTimestamp'> {
  /** Undefined if all parts are separate series. */
  readonly value: unknown;
  /** Series that Prometheus stores and the value cannot represent. */
  readonly loose?: Iterable<CompositePart> | undefined;
}

/** Returns the value of the family's type, or its problem. Prometheus takes a missing value for zero. */
export function metricValue(values: MetricValues, type: ProtobufType, strict: boolean): MetricValue | string {
  const value = valueOfType(values, type, strict);
  if (value !== undefined) return value;
  return (strict ? undefined : valueOfType(zeroValues(), type, strict)) ?? `the value of a ${type}`;
}

function valueOfType(values: MetricValues, type: ProtobufType, strict: boolean): MetricValue | string | undefined {
  const { counter, gauge, untyped, summary, histogram } = values;
  switch (type) {
    case 'counter':
      return (
        counter && {
          value: counter.value,
          ...(counter.exemplar && { exemplar: counter.exemplar }),
          ...(counter.startTimestamp !== undefined && { startTimestamp: counter.startTimestamp }),
        }
      );
    case 'gauge':
      return gauge === undefined ? undefined : { value: gauge };
    case 'unknown':
      return untyped === undefined ? undefined : { value: untyped };
    case 'summary':
      return summary && summaryValue(summary, strict);
    case 'histogram':
    case 'gaugehistogram':
      return histogram && histogramValue(histogram, strict);
  }
}

function zeroValues(): MetricValues {
  return {
    gauge: 0,
    counter: new CounterMessage(),
    summary: new SummaryMessage(),
    untyped: 0,
    histogram: new HistogramMessage(),
  };
}

function summaryValue(message: SummaryMessage, strict: boolean): MetricValue {
  const { count, sum, startTimestamp } = message;
  const sorted = message.quantiles.sort((one, other) => one.quantile - other.quantile);
  const hasLoose = !strict && sorted.some((_, index) => isLoose(sorted, index));
  const quantiles = hasLoose ? sorted.filter((_, index) => !isLoose(sorted, index)) : sorted;
  return {
    value: { count, sum, quantiles },
    ...(hasLoose && { loose: looseQuantiles(sorted) }),
    ...(startTimestamp !== undefined && { startTimestamp }),
  };
}

/** Each quantile of a summary must be unique. */
function isLoose(sorted: SummaryMessage['quantiles'], index: number): boolean {
  const { quantile } = sorted[index]!;
  return Number.isNaN(quantile) || quantile === sorted[index - 1]?.quantile;
}

function* looseQuantiles(sorted: SummaryMessage['quantiles']): Iterable<CompositePart> {
  for (const [index, { quantile, value }] of sorted.entries()) {
    if (isLoose(sorted, index)) yield { suffix: '', bound: quantile, value };
  }
}

function histogramValue(message: HistogramMessage, strict: boolean): MetricValue | string {
  const parts = histogramParts(message, strict);
  if (typeof parts === 'string') return parts;
  const { startTimestamp } = message;
  const { value, loose } = parts;
  return {
    value,
    ...(loose && { loose }),
    ...(startTimestamp !== undefined && { startTimestamp }),
  };
}
