/** Requirements on the values that a collector returns, by type. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodeGathering, type Format, protobuf } from '../../src/exposition/index.ts';
import { Gauge, Registry } from '../../src/index.ts';
import { collectorOf, failures, samples } from './gauges.ts';

function registryWith(type: string, value: unknown): Registry {
  const registry = new Registry({ selfMetrics: false });
  registry.register(collectorOf('c', () => [{ name: 'a', help: '', type, points: [{ value }] }]));
  return registry;
}

const histogram = { upperBounds: [1], bucketCounts: [1, 1], count: 2, sum: 3 };
const buckets = { indexes: [1, 2], counts: [1, 1] };
const native = { schema: 3, zeroThreshold: 0, zeroCount: 0, positive: buckets, negative: { indexes: [], counts: [] } };
const summary = { count: 1, sum: 1, quantiles: [{ quantile: 0.5, value: 1 }] };

const refused: readonly [what: string, type: string, value: unknown, problem: string][] = [
  [
    'bounds that are not an array',
    'histogram',
    { ...histogram, upperBounds: 1 },
    'upperBounds must be an array, got number.',
  ],
  [
    'bounds that are strings',
    'histogram',
    { ...histogram, upperBounds: ['1'] },
    'each of upperBounds must be a number, got string.',
  ],
  [
    'a bound of +Inf',
    'histogram',
    { ...histogram, upperBounds: [Number.POSITIVE_INFINITY] },
    'The upper bounds of a histogram must be finite and increasing, got Infinity.',
  ],
  [
    'a bound of NaN',
    'histogram',
    { ...histogram, upperBounds: new Float64Array([Number.NaN]) },
    'The upper bounds of a histogram must be finite and increasing, got NaN.',
  ],
  [
    'no counts',
    'histogram',
    { ...histogram, bucketCounts: undefined },
    'bucketCounts must be an array, got undefined.',
  ],
  [
    'counts with holes',
    'histogram',
    { ...histogram, bucketCounts: new Array(2) },
    'each of bucketCounts must be a number, got undefined.',
  ],
  [
    'counts that are bytes behind a view',
    'histogram',
    { ...histogram, bucketCounts: new DataView(new ArrayBuffer(2)) },
    'bucketCounts must be an array, got object.',
  ],
  ['no count', 'gaugehistogram', { ...histogram, count: undefined }, 'count must be a number, got undefined.'],
  ['a sum that is a text', 'histogram', { ...histogram, sum: '1' }, 'sum must be a number, got string.'],
  [
    'too many exemplars',
    'histogram',
    { ...histogram, exemplars: { length: 1e9 } },
    'exemplars must have at most one entry for each bucket, got 1000000000.',
  ],
  [
    'exemplars that are a number',
    'histogram',
    { ...histogram, exemplars: 1 },
    'exemplars must be an object, got number.',
  ],
  [
    'native buckets that are a number',
    'histogram',
    { ...histogram, native: 5 },
    'native must be an object, got number.',
  ],
  [
    'no schema',
    'histogram',
    { ...histogram, native: { ...native, schema: null } },
    'schema must be a number, got null.',
  ],
  [
    'no native buckets',
    'histogram',
    { ...histogram, native: { ...native, positive: undefined } },
    'positive must be an object, got undefined.',
  ],
  [
    'native buckets of two lengths',
    'histogram',
    { ...histogram, native: { ...native, negative: { indexes: [1], counts: [] } } },
    'negative.counts must have 1 entry, got 0.',
  ],
  [
    'a summary without quantiles',
    'summary',
    { ...summary, quantiles: undefined },
    'quantiles must be an array, got undefined.',
  ],
  ['a quantile that is null', 'summary', { ...summary, quantiles: [null] }, 'a quantile must be an object, got null.'],
  [
    'a quantile that is a string',
    'summary',
    { ...summary, quantiles: [{ quantile: '0.5', value: 1 }] },
    'a quantile must be a number, got string.',
  ],
  [
    'a quantile without a value',
    'summary',
    { ...summary, quantiles: [{ quantile: 0.5 }] },
    'the value of a quantile must be a number, got undefined.',
  ],
  ['a state that is a number', 'stateset', { states: [1], enabled: [true] }, 'a state must be a string, got number.'],
  [
    'a duplicate state',
    'stateset',
    { states: ['x', 'x'], enabled: [true, true] },
    'The states of a state set must be different, got "x" twice.',
  ],
  ['a state without a value', 'stateset', { states: ['x'], enabled: [] }, 'enabled must have 1 entry, got 0.'],
];

for (const [what, type, value, problem] of refused) {
  test(`a point with ${what} is left out`, async () => {
    const registry = registryWith(type, value);
    assert.deepEqual(await failures(registry), [`c: a: ${problem}`]);
    assert.deepEqual(await samples(registry), []);
  });
}

test('typed arrays are lists of numbers', async () => {
  const value = { ...histogram, upperBounds: Float64Array.of(1), bucketCounts: Uint32Array.of(1, 1) };
  const registry = registryWith('histogram', value);
  assert.deepEqual(await failures(registry), []);
  assert.equal((await samples(registry))[0], 'a_bucket{le="1"} 1');
});

test('valid native buckets, quantiles and states are exposed', async () => {
  for (const [type, value] of [
    ['histogram', { ...histogram, native, exemplars: [undefined, { labels: {}, value: 2 }] }],
    ['summary', summary],
    ['stateset', { states: ['x', 'y'], enabled: [1, false] }],
    ['info', undefined],
  ] as const) {
    const registry = registryWith(type, value);
    assert.deepEqual(await failures(registry), []);
    assert.notEqual((await samples(registry)).length, 0);
  }
});

test('expose() refuses binary formats', async () => {
  const { contentType } = protobuf;
  await assert.rejects(
    new Registry().expose(protobuf),
    new TypeError(`expose() returns text, but ${contentType} is binary; use encodeGathering() instead.`),
  );
});

const notFormats: readonly (readonly [value: unknown, shown: string])[] = [
  ['openmetrics', '"openmetrics"'],
  [{ format: 'text' }, 'object'],
  [{ contentType: 'text/plain' }, 'object'],
  [7, 'number'],
  [null, 'null'],
];
for (const [value, shown] of notFormats) {
  test(`expose() and encodeGathering() say that ${JSON.stringify(value)} is not a format`, async () => {
    const registry = new Registry();
    const format = value as Format; // As in JavaScript.
    const rest = `must be a format of zeroprom/exposition, such as openMetrics, got ${shown}.`;
    await assert.rejects(registry.expose(format), new TypeError(`The format of expose() ${rest}`));
    const gathering = await registry.gather();
    assert.throws(() => encodeGathering(gathering, format), new TypeError(`The format ${rest}`));
  });
}

test('a metric whose callback throws is left out and reported', async () => {
  const registry = new Registry({ selfMetrics: false });
  const collect = () => {
    throw new Error('broken');
  };
  new Gauge({ name: 'a', help: '', registry, collect });
  new Gauge({ name: 'b', help: '', registry });
  assert.deepEqual(await failures(registry), ['a: broken']);
  assert.deepEqual(await samples(registry), ['b 0']);
});

test('a metric whose callback hangs is left out at the deadline', async () => {
  const registry = new Registry({ selfMetrics: false });
  new Gauge({ name: 'a', help: '', registry, collect: () => new Promise(() => {}) });
  assert.deepEqual(await failures(registry, { timeoutMs: 1 }), ['a: Timed out after 1 ms.']);
});
