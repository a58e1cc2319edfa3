import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type RefreshedCollector, type RefreshedOptions, refreshed } from '../../src/collectors/index.ts';
import { type Collector, type MetricFamily, Registry } from '../../src/index.ts';
import { forever, setUpScheduler } from '../scheduler/scheduler-fixture.ts';

/** A refreshed collector with `up: 'redis_up'` whose refreshes come every 30 s, the first one at 0. */
function setRedis(
  collect: (asked: number) => ReturnType<Collector['collect']>,
  options: Partial<RefreshedOptions> = {},
) {
  const stage = setUpScheduler();
  let asked = 0;
  const collector: Collector = { name: 'redis', up: 'redis_up', collect: () => collect(++asked) };
  const redis = refreshed(collector, { scheduler: stage.scheduler, every: '30s', ...options });
  stage.scheduler.start();
  return { ...stage, redis };
}

function keys(value: number): MetricFamily[] {
  return [{ name: 'redis_keys', help: 'Keys.', type: 'gauge', points: [{ value }] }];
}

function ownUp(value: number): MetricFamily {
  return {
    name: 'redis_up',
    help: 'Whether Redis answers.',
    type: 'gauge',
    points: [{ value, labels: { host: 'a' } }],
  };
}

async function shown(redis: RefreshedCollector): Promise<string[]> {
  const registry = new Registry({ selfMetrics: false });
  registry.register(redis);
  return (await registry.expose()).split('\n').filter((line) => /^redis_(?:up|keys)/.test(line));
}

test('up is 0 before the first refresh, 1 after a success, and 0 after a failure, although the result is kept', async () => {
  const { clock, redis } = setRedis((asked) => {
    if (asked === 2) throw new Error('refused');
    return keys(asked);
  });
  assert.deepEqual(await shown(redis), ['redis_up 0']);
  await clock.advance(0);
  assert.deepEqual(await shown(redis), ['redis_keys 1', 'redis_up 1']);
  await clock.advance('30s');
  assert.deepEqual(await shown(redis), ['redis_keys 1', 'redis_up 0']);
  await clock.advance('30s');
  assert.deepEqual(await shown(redis), ['redis_keys 3', 'redis_up 1']);
});

test('up is 0 after a refresh that timed out', async () => {
  const { clock, redis } = setRedis((asked) => (asked === 1 ? keys(1) : forever()), { timeout: '5s' });
  await clock.advance('34s');
  assert.deepEqual(await shown(redis), ['redis_keys 1', 'redis_up 1']);
  await clock.advance('1s');
  assert.deepEqual(await shown(redis), ['redis_keys 1', 'redis_up 0']);
});

test('up is 0 for a result that is stale, and after stop()', async () => {
  const { clock, scheduler, redis } = setRedis(() => keys(1), { staleAfter: '40s' });
  await clock.advance(0);
  scheduler.task('redis')?.pause();
  await clock.advance('41s');
  assert.deepEqual(await shown(redis), ['redis_up 0']);
  const stopped = setRedis(() => keys(1));
  await stopped.clock.advance(0);
  stopped.redis.stop();
  assert.deepEqual(await shown(stopped.redis), ['redis_up 0']);
});

test('the collector may return the gauge itself, which a failure replaces', async () => {
  const { clock, redis } = setRedis((asked) => {
    if (asked === 2) throw new Error('refused');
    return [...keys(asked), ownUp(1)];
  });
  await clock.advance(0);
  assert.deepEqual(await shown(redis), ['redis_keys 1', 'redis_up{host="a"} 1']);
  await clock.advance('30s');
  assert.deepEqual(await shown(redis), ['redis_keys 1', 'redis_up 0']);
});

test('an asynchronous generator is refreshed as a whole', async () => {
  const { clock, redis } = setRedis(async function* (asked) {
    yield* keys(asked);
    if (asked === 2) throw new Error('refused');
  } as (asked: number) => AsyncGenerator<MetricFamily>);
  await clock.advance('30s');
  assert.deepEqual(await shown(redis), ['redis_keys 1', 'redis_up 0']);
});

test('up is 0 when drop shows no result', async () => {
  const collect = (asked: number) => {
    if (asked > 1) throw new Error('refused');
    return keys(1);
  };
  const { clock, redis } = setRedis(collect, { onError: 'drop' });
  await clock.advance('30s');
  assert.deepEqual(await shown(redis), ['redis_up 0']);
});

test('an invalid name of the gauge is rejected, and nothing is scheduled', () => {
  const { scheduler } = setUpScheduler();
  const collector = { name: 'redis', up: '', collect: () => [] };
  assert.throws(() => refreshed(collector, { scheduler, every: '30s' }), RangeError);
  assert.equal(scheduler.task('redis'), undefined);
});
