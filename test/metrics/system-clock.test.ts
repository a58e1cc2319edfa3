/** Changes of the system clock do not affect ages, lifetimes and windows; timestamps follow it. */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { Counter, Gauge, Histogram, Info, PeakGauge, type Registry, StateSet, Summary } from '../../src/index.ts';
import { type MockClock, mockClock } from './clock.ts';
import { families, openMetricsSamples, quietRegistry, samples } from './exposed-samples.ts';

const BOOT = 1_700_000_000_000;
const HOUR = 3_600_000;

const jumps: readonly [what: string, byMs: number][] = [
  ['a second forward', 1000],
  ['an hour forward', HOUR],
  ['ten years forward', 87_600 * HOUR],
  ['a second back', -1000],
  ['an hour back', -HOUR],
  ['to the epoch', -BOOT],
];

/** A clock whose system time is wrong by `byMs` from the first call of `passed()` on. */
class JumpingClock {
  readonly #clock: MockClock;
  readonly #byMs: number;
  #now = BOOT;

  constructor(t: TestContext, byMs: number) {
    this.#clock = mockClock(t, BOOT);
    this.#byMs = byMs;
  }

  passed(milliseconds: number): void {
    this.#now += milliseconds;
    this.#clock.to(this.#now);
    this.#clock.setSystemTime(this.#now + this.#byMs);
  }
}

const options = (registry: Registry) => ({ name: 'm', help: '', labelNames: ['x'], ttlMs: 60_000, registry }) as const;

/** How each type of metric updates its series `{x="a"}`. */
const updates: readonly [type: string, make: (registry: Registry) => () => void][] = [
  ['counter', (registry) => onLabels(new Counter({ ...options(registry), name: 'm_total' }), (m) => m.inc({ x: 'a' }))],
  ['gauge', (registry) => onLabels(new Gauge(options(registry)), (m) => m.set({ x: 'a' }, 1))],
  ['histogram', (registry) => onLabels(new Histogram(options(registry)), (m) => m.observe({ x: 'a' }, 1))],
  ['summary', (registry) => onLabels(new Summary(options(registry)), (m) => m.observe({ x: 'a' }, 1))],
  ['info', (registry) => onLabels(new Info(options(registry)), (m) => m.add({ x: 'a' }))],
  [
    'state set',
    (registry) => onLabels(new StateSet({ ...options(registry), states: ['on'] }), (m) => m.switchTo({ x: 'a' }, 'on')),
  ],
  ['peak gauge', (registry) => onLabels(new PeakGauge(options(registry)), (m) => m.observe({ x: 'a' }, 1))],
];

function onLabels<M>(metric: M, update: (metric: M) => void): () => void {
  return () => update(metric);
}

