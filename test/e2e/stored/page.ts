/** The families that are compared with stored series: one of each type, and those that formats treat differently. */
import { Registry } from '../../../src/index.ts';
import type { Exemplar, MetricFamily } from '../../../src/model/index.ts';

/** Unix seconds, to the millisecond. */
export interface Times {
  /** Start time of counters, histograms and summaries. */
  readonly start: number;
  /** The time of the exemplars, and of the sample that has one. */
  readonly sample: number;
}

export const REQUESTS_HELP = 'Requests "served",\nby \\ method.';
/** Names that not every server can store. */
export const TEMPERATURE = 'http.server_temperature';
export const SERVICE = 'service.name';
export const ODD = 'odd "name" \\ here';
export const DOOR = 'door.state';
export const PATH = 'a "quoted" \\ path\nof two lines, é and 🦑';

export function storedPage({ start, sample }: Times): Registry {
  const exemplar = (trace_id: string, value: number): Exemplar => ({ labels: { trace_id }, value, timestamp: sample });
  const startTimestamp = start;
  const families: MetricFamily[] = [
    {
      name: 'requests_total',
      help: `${REQUESTS_HELP}\r`,
      type: 'counter',
      points: [
        { labels: { method: 'GET', path: '/' }, value: 3, startTimestamp, exemplar: exemplar('abc', 2) },
        { labels: { method: 'POST', path: PATH }, value: 2.5, startTimestamp },
      ],
    },
    {
      name: 'sent_bytes_total',
      help: 'A unit before _total.',
      type: 'counter',
      unit: 'bytes',
      points: [{ value: 2 ** 53, startTimestamp }],
    },
    {
      name: 'jobs',
      help: 'A counter without _total, and a unit that is not in its name.',
      type: 'counter',
      unit: 'seconds',
      points: [{ value: 7, startTimestamp, exemplar: exemplar('job', 1) }],
    },
    {
      name: 'temperature_celsius',
      help: 'Numbers of all kinds.',
      type: 'gauge',
      unit: 'celsius',
      points: [
        { labels: { room: 'cold' }, value: -12.5 },
        { labels: { room: 'small' }, value: 1e-7 },
        { labels: { room: 'hot' }, value: Number.POSITIVE_INFINITY },
        { labels: { room: 'lost' }, value: Number.NEGATIVE_INFINITY },
        { labels: { room: 'broken' }, value: Number.NaN },
      ],
    },
    {
      name: TEMPERATURE,
      help: 'Dots in both names.',
      type: 'gauge',
      points: [{ labels: { [SERVICE]: 'api', plain: 'x' }, value: 1 }],
    },
    { name: ODD, help: 'Characters that are escaped.', type: 'gauge', points: [{ value: 2 }] },
    {
      name: 'wait_seconds',
      help: 'Classic buckets.',
      type: 'histogram',
      unit: 'seconds',
      points: [
        {
          labels: { queue: 'a' },
          startTimestamp,
          value: {
            upperBounds: [0.1, 1, 10],
            bucketCounts: [1, 2, 3, 4],
            count: 10,
            sum: 155.5,
            exemplars: [undefined, exemplar('second', 0.5), undefined, exemplar('last', 99)],
          },
        },
      ],
    },
    {
      name: 'change_celsius',
      help: 'Negative bounds, and a negative sum.',
      type: 'histogram',
      unit: 'celsius',
      points: [{ startTimestamp, value: { upperBounds: [-1, 1], bucketCounts: [2, 0, 1], count: 3, sum: -4.5 } }],
    },
    {
      name: 'latency_seconds',
      help: 'Native buckets only.',
      type: 'histogram',
      unit: 'seconds',
      points: [
        {
          startTimestamp,
          value: {
            upperBounds: [],
            bucketCounts: [8],
            count: 8,
            sum: 20,
            exemplars: [exemplar('native', 1.5)],
            native: {
              schema: 0,
              zeroThreshold: 0.25,
              zeroCount: 1,
              positive: { indexes: [0, 1, 3], counts: [1, 2, 3] },
              negative: { indexes: [1], counts: [1] },
              exemplars: [exemplar('native', 1.5)],
            },
          },
        },
      ],
    },
    {
      name: 'both_seconds',
      help: 'Classic and native buckets.',
      type: 'histogram',
      unit: 'seconds',
      points: [
        {
          startTimestamp,
          value: {
            upperBounds: [1, 2],
            bucketCounts: [1, 1, 1],
            count: 3,
            sum: 5.5,
            native: {
              schema: 0,
              zeroThreshold: 0,
              zeroCount: 0,
              positive: { indexes: [0, 1, 2], counts: [1, 1, 1] },
              negative: { indexes: [], counts: [] },
            },
          },
        },
      ],
    },
    {
      name: 'queue_age_seconds',
      help: 'Goes up and down.',
      type: 'gaugehistogram',
      unit: 'seconds',
      points: [{ value: { upperBounds: [1], bucketCounts: [2, 1], count: 3, sum: 4 } }],
    },
    {
      name: 'size_bytes',
      help: 'Quantiles, one of them unknown.',
      type: 'summary',
      unit: 'bytes',
      points: [
        {
          startTimestamp,
          value: {
            count: 4,
            sum: 40,
            // Not in order: OpenMetrics 2.0 requires that.
            quantiles: [
              { quantile: 0.99, value: Number.NaN },
              { quantile: 0.5, value: 10 },
            ],
          },
        },
      ],
    },
    {
      name: 'balance',
      help: 'A sum of NaN, and a negative quantile value.',
      type: 'summary',
      points: [{ value: { count: 2, sum: Number.NaN, quantiles: [{ quantile: 0.5, value: -1 }] } }],
    },
    { name: 'app_info', help: 'What runs.', type: 'info', points: [{ labels: { version: '1.2.3' }, value: 1 }] },
    {
      name: 'light',
      help: 'A state of two.',
      type: 'stateset',
      points: [{ labels: { site: 'a' }, value: { states: ['red', 'green'], enabled: [0, 1] } }],
    },
    {
      name: DOOR,
      help: 'The name of a state set is a label too.',
      type: 'stateset',
      points: [{ value: { states: ['open'], enabled: [1] } }],
    },
    { name: 'unclear', help: 'Of unknown type.', type: 'unknown', points: [{ value: 1.5 }] },
    { name: 'stamped', help: 'With a timestamp.', type: 'gauge', points: [{ value: 6, timestamp: sample }] },
  ];
  const registry = new Registry({ selfMetrics: false });
  registry.register({ name: 'page', collect: () => families });
  return registry;
}
