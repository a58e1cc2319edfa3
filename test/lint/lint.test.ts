import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type LintOptions, lint, type Rule, toSnakeCase } from '../../src/lint/index.ts';
import type { HistogramValue, MetricFamily, SummaryValue } from '../../src/model/family.ts';
import type { Labels } from '../../src/model/labels.ts';
import { parseText } from '../../src/parse/index.ts';

function gauge(name: string, ...labelSets: Labels[]): MetricFamily<'gauge'> {
  return { name, help: 'Help.', type: 'gauge', points: labelSets.map((labels) => ({ labels, value: 1 })) };
}

function counter(name: string, ...labelSets: Labels[]): MetricFamily<'counter'> {
  return { name, help: 'Help.', type: 'counter', points: labelSets.map((labels) => ({ labels, value: 1 })) };
}

function histogram(name: string, labels: Labels = {}): MetricFamily<'histogram'> {
  const value = { upperBounds: [], bucketCounts: [0], count: 0, sum: 0 };
  return { name, help: 'Help.', type: 'histogram', points: [{ labels, value }] };
}

function summary(name: string, labels: Labels = {}): MetricFamily<'summary'> {
  return { name, help: 'Help.', type: 'summary', points: [{ labels, value: { count: 0, sum: 0, quantiles: [] } }] };
}

function histogramOf(value: HistogramValue): MetricFamily<'histogram'> {
  return { name: 'x', help: 'Help.', type: 'histogram', points: [{ value: sound }, { labels: { a: '1' }, value }] };
}

function summaryOf(value: SummaryValue): MetricFamily<'summary'> {
  return { name: 'x', help: 'Help.', type: 'summary', points: [{ value }] };
}

function unknown(name: string, ...labelSets: Labels[]): MetricFamily<'unknown'> {
  return { name, help: 'Help.', type: 'unknown', points: labelSets.map((labels) => ({ labels, value: 1 })) };
}

/** Rules of promtool, each with families that violate it and families that do not. */
const PROMLINT: readonly (readonly [rule: string, bad: readonly MetricFamily[], good: readonly MetricFamily[]])[] = [
  ['help', [{ ...gauge('up'), help: '' }], [gauge('up')]],
  [
    'base-units',
    [
      gauge('x_milliseconds'),
      gauge('x_hours'),
      gauge('x_kilobytes'),
      gauge('x_mebibytes'),
      gauge('x_bits'),
      gauge('x_fahrenheit'),
      gauge('x_kelvins'),
      gauge('minutes_x_seconds'),
    ],
    [gauge('x_seconds'), gauge('x_bytes'), gauge('x_celsius'), gauge('x_metres'), gauge('x_seconds_per_minutes')],
  ],
  ['counter-suffix', [counter('x'), gauge('x_total')], [counter('x_total'), gauge('x'), unknown('x_total')]],
  [
    'reserved-names',
    [
      gauge('x_count'),
      gauge('x_sum'),
      gauge('x_bucket'),
      summary('x_bucket'),
      gauge('x', { le: '1' }),
      gauge('x', { quantile: '1' }),
      histogram('x', { quantile: '1' }),
      summary('x', { le: '1' }),
    ],
    [histogram('x_count'), summary('x_sum'), unknown('x_bucket', { le: '1' })],
  ],
  [
    'type-in-name',
    [gauge('x_gauge'), gauge('x_Counter_y'), histogram('x_histogram')],
    [gauge('gauge_x'), gauge('x_gauges'), unknown('x_gauge')],
  ],
  ['reserved-characters', [gauge('x:y')], [gauge('x_y')]],
  ['camel-case', [gauge('queueSize'), gauge('x', { queueName: 'y' })], [gauge('queue_size', { queue_name: 'aB' })]],
  [
    'unit-abbreviations',
    [gauge('x_ms'), gauge('x_kb_used'), gauge('x_S')],
    [gauge('s_x'), gauge('x_seconds'), gauge('x_bs')],
  ],
  [
    'duplicate-metric',
    [
      gauge('x', { a: '1', b: '2' }, { b: '2', a: 1 }),
      gauge('x', {}, {}),
      gauge('x', {}, { a: '' }),
      gauge('x', { a: '', b: '1' }, { b: '1', c: '' }),
    ],
    [gauge('x', { a: '1' }, { a: '2' }, {}), gauge('x', { a: '1' }, { a: '1', b: '0' })],
  ],
];

