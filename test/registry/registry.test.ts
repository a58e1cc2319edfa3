import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Counter, defaultRegistry, Gauge, type MetricFamily, Registry } from '../../src/index.ts';

function familyOf(name: string): MetricFamily {
  return { name, help: 'Help.', type: 'gauge', points: [{ labels: { zone: 'a' }, value: 1 }] };
}

test('an empty registry exposes nothing', async () => {
  assert.equal(await new Registry({ selfMetrics: false }).expose(), '');
});

test('a metric registers itself in the default registry, unless told otherwise', async () => {
  const counter = new Counter({ name: 'registered_total', help: 'Help.' });
  new Counter({ name: 'elsewhere_total', help: 'Help.', registry: new Registry({ selfMetrics: false }) });
  new Counter({ name: 'nowhere_total', help: 'Help.', registry: null });
  assert.equal(defaultRegistry.get('registered_total'), counter);
  assert.equal(defaultRegistry.get('elsewhere_total'), undefined);
  assert.equal(defaultRegistry.get('nowhere_total'), undefined);
  assert.equal(defaultRegistry.unregister(counter), true);
});

test('families are sorted by name, series by their creation', async () => {
  const registry = new Registry({ selfMetrics: false });
  const b = new Gauge({ name: 'b', help: '', labelNames: ['x'], registry });
  new Gauge({ name: 'a', help: '', registry });
  registry.register({ collect: () => [familyOf('aa')] });
  b.set({ x: '2' }, 1);
  b.set({ x: '1' }, 1);
  const samples = (await registry.expose()).split('\n').filter((line) => !line.startsWith('#'));
  assert.deepEqual(samples, ['a 0', 'aa{zone="a"} 1', 'b{x="2"} 1', 'b{x="1"} 1', '']);
});

test('a name is registered once', () => {
  const registry = new Registry({ selfMetrics: false });
  new Gauge({ name: 'a', help: '', registry });
  assert.throws(() => new Counter({ name: 'a', help: '', registry }), {
    name: 'Error',
    message:
      /^Metric a is already registered at \S+registry\.test\.ts:\d+ with a different type \("gauge", not "counter"\); use registry\.getOrCreate\(\) with \{ replace: true \} to replace it\.$/,
  });
});

test('a name is free again once its metric is unregistered', async () => {
  const registry = new Registry({ selfMetrics: false });
  const first = new Gauge({ name: 'a', help: '', registry });
  assert.equal(registry.unregister('a'), true);
  assert.equal(registry.unregister(first), false);
  new Gauge({ name: 'a', help: '', registry }).set(2);
  assert.match(await registry.expose(), /^a 2$/m);
});

test('a metric can be registered in several registries', async () => {
  const one = new Registry({ selfMetrics: false });
  const other = new Registry({ selfMetrics: false });
  const gauge = new Gauge({ name: 'a', help: '', registry: one });
  other.register(gauge);
  gauge.set(3);
  assert.equal(await one.expose(), await other.expose());
});

test('a collector is called at each scrape', async () => {
  const registry = new Registry({ selfMetrics: false });
  let value = 0;
  registry.register({
    collect: async () => [{ name: 'a', help: '', type: 'gauge', points: [{ value: ++value }] }],
  });
  assert.match(await registry.expose(), /^a 1$/m);
  assert.match(await registry.expose(), /^a 2$/m);
});

test('an unregistered collector is not called', async () => {
  const registry = new Registry({ selfMetrics: false });
  const collector = { collect: () => [familyOf('a')] };
  registry.register(collector);
  assert.equal(registry.unregister(collector), true);
  assert.equal(await registry.expose(), '');
});

const failing: readonly [what: string, collect: () => never | Promise<never>][] = [
  [
    'throws',
    () => {
      throw new Error('broken');
    },
  ],
  [
    'rejects',
    async () => {
      throw new Error('broken');
    },
  ],
  [
    'throws no error',
    () => {
      // biome-ignore lint/style/useThrowOnlyError: user code may do it
      throw 'broken';
    },
  ],
];

