import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Gauge } from '../../src/index.ts';
import { renderMetric, sampleValue } from '../../src/testing/index.ts';

function load(): Gauge {
  return new Gauge({ name: 'load', help: 'Load.', registry: null });
}

test('a gauge can be increased, decreased and set to any value', async () => {
  const gauge = load();
  const steps: readonly [() => void, number][] = [
    [() => gauge.inc(), 1],
    [() => gauge.inc(2.5), 3.5],
    [() => gauge.dec(), 2.5],
    [() => gauge.dec(4), -1.5],
    [() => gauge.set(7), 7],
    [() => gauge.set(Number.NEGATIVE_INFINITY), Number.NEGATIVE_INFINITY],
    [() => gauge.set(Number.NaN), Number.NaN],
  ];
  for (const [step, value] of steps) {
    step();
    assert.equal(await sampleValue(gauge, 'load'), value);
  }
});

test('a gauge starts at 0', async () => {
  assert.match(await renderMetric(load()), /^load 0$/m);
});

test('a gauge can be set to the current time, in seconds', async (t) => {
  t.mock.timers.enable({ apis: ['Date'], now: 1_700_000_000_500 });
  const gauge = load();
  gauge.setToCurrentTime();
  assert.equal(await sampleValue(gauge, 'load'), 1_700_000_000.5);
});

test('calls in progress are counted until they succeed or fail', async () => {
  const gauge = load();
  let finish = (_: Error) => {};
  const running = gauge.trackInProgress(
    () =>
      new Promise((_, reject) => {
        finish = reject;
      }),
  );
  assert.equal(await sampleValue(gauge, 'load'), 1);
  finish(new Error('broken'));
  await assert.rejects(running, new Error('broken'));
  const broken = () => {
    throw new Error('broken');
  };
  assert.throws(() => gauge.trackInProgress(broken), new Error('broken'));
  assert.equal(await sampleValue(gauge, 'load'), 0);
});

test('a gauge can be set to a duration in seconds', async () => {
  const gauge = load();
  const end = gauge.startTimer();
  const seconds = end();
  assert.equal(await sampleValue(gauge, 'load'), seconds);
  assert.ok(seconds >= 0 && seconds < 10);
});
