import type { MetricFamily } from '../../model/family.ts';
import type { ParseSettings } from './options.ts';
import type { PointDraft } from './points.ts';
import { HistogramMessage, readHistogram } from './protobuf-histogram.ts';
import { histogramParts } from './protobuf-histogram-value.ts';
import {
  CounterMessage,
  type LabelPairs,
  nameProblem,
  readCounter,
  readLabelPair,
  readNumber,
  readSummary,
  SummaryMessage,
} from './protobuf-messages.ts';
import { labelsOf } from './series-index.ts';
import type { WireReader } from './wire-reader.ts';

/** By the number in the message. */
const TYPES = ['counter', 'gauge', 'summary', 'unknown', 'histogram', 'gaugehistogram'] as const;
type ProtobufType = (typeof TYPES)[number];

/** `io.prometheus.client.MetricFamily` */
class FamilyMessage {
  name = '';
  help = '';
  type: ProtobufType = 'counter';
  unit = '';
  readonly metrics: MetricMessage[] = [];
}

/** `io.prometheus.client.Metric`: the value that belongs to the family's type counts, which may be known only later. */
class MetricMessage {
  readonly labels: LabelPairs = { names: [], values: [] };
  gauge: number | undefined;
  counter: CounterMessage | undefined;
  summary: SummaryMessage | undefined;
  untyped: number | undefined;
  histogram: HistogramMessage | undefined;
  timestampMs: number | undefined;
}

/** The family in a message; undefined for one without metrics where a server would not look at it. */
export function readFamily(reader: WireReader, settings: ParseSettings): MetricFamily | undefined {
  const { name, help, type, unit, metrics } = readFamilyMessage(reader);
  if (metrics.length === 0 && !settings.strict) return undefined;
  if (name === '' || name.length > settings.maxNameLength) {
    reader.fail(`a metric name of 1 to ${settings.maxNameLength} characters`);
  }
  const points = metrics.map((metric) => pointOf(metric, type, settings, reader));
  const family = { name, help, type, ...(unit !== '' && { unit }), points };
  return family as MetricFamily; // valueOfType() paired the values with the type, which the compiler cannot see.
}

function readFamilyMessage(reader: WireReader): FamilyMessage {
  const message = new FamilyMessage();
  while (reader.next()) {
    if (reader.field === 1) message.name = reader.string();
    else if (reader.field === 2) message.help = reader.string();
    else if (reader.field === 3) message.type = TYPES[reader.uint64()] ?? reader.fail('a metric type from 0 to 5');
    else if (reader.field === 4) message.metrics.push(reader.message(readMetric));
    else if (reader.field === 5) message.unit = reader.string();
    else reader.skip();
  }
  return message;
}

function readMetric(reader: WireReader): MetricMessage {
  const message = new MetricMessage();
  while (reader.next()) {
    if (reader.field === 1) reader.message((label) => readLabelPair(label, message.labels));
    else if (reader.field === 6) message.timestampMs = reader.int64();
    else readMetricValue(reader, message);
  }
  return message;
}

function readMetricValue(reader: WireReader, message: MetricMessage): void {
  if (reader.field === 2) message.gauge = reader.message(readNumber);
  else if (reader.field === 3) message.counter = reader.message(readCounter);
  else if (reader.field === 4) message.summary = reader.message(readSummary);
  else if (reader.field === 5) message.untyped = reader.message(readNumber);
  else if (reader.field === 7) message.histogram = reader.message(readHistogram);
  else reader.skip();
}

function pointOf(
  metric: MetricMessage,
  type: ProtobufType,
  settings: ParseSettings,
  reader: WireReader,
): PointDraft<unknown> {
  const { labels, timestampMs } = metric;
  const { maxLabels, maxNameLength, strict } = settings;
  if (labels.names.length > maxLabels) reader.fail(`at most ${maxLabels} labels`);
  const value = nameProblem(labels.names, maxNameLength) ?? valueOrProblem(metric, type, strict);
  if (typeof value === 'string') return reader.fail(value);
  // To a server the time 0 is as good as none.
  const hasTime = timestampMs !== undefined && (strict || timestampMs !== 0);
  return { labels: labelsOf(labels.names, labels.values), ...value, ...(hasTime && { timestamp: timestampMs / 1000 }) };
}

type PointValue = Omit<PointDraft<unknown>, 'labels' | 'timestamp'>;

/** The value of the family's type, or what is wrong with it. A server takes one that is missing for zero. */
function valueOrProblem(metric: MetricMessage, type: ProtobufType, strict: boolean): PointValue | string {
  const value = valueOfType(metric, type, strict);
  if (value !== undefined) return value;
  return (strict ? undefined : valueOfType(emptyMetric(), type, strict)) ?? `the value of a ${type}`;
}

function valueOfType(metric: MetricMessage, type: ProtobufType, strict: boolean): PointValue | string | undefined {
  const { counter, gauge, untyped, summary, histogram } = metric;
  switch (type) {
    case 'counter':
      return counter && counterValue(counter);
    case 'gauge':
      return gauge === undefined ? undefined : { value: gauge };
    case 'unknown':
      return untyped === undefined ? undefined : { value: untyped };
    case 'summary':
      return summary && summaryValue(summary);
    case 'histogram':
    case 'gaugehistogram':
      return histogram && histogramValue(histogram, strict);
  }
}

function emptyMetric(): MetricMessage {
  const metric = new MetricMessage();
  metric.gauge = 0;
  metric.counter = new CounterMessage();
  metric.summary = new SummaryMessage();
  metric.untyped = 0;
  metric.histogram = new HistogramMessage();
  return metric;
}

function counterValue({ value, exemplar, startTimestamp }: CounterMessage): PointValue {
  return { value, ...(exemplar && { exemplar }), ...(startTimestamp !== undefined && { startTimestamp }) };
}

function summaryValue({ count, exactCount, sum, quantiles, startTimestamp }: SummaryMessage): PointValue {
  return {
    value: { count, sum, quantiles: quantiles.toSorted((one, other) => one.quantile - other.quantile) },
    ...(exactCount !== undefined && { exact: { count: exactCount } }),
    ...(startTimestamp !== undefined && { startTimestamp }),
  };
}

function histogramValue(message: HistogramMessage, strict: boolean): PointValue | string {
  const parts = histogramParts(message, strict);
  if (typeof parts === 'string') return parts;
  const { startTimestamp } = message;
  const { value, exact } = parts;
  return { value, ...(exact && { exact }), ...(startTimestamp !== undefined && { startTimestamp }) };
}
