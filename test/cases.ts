/** Families for the tests of all encoders, by their special property. All names differ. */
import type { Exemplar, HistogramValue, MetricFamily } from '../src/model/family.ts';

const TIME = 1520879607.789;
const START = 1520430000.123;

const exemplar: Exemplar = { labels: { trace_id: 'KOO5S4vxi0o' }, value: 0.67, timestamp: TIME };

const distribution: HistogramValue = {
  upperBounds: [0.005, 0.1, 1, 2.5, 1e6],
  bucketCounts: [1, 0, 12, 3, 4, 2],
  count: 22,
  sum: 324789.3,
};

/** An exposition of a typical server, without lint findings. */
export const sane: readonly MetricFamily[] = [
  {
    name: 'app_build_info',
    help: 'What was built.',
    type: 'info',
    points: [{ labels: { version: '1.2.3', revision: 'abc' }, value: 1 }],
  },
  {
    name: 'http_request_duration_seconds',
    help: 'How long requests took.',
    type: 'histogram',
    unit: 'seconds',
    points: [
      { labels: { method: 'GET', code: '200' }, value: distribution },
      { labels: { method: 'POST', code: '500' }, value: { ...distribution, sum: 17.25 } },
    ],
  },
  {
    name: 'http_requests_total',
    help: 'Requests served.',
    type: 'counter',
    points: [
      { labels: { method: 'GET', code: '200' }, value: 1027 },
      { labels: { method: 'POST', code: '500' }, value: 3 },
    ],
  },
  { name: 'queue_length', help: 'Jobs that wait.', type: 'gauge', points: [{ value: 42 }] },
  {
    name: 'rpc_duration_seconds',
    help: 'How long calls took.',
    type: 'summary',
    points: [
      {
        value: {
          count: 17,
          sum: 123.75,
          quantiles: [
            { quantile: 0.5, value: 1.5 },
            { quantile: 0.99, value: 8.125 },
          ],
        },
      },
    ],
  },
];

