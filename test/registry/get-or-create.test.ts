import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Counter, Gauge, Histogram, Registry, Summary } from '../../src/index.ts';
import { samples } from './gauges.ts';

test('getOrCreate() creates and registers a missing metric', async () => {
  const registry = new Registry({ selfMetrics: false });
  registry.getOrCreate(Counter, { name: 'a_total', help: '', labelNames: ['x'] }).inc({ x: 'y' });
  assert.deepEqual(await samples(registry), ['a_total{x="y"} 1']);
});

test('getOrCreate() returns an existing metric, however it was created', () => {
  const registry = new Registry();
  const first = new Counter({ name: 'a_total', help: 'A.', labelNames: ['x'], registry });
  assert.equal(registry.getOrCreate(Counter, { name: 'a_total', help: 'A.', labelNames: ['x'] }), first);
  const gauge = registry.getOrCreate(Gauge, { name: 'b', help: '', unit: 'seconds' });
  assert.equal(registry.getOrCreate(Gauge, { name: 'b_seconds', help: '', unit: 'seconds' }), gauge);
});

test('getOrCreate() ignores the option registry', () => {
  const registry = new Registry();
  const other = new Registry();
  const gauge = registry.getOrCreate(Gauge, { name: 'a', help: '', registry: other });
  assert.equal(registry.get('a'), gauge);
  assert.equal(other.get('a'), undefined);
});

const differing: readonly [what: string, ask: (registry: Registry) => unknown][] = [
  ['type', (registry) => registry.getOrCreate(Counter, { name: 'a', help: 'A.' })],
  ['help', (registry) => registry.getOrCreate(Histogram, { name: 'a', help: 'Other.', buckets: [1] })],
  ['labels', (registry) => registry.getOrCreate(Histogram, { name: 'a', help: 'A.', buckets: [1], labelNames: ['x'] })],
  [
    'constant labels',
    (registry) => registry.getOrCreate(Histogram, { name: 'a', help: 'A.', buckets: [1], constLabels: { x: 'y' } }),
  ],
  ['buckets', (registry) => registry.getOrCreate(Histogram, { name: 'a', help: 'A.', buckets: [2] })],
];

for (const [what, ask] of differing) {
  test(`getOrCreate() throws if the ${what} differ, and the error contains both`, () => {
    const registry = new Registry();
    const histogram = new Histogram({ name: 'a', help: 'A.', buckets: [1], registry });
    assert.throws(() => ask(registry), {
      name: 'Error',
      message:
        /^Metric a is already registered at \S+get-or-create\.test\.ts:\d+ with (a )?different .+ \(.+, not .+\); use registry\.getOrCreate\(\) with \{ replace: true \} to replace it\.$/,
    });
    assert.equal(registry.get('a'), histogram);
  });
}

test('getOrCreate() throws if quantiles differ', () => {
  const registry = new Registry();
  new Summary({ name: 'a', help: '', quantiles: [0.5], registry });
  assert.throws(
    () => registry.getOrCreate(Summary, { name: 'a', help: '', quantiles: [0.9] }),
    /with different quantiles \(\[0\.5\], not \[0\.9\]\)/,
  );
});

test('getOrCreate() throws if samples of another metric have the name, and the error contains both', () => {
  const registry = new Registry();
  new Histogram({ name: 'a', help: '', registry });
  assert.throws(
    () => registry.getOrCreate(Gauge, { name: 'a_count', help: '' }),
    new Error('a_count cannot stand beside a: both would be shown as a_count. Rename one of them.'),
  );
});

test('getOrCreate() accepts classes of users', () => {
  class Queue {
    readonly descriptor = { name: 'queue', help: '', type: 'gauge' } as const;
    readonly rowCount = 1;
    readonly isEmpty = false;
    readonly schema = 'queue';
    readonly size: number;
    constructor({ size }: { readonly size: number }) {
      this.size = size;
    }
    pin() {}
    unpin() {}
    encode() {}
  }
  const registry = new Registry();
  assert.equal(registry.getOrCreate(Queue, { size: 1 }), registry.getOrCreate(Queue, { size: 2 }));
});
