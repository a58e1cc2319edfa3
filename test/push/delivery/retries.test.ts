import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type DeliveryRetryOptions, Retries, retryAfterMs } from '../../../src/push/delivery/retries.ts';
import { ManualClock } from '../../../src/scheduler/manual-clock.ts';

/** Runs attempts that fail, and returns the times at which they were made. */
async function timesOf(options: DeliveryRetryOptions, random: number, retryAfter?: string): Promise<number[]> {
  const clock = new ManualClock();
  const times: number[] = [];
  const done = new Retries(options, { clock, random: () => random }).run(async () => {
    times.push(clock.now());
    return { isFinal: false, value: 'failed', retryAfter };
  });
  await clock.advance('1d');
  assert.equal(await done, 'failed');
  assert.equal(clock.pendingTimers, 0);
  return times;
}

test('waits double up to the maximum', async () => {
  const times = await timesOf({ min: '1s', max: '5s', attempts: 5 }, 1);
  assert.deepEqual(times, [0, 1000, 3000, 7000, 12_000, 17_000]);
});

test('jitter shortens waits by at most half', async () => {
  assert.deepEqual(await timesOf({ min: '1s', max: '5s', attempts: 3 }, 0), [0, 500, 1500, 3500]);
});

test('Retry-After extends a wait up to its maximum, and never shortens it', async () => {
  const options: DeliveryRetryOptions = { min: '1s', attempts: 1, maxRetryAfter: '1m' };
  assert.deepEqual(await timesOf(options, 1, '10'), [0, 10_000]);
  assert.deepEqual(await timesOf(options, 1, '100000000000000000000'), [0, 60_000]);
  assert.deepEqual(await timesOf(options, 1, '0'), [0, 1000]);
});

test('a final result ends the attempts', async () => {
  const retries = new Retries({ min: 1 }, { clock: new ManualClock() });
  assert.equal(await retries.run(async (failures) => ({ isFinal: true, value: failures })), 0);
});

test('a signal ends a wait with its reason', async () => {
  const clock = new ManualClock();
  const controller = new AbortController();
  const failing = async () => ({ isFinal: false, value: 1 }) as const;
  const done = new Retries({}, { clock }).run(failing, { signal: controller.signal });
  await clock.advance(1);
  controller.abort(new Error('Stopped.'));
  await assert.rejects(done, /Stopped/);
  assert.equal(clock.pendingTimers, 0);
});

test('an error that an attempt throws ends the attempts', async () => {
  const throwing = async () => {
    throw new Error('Bug.');
  };
  await assert.rejects(new Retries({}, { clock: new ManualClock() }).run(throwing), /Bug/);
});

test('Retry-After is read as seconds or as a date of HTTP', () => {
  const wall = Date.UTC(2026, 0, 1);
  const read = (header?: string) => retryAfterMs(header, wall);
  assert.equal(read('120'), 120_000);
  assert.equal(read(' 5 '), 5000);
  assert.equal(read('Thu, 01 Jan 2026 00:01:00 GMT'), 60_000);
  assert.equal(read('Thursday, 01-Jan-26 00:01:00 GMT'), 60_000);
  for (const ignored of ['Wed, 31 Dec 2025 00:00:00 GMT', '-5', '1.5', '1e3', 'soon', '', '2027-01-01', undefined]) {
    assert.equal(read(ignored), 0, ignored);
  }
});

test('options are checked', () => {
  assert.throws(() => new Retries({ min: 0 }), RangeError);
  assert.throws(() => new Retries({ max: '-1s' }), RangeError);
  assert.throws(() => new Retries({ attempts: -1 }), RangeError);
  assert.throws(() => new Retries({ attempts: Number.NaN }), RangeError);
  assert.throws(() => new Retries({ attempts: '3' as unknown as number }), TypeError);
});