for (const [jump, byMs] of jumps) {
  for (const [type, make] of updates) {
    test(`the system clock is set ${jump}: a series of a ${type} lives as long as its ttlMs`, async (t) => {
      const clock = new JumpingClock(t, byMs);
      const registry = quietRegistry();
      const update = make(registry);
      const shown = () => samples(registry);
      update();
      clock.passed(30_000);
      assert.notDeepEqual(await shown(), []);
      update();
      clock.passed(60_000);
      assert.notDeepEqual(await shown(), []);
      clock.passed(1);
      assert.deepEqual(await shown(), []);
    });
  }

  test(`the system clock is set ${jump}: a peak is shown for its maxAgeMs`, async (t) => {
    const clock = new JumpingClock(t, byMs);
    const registry = quietRegistry();
    const peak = new PeakGauge({ name: 'lag', help: '', maxAgeMs: 60_000, ageBuckets: 6, registry });
    peak.observe(9);
    clock.passed(30_000);
    peak.observe(4);
    assert.deepEqual(await samples(registry), ['lag 9']);
    clock.passed(29_999);
    assert.deepEqual(await samples(registry), ['lag 9']);
    clock.passed(1);
    assert.deepEqual(await samples(registry), ['lag 4']);
    clock.passed(30_000);
    assert.deepEqual(await samples(registry), ['lag NaN']);
  });

  test(`the system clock is set ${jump}: quantiles forget after their maxAgeMs`, async (t) => {
    const clock = new JumpingClock(t, byMs);
    const registry = quietRegistry();
    const summary = new Summary({ name: 's', help: '', quantiles: [1], maxAgeMs: 60_000, ageBuckets: 6, registry });
    const quantile = async () => (await samples(registry))[0];
    summary.observe(9);
    clock.passed(30_000);
    summary.observe(4);
    assert.equal(await quantile(), 's{quantile="1"} 9');
    clock.passed(29_999);
    assert.equal(await quantile(), 's{quantile="1"} 9');
    clock.passed(1);
    assert.equal(await quantile(), 's{quantile="1"} 4');
    clock.passed(30_000);
    assert.equal(await quantile(), 's{quantile="1"} NaN');
  });

  test(`the system clock is set ${jump}: the exemplar source is called every 90 ms, and a sample is kept for 7 s`, (t) => {
    const clock = new JumpingClock(t, byMs);
    let asked = 0;
    const histogram = new Histogram({
      name: 'h',
      help: '',
      buckets: [1],
      exemplarSource: () => ({ trace_id: String(++asked) }),
      registry: null,
    });
    histogram.observe(0);
    clock.passed(89);
    histogram.observe(2);
    assert.equal(asked, 1, 'asked 89 ms ago');
    clock.passed(1);
    histogram.observe(2);
    assert.equal(asked, 2, 'asked 90 ms ago');
    clock.passed(6_909);
    histogram.observe(0);
    assert.equal(asked, 2, 'a sample that is 6,999 ms old stays');
    clock.passed(1);
    histogram.observe(0);
    assert.equal(asked, 3, 'a sample that is 7,000 ms old is replaced');
  });

  test(`the system clock is set ${jump}: a sampled exemplar is shown for 70 s`, async (t) => {
    const clock = new JumpingClock(t, byMs);
    const registry = quietRegistry();
    new Counter({ name: 'c_total', help: '', exemplarSource: () => ({ trace_id: 'a' }), registry }).inc();
    const isShown = async () => (await openMetricsSamples(registry)).some((line) => line.includes('trace_id'));
    clock.passed(70_000);
    assert.equal(await isShown(), true);
    clock.passed(1);
    assert.equal(await isShown(), false);
  });

  test(`the system clock is set ${jump}: exemplars of native buckets are replaced by age as they were recorded`, async (t) => {
    const clock = new JumpingClock(t, byMs);
    const registry = quietRegistry();
    const histogram = new Histogram({ name: 'h', help: '', native: {}, registry });
    const kept = async () => {
      const value = (await families(registry))[0]?.points[0]?.value;
      assert.ok(typeof value === 'object' && 'native' in value);
      return value.native?.exemplars?.map((exemplar) => exemplar.value);
    };
    for (let power = 0; power < 10; power++) histogram.observe(4 ** power, { trace_id: String(power) });
    clock.passed(5 * 60_000);
    histogram.observe(5, { trace_id: 'younger' });
    assert.deepEqual(await kept(), [1, 5, 16, 64, 256, 1024, 4096, 16_384, 65_536, 262_144]);
    clock.passed(1);
    histogram.observe(1e9, { trace_id: 'later' });
    assert.deepEqual(await kept(), [5, 16, 64, 256, 1024, 4096, 16_384, 65_536, 262_144, 1e9]);
  });

  test(`the system clock is set ${jump}: timers measure the elapsed time`, async (t) => {
    const clock = new JumpingClock(t, byMs);
    const registry = quietRegistry();
    const gauge = new Gauge({ name: 'g', help: '', registry });
    const summary = new Summary({ name: 's', help: '', registry });
    const ends = [gauge.startTimer(), summary.startTimer()];
    clock.passed(1500);
    assert.deepEqual(
      ends.map((end) => end()),
      [1.5, 1.5],
    );
  });

  test(`the system clock is set ${jump}: timestamps follow it`, async (t) => {
    const clock = new JumpingClock(t, byMs);
    const registry = quietRegistry();
    const counter = new Counter({ name: 'c_total', help: '', labelNames: ['x'], registry });
    const gauge = new Gauge({ name: 'g', help: '', registry });
    clock.passed(1000);
    counter.inc({ x: 'a' }, 1, { trace_id: 'a' });
    gauge.setToCurrentTime();
    const time = (BOOT + 1000 + byMs) / 1000;
    const shown = await families(registry);
    assert.equal(shown[0]?.points[0]?.startTimestamp, time);
    assert.equal(shown[0]?.points[0]?.exemplar?.timestamp, time);
    assert.equal(shown[1]?.points[0]?.value, time);
  });
}