export const cases: readonly MetricFamily[] = [
  { name: 'counter_total', help: 'A counter.', type: 'counter', points: [{ value: 17 }] },
  { name: 'counter_without_suffix', help: 'A counter.', type: 'counter', points: [{ value: 17, exemplar }] },
  {
    name: 'counter_with_times_total',
    help: 'Timestamp, start and exemplar.',
    type: 'counter',
    points: [{ labels: { a: 'b' }, value: 17, timestamp: TIME, startTimestamp: START, exemplar }],
  },
  { name: 'counter_negative_total', help: 'None to OpenMetrics.', type: 'counter', points: [{ value: -1 }] },
  { name: 'counter_nan_total', help: 'None to OpenMetrics.', type: 'counter', points: [{ value: Number.NaN }] },
  {
    name: 'exemplar_total',
    help: 'The second is too long and the third has no labels.',
    type: 'counter',
    points: [
      { labels: { n: '1' }, value: 1, exemplar: { labels: { l: '🦑'.repeat(127) }, value: 1, timestamp: TIME } },
      { labels: { n: '2' }, value: 1, exemplar: { labels: { l: '🦑'.repeat(128) }, value: 1, timestamp: TIME } },
      { labels: { n: '3' }, value: 1, exemplar: { labels: {}, value: 1, timestamp: TIME } },
      { labels: { n: '4' }, value: 1, exemplar: { labels: { 'trace.id': 'quoted "a\\b\n"' }, value: 1 } },
    ],
  },
  {
    name: 'gauge_values',
    help: 'Numbers of all kinds.',
    type: 'gauge',
    points: [
      0,
      -0,
      1,
      -1,
      0.1,
      -0.25,
      12345.678901,
      123456.789012345,
      1e-7,
      5e-324,
      1e6,
      999999999.5,
      2 ** 31,
      -(2 ** 31),
      2 ** 53,
      -(2 ** 53),
      2 ** 53 + 2,
      1e21,
      1.7976931348623157e308,
      Number.POSITIVE_INFINITY,
      Number.NEGATIVE_INFINITY,
      Number.NaN,
    ].map((value, index) => ({ labels: { n: String(index) }, value })),
  },
  {
    name: 'help_escapes',
    help: 'A backslash \\, a "quote" and\na second line.',
    type: 'gauge',
    points: [{ value: 1 }],
  },
  { name: 'help_none', help: '', type: 'gauge', points: [{ value: 1 }] },
  {
    name: 'histogram_classic',
    help: 'Exemplars in two buckets.',
    type: 'histogram',
    points: [
      {
        labels: { a: 'b' },
        value: { ...distribution, exemplars: [undefined, undefined, exemplar, undefined, undefined, exemplar] },
        startTimestamp: START,
      },
      { value: distribution, timestamp: TIME },
    ],
  },
  {
    name: 'histogram_gauge',
    help: 'Goes up and down.',
    type: 'gaugehistogram',
    points: [{ labels: { a: 'b' }, value: distribution }],
  },
  {
    name: 'histogram_native',
    help: 'Without classic buckets.',
    type: 'histogram',
    points: [
      {
        labels: { a: 'b' },
        value: {
          upperBounds: [],
          bucketCounts: [30],
          count: 30,
          sum: 250.5,
          native: {
            schema: 3,
            zeroThreshold: 2 ** -128,
            zeroCount: 2,
            positive: { indexes: [-3, -2, 1, 7, 8], counts: [5, 7, 1, 9, 1] },
            negative: { indexes: [0], counts: [5] },
            exemplars: [exemplar, { labels: { trace_id: 'x' }, value: 1 }],
          },
        },
      },
      {
        labels: { a: 'nothing yet' },
        value: {
          upperBounds: [],
          bucketCounts: [0],
          count: 0,
          sum: 0,
          native: {
            schema: 0,
            zeroThreshold: 0,
            zeroCount: 0,
            positive: { indexes: [], counts: [] },
            negative: { indexes: [], counts: [] },
          },
        },
      },
    ],
  },
  {
    name: 'histogram_negative',
    help: 'A bound below zero.',
    type: 'histogram',
    points: [{ value: { upperBounds: [-1, 1], bucketCounts: [1, 2, 0], count: 3, sum: -5 } }],
  },
  {
    name: 'histogram_wide',
    help: 'Classic and native.',
    type: 'histogram',
    points: [
      {
        value: {
          ...distribution,
          native: {
            schema: -1,
            zeroThreshold: 0.001,
            zeroCount: 1,
            positive: { indexes: [0, 1, 11], counts: [12, 3, 6] },
            negative: { indexes: [], counts: [] },
          },
        },
      },
    ],
  },
  {
    name: 'labels_several',
    help: 'Order is kept.',
    type: 'gauge',
    points: [
      { labels: { b: 'x', a: 'y', c: '' }, value: 1 },
      { labels: { b: 'a|b', a: 'a,b', c: 'a=b}' }, value: 2 },
      { labels: { b: 'back\\slash', a: 'a "quote"', c: 'two\nlines' }, value: 3 },
      { labels: { b: 'Björn', a: '佖佥', c: '\u007f😀'.repeat(9) }, value: 4 },
      { labels: { b: '\t', a: '\ud800', c: '__proto__' }, value: 5 },
    ],
  },
  { name: 'name:with:colons', help: 'As recording rules have.', type: 'gauge', points: [{ value: 1 }] },
  {
    name: 'name.with.dots',
    help: 'A name in UTF-8.',
    type: 'counter',
    points: [{ labels: { 'service.name': 'a', 'colon:name': 'b', plain: 'c' }, value: 1 }],
  },
  {
    name: 'name "quoted" 🌎',
    help: 'A name in UTF-8.',
    type: 'histogram',
    points: [{ value: distribution }],
  },
  {
    name: 'state',
    help: 'What it is doing.',
    type: 'stateset',
    points: [{ labels: { host: 'a' }, value: { states: ['ready', 'bu"sy'], enabled: [true, 0] } }],
  },
  {
    name: 'summary_seconds',
    help: 'Nothing observed, and something.',
    type: 'summary',
    unit: 'seconds',
    points: [
      { labels: { a: 'b' }, value: { count: 0, sum: 0, quantiles: [{ quantile: 0.5, value: Number.NaN }] } },
      { labels: { a: 'c' }, value: { count: 2, sum: 3.5, quantiles: [] }, startTimestamp: START },
    ],
  },
  { name: 'target_info', help: 'An info.', type: 'info', points: [{ labels: { version: '1' }, value: 1 }] },
  { name: 'time_before_1970', help: 'A sign.', type: 'gauge', points: [{ value: 1, timestamp: -1.5 }] },
  { name: 'unit_not_in_name', help: 'No suffix.', type: 'gauge', unit: 'seconds', points: [{ value: 1 }] },
  { name: 'unit_bytes_total', help: 'A suffix.', type: 'counter', unit: 'bytes', points: [{ value: 1 }] },
  { name: 'unknown_type', help: 'Whatever.', type: 'unknown', points: [{ value: 1 }] },
  { name: 'without_points', help: 'Nothing to show.', type: 'gauge', points: [] },
];
