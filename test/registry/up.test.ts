import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodeGathering } from '../../src/exposition/index.ts';
import { type Collector, type MetricFamily, Registry } from '../../src/index.ts';
import { gauge, samples } from './gauges.ts';

const never = new Promise<never>(() => {});

async function* failing(): AsyncGenerator<MetricFamily> {
  yield gauge('first');
  throw new Error('broken');
}

async function* hanging(): AsyncGenerator<MetricFamily> {
  yield gauge('first');
  yield await never;
}

async function* whole(): AsyncGenerator<MetricFamily> {
  yield gauge('first');
  await undefined;
  yield gauge('second');
}

const collects: Record<string, [collect: Collector['collect'], shown: string[], failure?: RegExp]> = {
  'returns families': [() => [gauge('first')], ['first 1', 'redis_up 1']],
  'returns no families': [() => [], ['redis_up 1']],
  'returns the gauge itself': [() => [gauge('redis_up', {}, 0)], ['redis_up 0']],
  throws: [
    () => {
      throw new Error('broken');
    },
    ['redis_up 0'],
    /broken/,
  ],
  rejects: [() => Promise.reject(new Error('broken')), ['redis_up 0'], /broken/],
  hangs: [() => never, ['redis_up 0'], /Timed out/],
  'returns something else': [() => 17 as never, ['redis_up 0'], /must return an iterable/],
  'yields families': [whole, ['first 1', 'redis_up 1', 'second 1']],
  'yields families later': [async () => whole(), ['first 1', 'redis_up 1', 'second 1']],
  'yields a family and throws': [failing, ['first 1', 'redis_up 0'], /broken/],
  'yields a family and hangs': [hanging, ['first 1', 'redis_up 0'], /Timed out/],
  'yields the gauge itself and throws': [
    async function* () {
      yield gauge('redis_up', {}, 1);
      throw new Error('broken');
    },
    ['redis_up 0'],
    /broken/,
  ],
};

for (const [what, [collect, shown, failure]] of Object.entries(collects)) {
  test(`the up gauge of a collector that ${what}`, async () => {
    const registry = new Registry({ selfMetrics: false });
    registry.register({ name: 'redis', up: 'redis_up', collect });
    const gathering = await registry.gather({ timeoutMs: 50 });
    const lines = gathering.entries.flatMap((family) =>
      'points' in family
        ? [...family.points].map((point) => `${family.name} ${'value' in point ? point.value : ''}`)
        : [],
    );
    assert.deepEqual(lines, shown);
    assert.equal(gathering.failures.length, failure === undefined ? 0 : 1);
    if (failure !== undefined) assert.match(String(gathering.failures[0]?.error), failure);
  });
}

test('a collector that is late is reported as failed, and counted', async () => {
  const registry = new Registry();
  registry.register({ name: 'redis', up: 'redis_up', collect: hanging });
  const text = encodeGathering(await registry.gather({ timeoutMs: 20 })).toString();
  assert.match(text, /^zeroprom_collector_success\{collector="redis"\} 0$/m);
  assert.match(text, /^redis_up 0$/m);
});

test('the up gauge of a collector in a view has the prefix and the labels', async () => {
  const registry = new Registry({ selfMetrics: false });
  const view = registry.withPrefix('shop_').withLabels({ zone: 'a' });
  view.register({ name: 'redis', up: 'redis_up', collect: failing });
  assert.deepEqual(await samples(registry), ['shop_first{zone="a"} 1', 'shop_redis_up{zone="a"} 0']);
});

test('an asynchronous generator that yields endlessly is stopped, and its families until then are shown', async () => {
  const registry = new Registry({ selfMetrics: false, maxPoints: 10 });
  let isEnded = false;
  registry.register({
    name: 'endless',
    async *collect() {
      try {
        for (let index = 0; ; index++) yield gauge(`g${index}`);
      } finally {
        isEnded = true;
      }
    },
  });
  const { entries, failures } = await registry.gather();
  assert.equal(entries.length, 5);
  assert.match(String(failures[0]?.error), /more than 10 points and families/);
  assert.ok(isEnded);
});

test('invalid families of an asynchronous generator are reported, and the others shown', async () => {
  const registry = new Registry({ selfMetrics: false });
  registry.register({
    name: 'mixed',
    async *collect() {
      yield 17 as never;
      yield gauge('a');
    },
  });
  const { entries, failures } = await registry.gather();
  assert.equal(entries.length, 1);
  assert.match(String(failures[0]?.error), /A family must be an object/);
});

test('an invalid name of the up gauge is rejected at registration', () => {
  const registry = new Registry();
  assert.throws(() => registry.register({ name: 'x', up: '', collect: () => [] }), RangeError);
  assert.throws(() => registry.register({ name: 'x', up: 1 as never, collect: () => [] }), TypeError);
});