const sound = { upperBounds: [1, 2], bucketCounts: [1, 0, 2], count: 3, sum: 9 };
const observed = { count: 3, sum: 9 };

/** Rules for histograms and summaries, each with invalid and valid values. */
const DISTRIBUTIONS: readonly (readonly [rule: string, bad: readonly MetricFamily[], good: readonly MetricFamily[]])[] =
  [
    [
      'bucket-order',
      [
        histogramOf({ ...sound, upperBounds: [1, 1] }),
        histogramOf({ ...sound, upperBounds: [2, 1] }),
        histogramOf({ ...sound, upperBounds: [1, Number.NaN] }),
      ],
      [histogramOf(sound), histogramOf({ ...sound, upperBounds: [-1, 0] })],
    ],
    [
      'bucket-counts',
      [histogramOf({ ...sound, bucketCounts: [2, -1, 2] }), histogramOf({ ...sound, bucketCounts: [2, 2, -1] })],
      [histogramOf(sound), histogramOf({ ...sound, bucketCounts: [0, 0, 0], count: 0 })],
    ],
    [
      'inf-bucket',
      [
        histogramOf({ ...sound, count: 4 }),
        histogramOf({ ...sound, count: 2 }),
        histogramOf({ ...sound, count: 2, sum: Number.NaN }),
      ],
      [
        histogramOf({ ...sound, count: 4, sum: Number.NaN }),
        histogramOf({ ...sound, bucketCounts: [0.1, 0.2, 0.3], count: 0.6 }),
        histogramOf({ ...sound, upperBounds: [], bucketCounts: [3] }),
      ],
    ],
    [
      'quantile-order',
      [
        summaryOf({
          ...observed,
          quantiles: [
            { quantile: 0.5, value: 1 },
            { quantile: 0.5, value: 1 },
          ],
        }),
        summaryOf({ ...observed, quantiles: [{ quantile: Number.NaN, value: 1 }] }),
      ],
      [
        summaryOf({ ...observed, quantiles: [] }),
        summaryOf({
          ...observed,
          quantiles: [
            { quantile: 0, value: Number.NaN },
            { quantile: 1, value: 1 },
          ],
        }),
      ],
    ],
  ];

for (const [rule, bad, good] of DISTRIBUTIONS) {
  test(`${rule} finds invalid distributions`, () => {
    for (const family of bad) assert.deepEqual(rulesOf([family]), [rule], JSON.stringify([...family.points]));
    for (const family of good) assert.deepEqual(rulesOf([family]), [], JSON.stringify([...family.points]));
  });
}

for (const [rule, bad, good] of PROMLINT) {
  test(`${rule} finds what promtool finds`, () => {
    for (const family of bad) assert.deepEqual(rulesOf([family]), [rule], family.name);
    for (const family of good) assert.deepEqual(rulesOf([family]).includes(rule), false, family.name);
  });
}

const EXPORTER: readonly (readonly [rule: string, bad: readonly MetricFamily[], good: readonly MetricFamily[]])[] = [
  ['no-percent', [gauge('app_used_percent'), gauge('app_pct_used')], [gauge('app_used_ratio')]],
  [
    'unit-in-name',
    [{ ...gauge('app_duration'), unit: 'seconds' }],
    [
      { ...gauge('app_x_seconds'), unit: 'seconds' },
      { ...counter('app_x_seconds_total'), unit: 'seconds' },
    ],
  ],
  [
    'exporter-prefix',
    [gauge('other_up'), gauge('appx')],
    [gauge('app_up'), gauge('process_open_fds'), gauge('go_threads')],
  ],
  ['reserved-prefix', [gauge('process_queue')], [gauge('process_open_fds'), gauge('app_process_queue')]],
  ['label-in-name', [gauge('app_requests_by_code', { code: '1' })], [gauge('app_requests_by_code', { codes: '1' })]],
  ['type-label', [gauge('app_x', { type: 'a' })], [gauge('app_x', { device_type: 'a' })]],
  ['target-labels', [gauge('app_x', { region: 'a' })], [gauge('app_x', { source_region: 'a' })]],
  [
    'outcome-label',
    [gauge('app_x', { result: 'success' }, { result: 'failure' })],
    [gauge('app_x', { result: 'a' }, { result: 'b' }, { result: 'c' })],
  ],
  [
    'total-among-parts',
    [gauge('app_x', { code: '200' }, { code: 'total' }), gauge('app_x', { code: '200' }, {})],
    [gauge('app_x', { code: 'total' }), gauge('app_x', {}), gauge('app_x', { code: '200' }, { code: '300' })],
  ],
];

