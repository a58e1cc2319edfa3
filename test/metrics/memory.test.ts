/** Series that come and go leak no memory, and the most frequent calls allocate nothing. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { Counter, Gauge, Histogram, Summary } from '../../src/index.ts';
import { collectGarbage } from '../collect-garbage.ts';

/** Enough that a leak in any case would be about 10 MB. */
const MANY = 100_000;
const ALLOWED = 3e6;

// Disables inlining, which happens at random times and would hide allocations.
setFlagsFromString('--max-inlined-bytecode-size-cumulative=0');

function used(): number {
  collectGarbage();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

function assertFlat(update: (index: number) => void): void {
  for (let index = 0; index < MANY / 10; index++) update(index);
  const before = used();
  for (let index = MANY / 10; index < MANY; index++) update(index);
  const grown = used() - before;
  assert.ok(grown < ALLOWED, `${grown} bytes more`);
}

const shared = { help: '', registry: null, logger: { warn: () => {} } } as const;

test('label values beyond maxSeries take no memory', () => {
  const counter = new Counter({ ...shared, name: 'c_total', labelNames: ['user'], maxSeries: 100 });
  assertFlat((index) => counter.inc({ user: `user ${index} of very many, all of which are different` }));
});

test('values that are normalized take no memory', () => {
  const counter = new Counter({
    ...shared,
    name: 'c_total',
    labelNames: ['route', 'code'],
    normalize: { route: () => 'other' },
  });
  assertFlat((index) => counter.inc({ route: `/route/${index} of very many, all of which are different`, code: 200 }));
  assert.equal(counter.children().length, 1);
});

test('removed series take no memory, and their children do not affect other series', () => {
  const counter = new Counter({ ...shared, name: 'c_total', labelNames: ['id', 'zone'] });
  const first = counter.labels(0, 'a');
  assertFlat((index) => {
    counter.inc({ id: index, zone: 'a' });
    if (index >= 100) assert.ok(counter.remove(index - 100, 'a'));
    first.inc(1000);
  });
  assert.equal(counter.children().length, 100);
});

test('removed series with many labels take no memory', () => {
  const histogram = new Histogram({ ...shared, name: 'h', labelNames: ['id'], native: {}, buckets: [1, 2, 3] });
  const summary = new Summary({ ...shared, name: 's', labelNames: ['id'] });
  assertFlat((index) => {
    const labels = { id: `id ${index}` };
    histogram.observe(labels, index, { trace_id: 'a' });
    summary.observe(labels, index);
    histogram.remove(labels);
    summary.remove(labels);
  });
});

test('labels that are refused take no memory', () => {
  const counter = new Counter({ ...shared, name: 'c_total', labelNames: { method: ['GET'], code: Number } });
  assertFlat((index) => {
    const labels = { method: `METHOD ${index} of very many`, code: index } as unknown as {
      method: 'GET';
      code: number;
    };
    assert.throws(() => counter.inc(labels));
  });
});

const CALLS = 20_000;
const labelNames = ['method', 'code', 'route'] as const;
const labels = { method: 'GET', code: 200, route: '/' };

const hot: Readonly<Record<string, () => () => void>> = {
  'counter.inc()': () => {
    const counter = new Counter({ ...shared, name: 'c_total' });
    return () => counter.inc();
  },
  'counter.inc(labels)': () => {
    const counter = new Counter({ ...shared, name: 'c_total', labelNames });
    return () => counter.inc(labels);
  },
  'counter.labels(values)': () => {
    const counter = new Counter({ ...shared, name: 'c_total', labelNames });
    return () => counter.labels('GET', 200, '/').inc();
  },
  'child.inc()': () => {
    const child = new Counter({ ...shared, name: 'c_total', labelNames }).labels(labels);
    return () => child.inc(2);
  },
  'gauge.set(labels, value)': () => {
    const gauge = new Gauge({ ...shared, name: 'g', labelNames });
    return () => gauge.set(labels, 2.5);
  },
  'histogram.observe(labels, value)': () => {
    const histogram = new Histogram({ ...shared, name: 'h', labelNames });
    return () => histogram.observe(labels, 0.3);
  },
  'child.observe(value), native too': () => {
    const child = new Histogram({ ...shared, name: 'h', labelNames, buckets: [1, 2], native: {} }).labels(labels);
    return () => child.observe(1.5);
  },
  'summary.observe(value)': () => {
    const summary = new Summary({ ...shared, name: 's' });
    return () => summary.observe(1.5);
  },
};

for (const [what, make] of Object.entries(hot)) {
  test(`${what} allocates nothing`, () => {
    const call = make();
    // The engine allocates some objects until it compiles the call, at an unknown time.
    for (let round = 0; round < 500; round++) {
      const before = process.memoryUsage().heapUsed;
      for (let index = 0; index < CALLS; index++) call();
      const bytes = (process.memoryUsage().heapUsed - before) / CALLS;
      if (bytes >= 0 && bytes < 2) return;
    }
    assert.fail('Each round made garbage.');
  });
}
