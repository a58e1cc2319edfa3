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

/** `io.prometheus.client.MetricFamily` but for its metrics. */
class FamilyMessage {
  name = '';
  help = '';
  type: ProtobufType = 'counter';
  unit = '';
  hasMetrics = false;
}

/** `io.prometheus.client.Metric`: the value that belongs to the family's type counts. */
class MetricMessage {
  readonly labels: LabelPairs = { names: [], values: [] };
  gauge: number | undefined;
  counter: CounterMessage | undefined;
  summary: SummaryMessage | undefined;
  untyped: number | undefined;
  histogram: HistogramMessage | undefined;
  timestampMs: number | undefined;
}

/**
 * The family in a message; undefined for one without metrics where a server would not look at it. The message is read
 * twice: its type may stand behind its metrics, which take many times their bytes until they are points of that type.
 */
export function readFamily(reader: WireReader, settings: ParseSettings): MetricFamily | undefined {
  const start = reader.at;
  const { name, help, type, unit, hasMetrics } = readFamilyMessage(reader);
  if (!hasMetrics && !settings.strict) return undefined;
  if (name === '' || name.length > settings.maxNameLength) {
    reader.fail(`a metric name of 1 to ${settings.maxNameLength} characters`);
  }
  reader.at = start;
  const points = readPoints(reader, type, settings);
  const family = { name, help, type, ...(unit !== '' && { unit }), points };
  return family as MetricFamily; // valueOfType() paired the values with the type, which the compiler cannot see.
}

function readFamilyMessage(reader: WireReader): FamilyMessage {
  const message = new FamilyMessage();
  while (reader.next()) {
    if (reader.field === 1) message.name = reader.string();
    else if (reader.field === 2) message.help = reader.string();
    else if (reader.field === 3) message.type = TYPES[reader.uint64()] ?? reader.fail('a metric type from 0 to 5');
    else if (reader.field === 5) message.unit = reader.string();
    else {
      if (reader.field === 4) message.hasMetrics = true;
      reader.skip();
    }
  }
  return message;
}

function readPoints(reader: WireReader, type: ProtobufType, settings: ParseSettings): PointDraft<unknown>[] {
  const points: PointDraft<unknown>[] = [];
  while (reader.next()) {
    if (reader.field === 4) points.push(pointOf(reader.message(readMetric), type, settings, reader));
    else reader.skip();
  }
  return points;
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
  const found = nameProblem(labels.names, maxNameLength) ?? valueOrProblem(metric, type, strict);
  if (typeof found === 'string') return reader.fail(found);
  // Field by field: what is spread into an object takes twice the memory.
  const point: PointDraft<unknown> = { labels: labelsOf(labels.names, labels.values), value: found.value };
  if (found.exact !== undefined) point.exact = found.exact;
  if (found.exemplar !== undefined) point.exemplar = found.exemplar;
  if (found.startTimestamp !== undefined) point.startTimestamp = found.startTimestamp;
  // To a server the time 0 is as good as none.
  if (timestampMs !== undefined && (strict || timestampMs !== 0)) point.timestamp = timestampMs / 1000;
  return point;
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
    value: { count, sum, quantiles: quantiles.sort((one, other) => one.quantile - other.quantile) },
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