for (const [rule, bad, good] of EXPORTER) {
  test(`${rule} checks the guidelines for exporters`, () => {
    const options: LintOptions = { preset: 'exporter', exporterName: 'app' };
    for (const family of bad) assert.deepEqual(rulesOf([family], options), [rule], family.name);
    for (const family of good) assert.deepEqual(rulesOf([family], options), [], family.name);
  });
}

test('a metric of an exporter with the prefix scrape_ violates both rules for prefixes', () => {
  const options: LintOptions = { preset: 'exporter', exporterName: 'app' };
  assert.deepEqual(rulesOf([gauge('scrape_duration_seconds')], options), ['exporter-prefix', 'reserved-prefix']);
});

test('a label that nearly all families have with the same value belongs to the target', () => {
  const families = Array.from({ length: 20 }, (_, index) =>
    gauge(`app_${index}`, { version: index === 0 ? '2' : '1', a: `${index}` }),
  );
  const findings = lint(families, { preset: 'exporter' });
  assert.deepEqual([...new Set(findings.map(({ rule }) => rule))], ['constant-label']);
  assert.equal(findings.length, 19);
  assert.deepEqual(lint(families.slice(0, 4), { preset: 'exporter' }), []);
});

test('a finding contains the family, the rule and a hint', () => {
  const [family] = parseText('# TYPE http_requests counter\nhttp_requests{code="200"} 1\n');
  assert.deepEqual(lint(family ? [family] : []), [
    {
      family: 'http_requests',
      rule: 'help',
      severity: 'warning',
      message: 'http_requests has no help text.',
      hint: 'Describe in a sentence what it counts or measures.',
    },
    {
      family: 'http_requests',
      rule: 'counter-suffix',
      severity: 'warning',
      message: 'The counter http_requests does not end in _total.',
      hint: 'Rename it to http_requests_total.',
    },
  ]);
});

test('findings are sorted by family', () => {
  const families = [gauge('b_total'), gauge('a_ms'), gauge('c:d')];
  assert.deepEqual(
    lint(families).map(({ family }) => family),
    ['a_ms', 'b_total', 'c:d'],
  );
});

test('rules can be disabled, given another severity and added', () => {
  const custom: Rule = {
    name: 'short',
    severity: 'hint',
    *check({ name }) {
      if (name.length < 3) yield { message: `${name} is short.`, hint: 'Say more.' };
    },
  };
  const families = [{ ...counter('x'), help: '' }];
  const findings = lint(families, { rules: { help: 'off', 'counter-suffix': 'error' }, custom: [custom] });
  assert.deepEqual(
    findings.map(({ rule, severity }) => [rule, severity]),
    [
      ['counter-suffix', 'error'],
      ['short', 'hint'],
    ],
  );
});

test('disabling an unknown rule is an error', () => {
  assert.throws(() => lint([], { rules: { halp: 'off' } }), /Unknown lint rule "halp"; the rules are help, /);
});

test('names are converted to snake_case if the result is clear', () => {
  const names = {
    myTCPExample: 'my_tcp_example',
    isNaN: 'is_nan',
    HTTPServer: 'http_server',
    'disk.used-bytes': 'disk_used_bytes',
  };
  for (const [name, expected] of Object.entries(names)) assert.equal(toSnakeCase(name), expected);
});

function rulesOf(families: readonly MetricFamily[], options?: LintOptions): string[] {
  return [...new Set(lint(families, options).map(({ rule }) => rule))];
}
