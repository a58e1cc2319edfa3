/** Reduces a family to the parts that a format can carry, as a parser returns it. */
import type { Exemplar, HistogramValue, MetricFamily, MetricType, Sample, StateSetValue } from '../../src/model/family.ts'; // biome-ignore format: one list
import { plain } from './plain.ts';

export type FormatName = 'text 0.0.4' | 'text 1.0.0' | 'OpenMetrics 1.0.0' | 'OpenMetrics 2.0.0' | 'protobuf';

interface Carries {
  /** Whether infos and state sets are more than gauges. */
  readonly allTypes: boolean;
  readonly gaugeHistograms: boolean;
  readonly nativeHistograms: boolean;
  /** For counters, histograms and summaries. */
  readonly startTimes: boolean;
  /** For counters and histograms. */
  readonly exemplars: 'none' | 'all' | 'timed';
  readonly unit: (family: MetricFamily) => boolean;
  /** Whether a family without samples is written. */
  readonly emptyFamilies: boolean;
}

/** The text formats differ only in names, which the families of a test determine. */
const TEXT: Carries = {
  allTypes: false,
  gaugeHistograms: false,
  nativeHistograms: false,
  startTimes: false,
  exemplars: 'none',
  unit: () => false,
  emptyFamilies: true,
};

const OPEN_METRICS: Carries = {
  allTypes: true,
  gaugeHistograms: true,
  nativeHistograms: false,
  startTimes: true, // With `_created` lines, which must be requested.
  exemplars: 'all',
  unit: ({ type }) => type !== 'info' && type !== 'stateset',
  emptyFamilies: true,
};

const CARRIES: { readonly [name in FormatName]: Carries } = {
  'text 0.0.4': TEXT,
  'text 1.0.0': TEXT,
  'OpenMetrics 1.0.0': OPEN_METRICS,
  'OpenMetrics 2.0.0': { ...OPEN_METRICS, nativeHistograms: true, exemplars: 'timed' },
  protobuf: {
    allTypes: false,
    gaugeHistograms: true,
    nativeHistograms: true,
    startTimes: true,
    exemplars: 'all',
    unit: ({ type }) => type !== 'info',
    emptyFamilies: false,
  },
};

export function carried(families: readonly MetricFamily[], format: FormatName): unknown[] {
  const carries = CARRIES[format];
  const shown = families.map((family) => carriedFamily(family, carries));
  return shown.filter(({ points }) => carries.emptyFamilies || points.length > 0).map(withoutUndefined);
}

function carriedFamily(family: MetricFamily, carries: Carries) {
  const type = carriedType(family.type, carries);
  const points = [...family.points].flatMap((point) => {
    const times = { timestamp: point.timestamp, startTimestamp: startTimeOf(type, point, carries) };
    return carriedValues(family, type, point, carries).map((value) => ({ labels: {}, ...value, ...times }));
  });
  return { name: family.name, help: family.help, type, unit: carries.unit(family) ? family.unit : undefined, points };
}

function carriedType(type: MetricType, { allTypes, gaugeHistograms }: Carries): MetricType {
  if (type === 'info' || type === 'stateset') return allTypes ? type : 'gauge';
  return type === 'gaugehistogram' && !gaugeHistograms ? 'histogram' : type;
}

function startTimeOf(type: MetricType, { startTimestamp }: Sample, { startTimes }: Carries): number | undefined {
  return startTimes && (type === 'counter' || type === 'histogram' || type === 'summary') ? startTimestamp : undefined;
}

function carriedValues(family: MetricFamily, type: MetricType, point: Sample, carries: Carries): object[] {
  const { labels, value, exemplar } = point;
  switch (family.type) {
    case 'stateset':
      return carriedStates(family.name, type, point, value as StateSetValue); // According to the type of the family, here and below.
    case 'histogram':
    case 'gaugehistogram':
      return [{ labels, value: carriedHistogram(value as HistogramValue, carries) }];
    case 'counter':
      return [{ labels, value, exemplar: carriedExemplar(exemplar, carries) }];
    case 'summary':
      return [{ labels, value }];
    default:
      // No encoder writes the sign of negative zero.
      return [{ labels, value: (value as number) + 0 }];
  }
}

/** A state is a gauge in formats without state sets; a state set without states is left out. */
function carriedStates(
  name: string,
  type: MetricType,
  { labels }: Sample,
  { states, enabled }: StateSetValue,
): object[] {
  if (type === 'gauge') {
    return states.map((state, index) => ({ labels: { ...labels, [name]: state }, value: Number(enabled[index]) }));
  }
  return states.length === 0 ? [] : [{ labels, value: { states, enabled: Array.from(enabled, Number) } }];
}

function carriedHistogram(
  { upperBounds, bucketCounts, count, sum, exemplars, native }: HistogramValue,
  carries: Carries,
) {
  const kept = exemplars && Array.from(exemplars, (exemplar) => carriedExemplar(exemplar, carries));
  return {
    upperBounds,
    bucketCounts: Array.from(bucketCounts),
    count,
    sum,
    exemplars: kept?.some((exemplar) => exemplar !== undefined) ? kept : undefined,
    native: carries.nativeHistograms ? native : undefined,
  };
}

function carriedExemplar(exemplar: Exemplar | undefined, { exemplars }: Carries): Exemplar | undefined {
  if (exemplars === 'none' || (exemplars === 'timed' && exemplar?.timestamp === undefined)) return undefined;
  return exemplar;
}

/** With ordinary prototypes and arrays; undefined elements of arrays are kept. */
function withoutUndefined(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutUndefined);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([, part]) => part !== undefined);
  return plain(Object.fromEntries(entries.map(([key, part]) => [key, withoutUndefined(part)])));
}
