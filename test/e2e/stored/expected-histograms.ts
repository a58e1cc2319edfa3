/** Series that a server stores for the histograms of the page. */
import {
  type ExpectedExemplar,
  type ExpectedFamily,
  type ExpectedSample,
  family,
  type Labels,
  type View,
} from './expected-family.ts';

interface ExpectedHistogram {
  readonly name: string;
  readonly help: string;
  readonly unit: string;
  readonly labels: Labels;
  /** Cumulative counts by upper bound, without +Inf. */
  readonly buckets: readonly (readonly [le: string, count: number])[];
  readonly count: number;
  readonly sum: number;
  readonly native?: string;
  readonly converted: string;
  /** Exemplars by the upper bound of their bucket. */
  readonly exemplars: readonly (readonly [le: string, traceId: string, value: number])[];
}

export function expectedHistograms(view: View): ExpectedFamily[] {
  const { protocol } = view;
  const isOpenMetrics1 = protocol === 'openmetrics';
  return [
    histogram(view, {
      name: 'wait_seconds',
      help: 'Classic buckets.',
      unit: 'seconds',
      labels: { queue: 'a' },
      buckets: [
        ['0.1', 1],
        ['1.0', 3],
        ['10.0', 6],
      ],
      count: 10,
      sum: 155.5,
      converted: 'count 10 sum 155.5 [-Inf,0.1]:1 (0.1,1]:2 (1,10]:3 (10,+Inf]:4',
      exemplars: [
        ['1.0', 'second', 0.5],
        ['+Inf', 'last', 99],
      ],
    }),
    histogram(view, {
      name: 'change_celsius',
      help: 'Negative bounds, and a negative sum.',
      unit: 'celsius',
      labels: {},
      buckets: [
        ['-1.0', 2],
        ['1.0', 2],
      ],
      count: 3,
      sum: -4.5,
      // A missing sum is stored as zero.
      converted: `count 3 sum ${isOpenMetrics1 ? 0 : -4.5} [-Inf,-1]:2 (1,+Inf]:1`,
      exemplars: [],
    }),
    histogram(view, {
      name: 'latency_seconds',
      help: 'Native buckets only.',
      unit: 'seconds',
      labels: {},
      buckets: [],
      count: 8,
      sum: 20,
      native: 'count 8 sum 20 [-2,-1):1 [-0.25,0.25]:1 (0.5,1]:1 (1,2]:2 (4,8]:3',
      converted: 'count 8 sum 20 [-Inf,+Inf]:8',
      exemplars: [['+Inf', 'native', 1.5]],
    }),
    histogram(view, {
      name: 'both_seconds',
      help: 'Classic and native buckets.',
      unit: 'seconds',
      labels: {},
      buckets: [
        ['1.0', 1],
        ['2.0', 2],
      ],
      count: 3,
      sum: 5.5,
      native: 'count 3 sum 5.5 (0.5,1]:1 (1,2]:1 (2,4]:1',
      converted: 'count 3 sum 5.5 [-Inf,1]:1 (1,2]:1 (2,+Inf]:1',
      exemplars: [],
    }),
    gaugeHistogram(view),
  ];
}

function histogram(view: View, expected: ExpectedHistogram): ExpectedFamily {
  const { name, help, unit, labels } = expected;
  const details = { unit, hasStart: true };
  if (isLost(view, expected)) return family(name, 'histogram', help, [], details);
  const stored = storedValue(view, expected);
  const isClassic = stored === undefined || keepsClassic(view, expected);
  const samples: ExpectedSample[] = isClassic ? [...classicSamples(view, expected)] : [];
  if (stored !== undefined) samples.push([name, labels, stored]);
  return family(name, 'histogram', help, samples, { ...details, exemplars: exemplarsOf(view, expected, isClassic) });
}

/** Servers before 3.8 that do not store native histograms lose those in protobuf. */
function isLost({ protocol, hasNative, server }: View, { native }: ExpectedHistogram): boolean {
  return protocol === 'protobuf' && hasNative !== true && native !== undefined && server === 'before 3.8';
}

