import type { MetricFamily } from '../../model/family.ts';
import { openMetricsFloat } from '../../model/float-layout.ts';
import { isHistogram } from '../../model/sample-names.ts';
import { haveTooManyLabels } from '../assembly/point-lines.ts';
import { loosePoint, type PointDraft } from '../assembly/points.ts';
import { labelsOf } from '../assembly/series-index.ts';
import type { ParseSettings } from '../input/options.ts';
import type { CompositePart } from '../lines/line-handler.ts';
import { type HistogramMessage, readHistogram } from './histogram-reader.ts';
import {
  type CounterMessage,
  type LabelPairs,
  nameProblem,
  readCounter,
  readLabelPair,
  readNumber,
  readSummary,
  type SummaryMessage,
} from './message-reader.ts';
import { type MetricValues, metricValue, type ProtobufType, TYPES } from './metric-value.ts';
import type { WireReader } from './wire-reader.ts';

/** `io.prometheus.client.MetricFamily` without its metrics. */
class FamilyMessage {
  name = '';
  help = '';
  hasTextName = true;
  hasTextHelp = true;
  /** Type by its number; undefined if it is unknown. */
  type: ProtobufType | undefined = 'counter';
  unit = '';
  hasMetrics = false;
}

/** `io.prometheus.client.Metric`. The type of the family selects the value. */
class MetricMessage implements MetricValues {
  /** Length in bytes. */
  readonly size: number;
  readonly labels: LabelPairs = { names: [], values: [] };
  gauge: number | undefined;
  counter: CounterMessage | undefined;
  summary: SummaryMessage | undefined;
  untyped: number | undefined;
  histogram: HistogramMessage | undefined;
  timestampMs: number | undefined;

  constructor(size: number) {
    this.size = size;
  }
}

/**
 * Reads the family in a message, and families for its series that do not fit, which Prometheus also stores. Returns none for a
 * message without metrics that Prometheus would ignore. The message is read twice, because its type may come after its
 * metrics, which take many times their bytes until they are points of that type.
 */
export function readFamilies(reader: WireReader, settings: ParseSettings): MetricFamily[] {
  const start = reader.at;
  const { name, help, type, unit, hasMetrics, hasTextName, hasTextHelp } = readFamilyMessage(reader);
  if (!hasMetrics && !settings.strict) return [];
  if (!hasTextName || !hasTextHelp) reader.fail('valid UTF-8');
  if (type === undefined) return reader.fail('a metric type from 0 to 5');
  if (name === '' || name.length > settings.maxNameLength) {
    reader.fail(`a metric name of 1 to ${settings.maxNameLength} characters`);
  }
  reader.at = start;
  const strays = new Map<string, PointDraft<number>[]>();
  const points = readPoints(reader, type, settings, (suffix, point) => {
    const held = strays.get(name + suffix);
    if (held === undefined) strays.set(name + suffix, [point]);
    else held.push(point);
  });
  const family = { name, help, type, ...(unit !== '' && { unit }), points } as MetricFamily; // metricValue() paired the values with the type.
  const others = Array.from(strays, ([stray, numbers]): MetricFamily => {
    return { name: stray, help: '', type: 'unknown', points: numbers };
  });
  return points.length > 0 ? [family, ...others] : [...others, family];
}

function readFamilyMessage(reader: WireReader): FamilyMessage {
  const message = new FamilyMessage();
  while (reader.next()) {
    if (reader.field === 1) {
      message.name = reader.anyString();
      message.hasTextName = reader.wasText;
    } else if (reader.field === 2) {
      message.help = reader.anyString();
      message.hasTextHelp = reader.wasText;
    } else if (reader.field === 3) message.type = TYPES[reader.int32()];
    else if (reader.field === 5) message.unit = reader.anyString();
    else {
      if (reader.field === 4) message.hasMetrics = true;
      reader.skip();
    }
  }
  return message;
}

type AddLoose = (suffix: string, point: PointDraft<number>) => void;

function readPoints(
  reader: WireReader,
  type: ProtobufType,
  settings: ParseSettings,
  addLoose: AddLoose,
): PointDraft<unknown>[] {
  const points: PointDraft<unknown>[] = [];
  while (reader.next()) {
    if (reader.field !== 4) {
      reader.skip();
      continue;
    }
    const point = pointOf(reader.message(readMetric), type, settings, reader, addLoose);
    if (point !== undefined) points.push(point);
  }
  return points;
}