for (const [what, collect] of failing) {
  test(`a collector that ${what} is left out and reported`, async () => {
    const registry = new Registry({ selfMetrics: false });
    registry.register({ name: 'bad', collect });
    registry.register({ collect: () => [familyOf('good')] });
    const { failures } = await registry.gather();
    assert.deepEqual(failures, [{ collector: 'bad', error: new Error('broken') }]);
    assert.match(await registry.expose(), /^good\{zone="a"\} 1$/m);
  });
}

test('a collector that hangs is left out at the deadline, and its signal aborts', async () => {
  const registry = new Registry({ selfMetrics: false });
  let reason: unknown;
  registry.register({
    name: 'hanging',
    collect: ({ signal }) => {
      signal.addEventListener('abort', () => {
        reason = signal.reason;
      });
      return new Promise(() => {});
    },
  });
  const { failures } = await registry.gather({ timeoutMs: 1 });
  assert.deepEqual(failures, [{ collector: 'hanging', error: new Error('Timed out after 1 ms.') }]);
  assert.equal(reason, failures[0]?.error);
});

test('an aborted scrape does not wait for its collectors', async () => {
  const registry = new Registry({ selfMetrics: false });
  registry.register({ name: 'hanging', collect: () => new Promise(() => {}) });
  const controller = new AbortController();
  const gathering = registry.gather({ signal: controller.signal });
  controller.abort(new Error('gone'));
  assert.deepEqual((await gathering).failures, [{ collector: 'hanging', error: new Error('gone') }]);
});

test('clear() unregisters everything', async () => {
  const registry = new Registry({ selfMetrics: false });
  new Gauge({ name: 'a', help: '', registry });
  registry.register({ collect: () => [familyOf('b')] });
  registry.clear();
  assert.equal(await registry.expose(), '');
});

test('encoding pauses between families and inside large ones', async () => {
  const registry = new Registry({ selfMetrics: false });
  const gauge = new Gauge({ name: 'a', help: '', labelNames: ['x'], registry });
  for (let x = 0; x < 2000; x++) gauge.set({ x }, x);
  const seen: number[] = [];
  const encoder = { family: () => {}, gauge: (_: unknown, value: number) => seen.push(value) };
  const steps: number[] = [];
  // @ts-expect-error a partial encoder with the methods for gauges
  for (const _ of (await registry.gather()).steps(encoder)) steps.push(seen.length);
  assert.deepEqual(steps, [512, 1024, 1536, 2000]);
});

test('encoding also pauses inside large families of collectors', async () => {
  const registry = new Registry({ selfMetrics: false });
  const points = Array.from({ length: 1200 }, (_, x) => ({ labels: { x: String(x) }, value: x }));
  registry.register({ collect: () => [{ name: 'a', help: '', type: 'gauge', points }] });
  const seen: number[] = [];
  const encoder = { family: () => {}, gauge: (_: unknown, value: number) => seen.push(value) };
  const steps: number[] = [];
  // @ts-expect-error a partial encoder with the methods for gauges
  for (const _ of (await registry.gather()).steps(encoder)) steps.push(seen.length);
  assert.deepEqual(steps, [512, 1024, 1200]);
});

test('children that are removed while a large metric is encoded do not hide others', async () => {
  const registry = new Registry({ selfMetrics: false });
  const gauge = new Gauge({ name: 'a', help: '', labelNames: ['x'], registry });
  for (let x = 0; x < 2000; x++) gauge.set({ x }, x);
  const seen: number[] = [];
  const encoder = { family: () => {}, gauge: (_: unknown, value: number) => seen.push(value) };
  // @ts-expect-error a partial encoder with the methods for gauges
  const steps = (await registry.gather()).steps(encoder);
  steps.next();
  for (let x = 0; x < 1500; x++) gauge.remove({ x });
  for (const _ of steps);
  assert.deepEqual(
    seen.slice(512),
    Array.from({ length: 500 }, (_, index) => 1500 + index),
  );
});
