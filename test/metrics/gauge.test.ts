import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Gauge, Registry } from '../../src/index.ts';
import { quietRegistry, samples } from './exposed-samples.ts';

function gaugeIn(registry: Registry) {
  return new Gauge({ name: 'queue_length', help: 'Length.', registry });
}

async function shownIn(registry: Registry): Promise<string | undefined> {
  return /^queue_length(?:\{.*\})? (.*)$/m.exec(await registry.expose())?.[1];
}

test('set(), inc() and dec() with and without a value', async () => {
  const registry = new Registry();
  const gauge = gaugeIn(registry);
  assert.equal(await shownIn(registry), '0');
  gauge.set(10);
  gauge.inc();
  gauge.inc(2);
  gauge.dec();
  gauge.dec(0.5);
  assert.equal(await shownIn(registry), '11.5');
});

const values: readonly [value: number, text: string][] = [
  [Number.NaN, 'NaN'],
  [Number.POSITIVE_INFINITY, '+Inf'],
  [Number.NEGATIVE_INFINITY, '-Inf'],
  [-0, '0'],
  [-3, '-3'],
];

for (const [value, text] of values) {
  test(`set(${text}) is a value`, async () => {
    const registry = new Registry();
    gaugeIn(registry).set(value);
    assert.equal(await shownIn(registry), text);
  });
}

for (const wrong of ['5', null, undefined, 5n, {}]) {
  test(`set(${String(wrong)}) of a ${typeof wrong} is refused`, async () => {
    const registry = new Registry();
    const gauge = gaugeIn(registry);
    // @ts-expect-error wrong on purpose
    assert.throws(() => gauge.set(wrong), TypeError);
    assert.equal(await shownIn(registry), '0');
  });
}

test('every method accepts labels, and a child has the same methods without labels', async () => {
  const registry = new Registry();
  const gauge = new Gauge({ name: 'queue_length', help: 'Length.', labelNames: ['queue'], registry });
  const child = gauge.labels('mail');
  gauge.set({ queue: 'mail' }, 10);
  gauge.inc({ queue: 'mail' }, 2);
  gauge.dec({ queue: 'mail' });
  child.inc();
  child.dec(3);
  assert.equal(await shownIn(registry), '9');
  child.set(1);
  assert.equal(await shownIn(registry), '1');
});

test('setToCurrentTime() sets Unix seconds', async (t) => {
  t.mock.timers.enable({ apis: ['Date'], now: 1_700_000_000_500 });
  const registry = new Registry();
  gaugeIn(registry).setToCurrentTime();
  assert.equal(await shownIn(registry), '1700000000.5');
});

test('startTimer() returns a function that sets the elapsed seconds', async () => {
  const registry = new Registry();
  const end = gaugeIn(registry).startTimer();
  const seconds = end();
  assert.ok(seconds >= 0 && seconds < 10);
  assert.equal(await shownIn(registry), String(seconds));
});

test('a timer ends with its block', async () => {
  const registry = new Registry();
  const gauge = gaugeIn(registry);
  gauge.set(-1);
  {
    using _timer = gauge.startTimer();
  }
  assert.ok(Number(await shownIn(registry)) >= 0);
});

test('trackInProgress() counts a function while it runs', async () => {
  const registry = new Registry();
  const gauge = gaugeIn(registry);
  const during = await gauge.trackInProgress(async () => shownIn(registry));
  assert.equal(during, '1');
  assert.equal(await shownIn(registry), '0');
});

test('trackInProgress() returns to 0 if the function throws or rejects', async () => {
  const registry = new Registry();
  const gauge = gaugeIn(registry);
  assert.throws(
    () =>
      gauge.trackInProgress(() => {
        throw new Error('thrown');
      }),
    /thrown/,
  );
  await assert.rejects(
    gauge.trackInProgress(async () => {
      throw new Error('rejected');
    }),
    /rejected/,
  );
  assert.equal(await shownIn(registry), '0');
});

function queuesIn(registry: Registry | null, maxSeries = 10_000) {
  const gauge = new Gauge({ name: 'queue_length', help: '', labelNames: ['queue'], maxSeries, registry });
  gauge.set({ queue: 'a' }, 1);
  gauge.set({ queue: 'b' }, 2);
  return gauge;
}

test('replace() keeps only the given rows, with their values', async () => {
  const registry = quietRegistry();
  const gauge = queuesIn(registry);
  const kept = gauge.labels('b');
  const dropped = gauge.labels('a');
  gauge.replace([
    [{ queue: 'c' }, 3],
    [{ queue: 'b' }, 4],
  ]);
  assert.deepEqual(await samples(registry), ['queue_length{queue="b"} 4', 'queue_length{queue="c"} 3']);
  kept.inc();
  dropped.inc();
  assert.deepEqual(await samples(registry), ['queue_length{queue="b"} 5', 'queue_length{queue="c"} 3']);
});

test('replace() without rows removes all series', async () => {
  const registry = quietRegistry();
  queuesIn(registry).replace([]);
  assert.deepEqual(await samples(registry), []);
});

test('replace() changes nothing if a row is invalid', async () => {
  const registry = quietRegistry();
  const gauge = queuesIn(registry);
  const rows = (row: unknown) => [[{ queue: 'c' }, 3], row] as unknown as [{ queue: string }, number][];
  assert.throws(() => gauge.replace(rows([{ queue: 'd' }, '4'])), TypeError);
  assert.throws(() => gauge.replace(rows([{ queu: 'd' }, 4])), TypeError);
  assert.throws(() => gauge.replace(rows([{ queue: null }, 4])), TypeError);
  assert.throws(() => gauge.replace(rows(undefined)), TypeError);
  assert.deepEqual(await samples(registry), ['queue_length{queue="a"} 1', 'queue_length{queue="b"} 2']);
});

test('replace() changes nothing if iterating over the rows fails', async () => {
  const registry = quietRegistry();
  const gauge = queuesIn(registry);
  function* rows(): Generator<[{ queue: string }, number]> {
    yield [{ queue: 'c' }, 3];
    throw new Error('half way');
  }
  assert.throws(() => gauge.replace(rows()), /half way/);
  assert.deepEqual(await samples(registry), ['queue_length{queue="a"} 1', 'queue_length{queue="b"} 2']);
});

test('replace() with as many series as maxSeries first makes room for the new ones', async () => {
  const registry = quietRegistry();
  queuesIn(registry, 2).replace([
    [{ queue: 'c' }, 3],
    [{ queue: 'd' }, 4],
  ]);
  assert.deepEqual(await samples(registry), ['queue_length{queue="c"} 3', 'queue_length{queue="d"} 4']);
});

test('the last of several rows with the same labels is used', async () => {
  const registry = quietRegistry();
  queuesIn(registry).replace([
    [{ queue: 'c' }, 3],
    [{ queue: 'c' }, 4],
  ]);
  assert.deepEqual(await samples(registry), ['queue_length{queue="c"} 4']);
});

test('a gauge without labels has no rows to replace', () => {
  const gauge = gaugeIn(quietRegistry());
  // @ts-expect-error wrong on purpose
  assert.throws(() => gauge.replace([[{}, 1]]), new TypeError('queue_length has no labels.'));
});
