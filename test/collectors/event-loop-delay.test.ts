/** Samples of the event loop delay in programs that block it regularly. */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { collectNodeRuntime } from '../../src/collectors/index.ts';
import { Registry } from '../../src/index.ts';
import { valuesOf } from './scrape.ts';

const DELAY = 'nodejs_eventloop_delay_seconds';
const SECONDS = 1200;

/** Replaces timers and the clock, so that minutes pass in milliseconds. `block()` delays the timers that are due meanwhile. */
function replaceTime(t: TestContext) {
  const timers = new Set<{ at: number; readonly callback: () => void }>();
  let now = 0;
  t.mock.method(performance, 'now', () => now);
  t.mock.method(globalThis, 'setTimeout', (callback: () => void, delayMs: number) => {
    const timer = {
      at: now + delayMs,
      callback,
      unref: () => timer,
      refresh() {
        timer.at = now + delayMs;
        timers.add(timer);
      },
    };
    timers.add(timer);
    return timer;
  });
  const block = (milliseconds: number) => {
    now += milliseconds;
    for (const timer of [...timers]) if (timer.at <= now && timers.delete(timer)) timer.callback();
  };
  const rest = (milliseconds: number) => {
    for (const until = now + milliseconds; now < until; ) block(1);
  };
  return { block, rest, now: () => now };
}

const programs: readonly (readonly [blockMs: number, everyMs: number])[] = [
  [60, 500],
  [100, 700],
  [150, 1300],
  [100, 1000],
  [300, 1000],
  [600, 1000],
  [200, 5000],
  [600, 15_000],
  [3000, 15_000],
];

for (const [blockMs, everyMs] of programs) {
  test(`blocks of ${blockMs} ms every ${everyMs} ms are sampled as often as they delay callbacks`, async (t) => {
    const registry = new Registry({ selfMetrics: false });
    const time = replaceTime(t);
    const handle = collectNodeRuntime({ registry });
    while (time.now() < SECONDS * 1000) {
      time.rest(everyMs - blockMs);
      time.block(blockMs);
    }
    t.mock.restoreAll();
    const values = await valuesOf(registry);
    handle.stop();
    const count = values.get(`${DELAY}_count`) ?? 0;
    const slow = count - (values.get(`${DELAY}_bucket{le="0.025"}`) ?? 0);
    const expected = (blockMs - 25) / everyMs;
    assert.ok(Math.abs(slow / count / expected - 1) < 0.2, `${slow} of ${count} samples, expected ${expected}`);
  });
}