/** The value of the one series of a native or converted histogram. */
function storedValue({ hasNative, isConverted }: View, { native, converted }: ExpectedHistogram): string | undefined {
  if (hasNative === true && native !== undefined) return native;
  return isConverted ? converted : undefined;
}

/**
 * Whether `always_scrape_classic_histograms` keeps the classic series. For a histogram without classic buckets, this applies to
 * protobuf only, which has a +Inf bucket if the histogram has an exemplar.
 */
function keepsClassic(view: View, { buckets, native }: ExpectedHistogram): boolean {
  if (view.keepsClassic !== true) return false;
  return buckets.length > 0 || view.protocol === 'protobuf' || !(view.hasNative && native !== undefined);
}

/** In OpenMetrics 1.0 and before 3.8, exemplars of a converted histogram are kept with the converted one only. */
function exemplarsOf(view: View, expected: ExpectedHistogram, isClassic: boolean): ExpectedExemplar[] {
  const { name, labels, exemplars } = expected;
  const isStored = storedValue(view, expected) !== undefined;
  const ofStored = exemplars.map(([, traceId, value]): ExpectedExemplar => [name, labels, traceId, value]);
  const ofBuckets = exemplars.map(
    ([le, traceId, value]): ExpectedExemplar => [`${name}_bucket`, { ...labels, le }, traceId, value],
  );
  const isNative = view.hasNative === true && expected.native !== undefined;
  const areBoth = isClassic && (isNative || (view.protocol !== 'openmetrics' && view.server === 'since 3.8'));
  return [...(isStored ? ofStored : []), ...(areBoth || !isStored ? ofBuckets : [])];
}

function classicSamples(
  { protocol }: View,
  { name, labels, buckets, count, sum }: ExpectedHistogram,
): readonly ExpectedSample[] {
  const hasSum = protocol !== 'openmetrics' || sum >= 0;
  return [
    ...[...buckets, ['+Inf', count] as const].map(
      ([le, cumulative]): ExpectedSample => [`${name}_bucket`, { ...labels, le }, cumulative],
    ),
    ...(hasSum
      ? ([
          [`${name}_count`, labels, count],
          [`${name}_sum`, labels, sum],
        ] as const)
      : []),
  ];
}

/** The series that Prometheus 2 stores from protobuf: all have the name of the family, and the count overwrites the sum. */
const PLAIN_GAUGE_HISTOGRAM: readonly ExpectedSample[] = [
  ['queue_age_seconds', { le: '1.0' }, 2],
  ['queue_age_seconds', { le: '+Inf' }, 3],
  ['queue_age_seconds', {}, 3],
];

function gaugeHistogram(view: View): ExpectedFamily {
  const { protocol, server } = view;
  const type = protocol === 'text' ? 'histogram' : 'gaugehistogram';
  const isPlain = protocol === 'protobuf' && server === 'before 3.0';
  const classic = isPlain
    ? PLAIN_GAUGE_HISTOGRAM
    : classicGaugeHistogram(protocol.startsWith('openmetrics') ? 'g' : '');
  const isConverted = view.isConverted === true && convertsGaugeHistograms(view);
  const samples: ExpectedSample[] = !isConverted || view.keepsClassic ? [...classic] : [];
  if (isConverted) samples.push(['queue_age_seconds', {}, 'count 3 sum 4 [-Inf,1]:2 (1,+Inf]:1']);
  return family('queue_age_seconds', type, 'Goes up and down.', samples, { unit: 'seconds' });
}

/** In text, they are ordinary histograms. */
function convertsGaugeHistograms({ protocol, server }: View): boolean {
  return protocol === 'text' || protocol === 'openmetrics2' || (protocol === 'protobuf' && server === 'since 3.8');
}

function classicGaugeHistogram(prefix: string): readonly ExpectedSample[] {
  return [
    ['queue_age_seconds_bucket', { le: '1.0' }, 2],
    ['queue_age_seconds_bucket', { le: '+Inf' }, 3],
    [`queue_age_seconds_${prefix}count`, {}, 3],
    [`queue_age_seconds_${prefix}sum`, {}, 4],
  ];
}
