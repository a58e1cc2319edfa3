import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readOverrides } from '../../src/overrides/index.ts';

const NONE = {
  drop: false,
  rename: undefined,
  labels: {},
  buckets: undefined,
  native: undefined,
  maxSeries: undefined,
};

test('readOverrides() reads all settings of YAML', () => {
  const text = `
# Operators of the shop.
metrics:
  a_seconds:
    rename: b_seconds # Shorter.
    buckets: [0.1, .5, 1, 2e3, +Inf]
    native: on
    max_series: 500
    labels:
      team: payments
      zone: 7
  "a.b":
    drop: true
`;
  assert.deepEqual(readOverrides(text, 'x.yml'), {
    path: 'x.yml',
    metrics: [
      {
        name: 'a_seconds',
        line: 5,
        drop: false,
        rename: 'b_seconds',
        labels: { team: 'payments', zone: '7' },
        buckets: [0.1, 0.5, 1, 2000, Number.POSITIVE_INFINITY],
        native: true,
        maxSeries: 500,
      },
      { ...NONE, name: 'a.b', line: 13, drop: true },
    ],
  });
});

test('readOverrides() reads JSON, also if it is indented by tabs', () => {
  for (const space of [undefined, 2, '\t']) {
    const text = JSON.stringify(
      { metrics: { a: { rename: 'b', buckets: [1, 2.5], native: false } } },
      undefined,
      space,
    );
    const [override] = readOverrides(text, 'x.json').metrics;
    const line = space === undefined ? 1 : 3;
    assert.deepEqual(override, { ...NONE, name: 'a', line, rename: 'b', buckets: [1, 2.5], native: false });
  }
});

test('readOverrides() accepts a file without overrides', () => {
  for (const text of ['', '# none\n', 'metrics:\n', 'metrics: {}', '{}']) {
    assert.deepEqual(readOverrides(text, 'x').metrics, []);
  }
});

for (const [text, message] of [
  ['metric: {}', 'line 1, column 1: unknown setting "metric"; must be one of metrics.'],
  ['metrics: [a]', 'line 1, column 10: metrics must be a map of metric names.'],
  ['metrics: a', 'line 1, column 10: metrics must be a map of metric names.'],
  ['- a', 'line 1, column 1: must be a map of settings.'],
  ['metrics:\n  a:\n    bucket: [1]', 'line 3, column 1: unknown setting "bucket"; must be one of drop, rename, '],
  ['metrics:\n  a:\n    drop: maybe', 'line 3, column 11: metrics.a.drop must be true or false.'],
  ['metrics:\n  a:\n    native: 2', 'line 3, column 13: metrics.a.native must be true or false.'],
  ['metrics:\n  a:\n    max_series: many', 'line 3, column 17: metrics.a.max_series must be a whole number'],
  ['metrics:\n  a:\n    max_series: 0', 'line 3, column 17: metrics.a.max_series must be at least 1.'],
  ['metrics:\n  a:\n    max_series: -1', 'line 3, column 17: metrics.a.max_series must be a whole number'],
  ['metrics:\n  a:\n    buckets: 3', 'line 3, column 14: metrics.a.buckets must be a list.'],
  ['metrics:\n  a:\n    buckets: [1, x]', 'line 3, column 14: metrics.a.buckets must be numbers, got "x".'],
  ['metrics:\n  a:\n    buckets: [1, NaN]', 'line 3, column 14: metrics.a.buckets must be numbers, got "NaN".'],
  ['metrics:\n  a:\n    buckets: [-Inf]', 'line 3, column 14: metrics.a.buckets must be numbers, got "-Inf".'],
  ['metrics:\n  a:\n    buckets: [2, 1]', 'line 3, column 14: metrics.a.buckets must increase.'],
  ['metrics:\n  a:\n    buckets: [1, 1]', 'line 3, column 14: metrics.a.buckets must increase.'],
  [
    'metrics:\n  a:\n    buckets: [1, 1e999]',
    'line 3, column 14: metrics.a.buckets must be finite or +Inf, got "1e999".',
  ],
  ['metrics:\n  a:\n    rename: [b]', 'line 3, column 13: metrics.a.rename must be a text.'],
  ['metrics:\n  a:\n    rename: ""', 'line 3, column 13: metrics.a.rename must not be empty.'],
  ['metrics:\n  a:\n    labels: [b]', 'line 3, column 13: metrics.a.labels must be a map of label values.'],
  ['metrics:\n  a:\n    labels: { __name__: b }', 'line 3, column 25: metrics.a.labels: '],
  ['metrics:\n  a:\n    labels: { x: [1] }', 'line 3, column 18: metrics.a.labels.x must be a text.'],
  ['metrics:\n  a: {}', 'line 2, column 6: metrics.a must have at least one of drop, rename, '],
  ['metrics:\n  a:', 'line 2, column '],
  ['metrics:\n  a: 3', 'line 2, column 6: metrics.a must be a map of settings.'],
  ['metrics:\n  a: { drop: true, rename: b }', 'line 2, column 14: metrics.a.drop excludes all other settings.'],
  ['metrics:\n  a: { drop: true }\n  a: { rename: b }', 'line 3, column 3: duplicate key "a".'],
  ['metrics:\n  "": { drop: true }', 'line 2, column '],
  ['metrics:\n\ta: { drop: true }', 'line 2, column 1: must be indented by spaces'],
  ['{"metrics": {"a": {"drop": true}}', 'a list or map in brackets is not closed.'],
] as const) {
  test(`readOverrides() names the file, the place and the key: ${JSON.stringify(text)}`, () => {
    assert.throws(
      () => readOverrides(text, '/etc/x.yml'),
      (error) => {
        assert.ok(error instanceof Error);
        assert.ok(error.message.startsWith('/etc/x.yml: line ') && error.message.includes(message), error.message);
        return true;
      },
    );
  });
}

test('readOverrides() does not pollute prototypes', () => {
  const { metrics } = readOverrides('metrics: { __proto__: { labels: { constructor: x, y: z } } }', 'x');
  assert.deepEqual(Object.keys(metrics[0]?.labels ?? {}), ['constructor', 'y']);
  assert.equal(Object.getPrototypeOf(metrics[0]?.labels), Object.prototype);
  assert.equal(({} as Record<string, unknown>)['y'], undefined);
});