function readMetric(reader: WireReader): MetricMessage {
  const message = new MetricMessage(reader.end - reader.at);
  while (reader.next()) {
    if (reader.field === 1) reader.message((label) => readLabelPair(label, message.labels));
    else if (reader.field === 6) message.timestampMs = reader.int64();
    else readMetricValue(reader, message);
  }
  return message;
}

function readMetricValue(reader: WireReader, message: MetricMessage): void {
  if (reader.field === 2) message.gauge = reader.message(() => readNumber(reader, message.gauge));
  else if (reader.field === 3) message.counter = reader.message(() => readCounter(reader, message.counter));
  else if (reader.field === 4) message.summary = reader.message(() => readSummary(reader, message.summary));
  else if (reader.field === 5) message.untyped = reader.message(() => readNumber(reader, message.untyped));
  else if (reader.field === 7) message.histogram = reader.message(() => readHistogram(reader, message.histogram));
  else reader.skip();
}

/** Undefined if all parts are separate series. */
function pointOf(
  metric: MetricMessage,
  type: ProtobufType,
  { maxLabels, maxNameLength, strict }: ParseSettings,
  reader: WireReader,
  addLoose: AddLoose,
): PointDraft<unknown> | undefined {
  const { names, values } = metric.labels;
  if (names.length > maxLabels) reader.fail(`at most ${maxLabels} labels`);
  const problem = nameProblem(names, maxNameLength) ?? (strict ? undefined : boundProblem(metric, type));
  if (problem !== undefined) reader.fail(problem);
  const found = metricValue(metric, type, strict);
  if (typeof found === 'string') return reader.fail(found);
  // Field by field, because spreading into an object takes twice the memory.
  const point: PointDraft<unknown> = { labels: labelsOf(names, values), value: found.value };
  if (found.exemplar !== undefined) point.exemplar = found.exemplar;
  if (found.startTimestamp !== undefined) point.startTimestamp = found.startTimestamp;
  const { timestampMs } = metric;
  // Prometheus treats the timestamp 0 as missing.
  if (timestampMs !== undefined && (strict || timestampMs !== 0)) point.timestamp = timestampMs / 1000;
  if (found.loose !== undefined && !addParts(point, found.loose, metric, addLoose)) {
    reader.fail('fewer labels or fewer buckets and quantiles');
  }
  return found.value === undefined ? undefined : point;
}

/** Prometheus adds a label to the series of a distribution. Other labels must not have its name. */
function boundProblem({ labels, summary }: MetricMessage, type: ProtobufType): string | undefined {
  if (isHistogram(type) && labels.names.includes('le')) return 'no label le';
  const hasQuantiles = type === 'summary' && summary !== undefined && summary.quantiles.length > 0;
  return hasQuantiles && labels.names.includes('quantile') ? 'no label quantile' : undefined;
}

/** False if there are too many. Parts with the same bound share their labels, because a message can have very many. */
function addParts(
  point: PointDraft<unknown>,
  parts: Iterable<CompositePart>,
  { labels: { names }, size }: MetricMessage,
  addLoose: AddLoose,
): boolean {
  let series = 0;
  let lastBound: number | undefined;
  let last: PointDraft<number> | undefined;
  for (const part of parts) {
    const twin = part.bound !== undefined && part.bound === lastBound ? last : undefined;
    if (twin === undefined) series++;
    if (haveTooManyLabels(series, names.length, size)) return false;
    last = twin === undefined ? partPoint(point, part) : { ...twin, value: part.value };
    lastBound = part.bound;
    addLoose(part.suffix, part.exemplar === undefined ? last : { ...last, exemplar: part.exemplar });
  }
  return true;
}

function partPoint(point: PointDraft<unknown>, { suffix, bound, value }: CompositePart): PointDraft<number> {
  const name = suffix === '_bucket' ? 'le' : 'quantile';
  const loose = loosePoint(point, value, bound === undefined ? undefined : [name, openMetricsFloat(bound)]);
  if (point.startTimestamp !== undefined) loose.startTimestamp = point.startTimestamp;
  return loose;
}
