import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Registry, Summary, type SummaryOptions } from '../../src/index.ts';
import { mockClock } from './clock.ts';
import { families, quietRegistry, samples } from './exposed-samples.ts';

function summaryIn(registry: Registry | null, options: Partial<SummaryOptions> = {}) {
  return new Summary({ name: 's', help: 'Help.', ...options, registry });
}

/** The exposed value of a quantile of the only summary. */
async function shown(registry: Registry, quantile: number): Promise<unknown> {
  const value = (await families(registry))[0]?.points[0]?.value;
  assert.ok(typeof value === 'object' && 'quantiles' in value);
  return value.quantiles.find((one) => one.quantile === quantile)?.value;
}

test('a summary starts with sum and count at 0 and has no quantiles by default', async () => {
  const registry = quietRegistry();
  const summary = summaryIn(registry);
  assert.deepEqual(await samples(registry), ['s_sum 0', 's_count 0']);
  summary.observe(2.5);
  summary.observe(-1);
  assert.deepEqual(await samples(registry), ['s_sum 1.5', 's_count 2']);
});

test('quantile is not allowed as a label or constant label', () => {
  const labelled = () => new Summary({ name: 's', help: '', labelNames: ['quantile'], registry: null });
  assert.throws(labelled, new RangeError('s: label name "quantile" is reserved for metrics of this type.'));
  assert.throws(() => summaryIn(null, { constLabels: { quantile: '1' } }), {
    name: 'RangeError',
    message: /"quantile"/,
  });
});

test('quantiles are shown in order, from a copy of the list', async () => {
  const registry = quietRegistry();
  const quantiles = [0.9, 0.5];
  const summary = summaryIn(registry, { quantiles });
  quantiles.push(0.1);
  for (const value of [1, 2, 3]) summary.observe(value);
  assert.match(
    (await samples(registry)).join('\n'),
    /^s\{quantile="0.5"\} \S+\ns\{quantile="0.9"\} \S+\ns_sum 6\ns_count 3$/,
  );
});

for (const wrong of [-0.1, 1.1, Number.NaN]) {
  test(`a quantile of ${wrong} is refused`, () => {
    const message = `s: quantiles must be from 0 to 1 and unique, got ${wrong}.`;
    assert.throws(() => summaryIn(null, { quantiles: [0.5, wrong] }), new RangeError(message));
  });
}

test('duplicate quantiles and values that are not numbers are refused', () => {
  assert.throws(() => summaryIn(null, { quantiles: [0.5, 0.5] }), RangeError);
  assert.throws(
    // @ts-expect-error wrong on purpose
    () => summaryIn(null, { quantiles: ['0.5'] }),
    new TypeError('s: a quantile must be a number, got string.'),
  );
});

for (const relativeError of [0.001, 0.01, 0.1]) {
  test(`quantiles are within a relative error of ${relativeError} if requested`, async () => {
    const registry = quietRegistry();
    const summary = summaryIn(registry, { quantiles: [0, 0.5, 0.9, 0.99, 1], relativeError });
    for (let value = 1; value <= 10_000; value++) summary.observe(value);
    for (const quantile of [0, 0.5, 0.9, 0.99, 1]) {
      const exact = 1 + Math.floor(quantile * 9_999);
      const found = Number(await shown(registry, quantile));
      assert.ok(Math.abs(found - exact) <= relativeError * exact, `${quantile}: ${found}, not ${exact}`);
    }
  });
}

test('quantiles forget observations older than the window; sum and count do not', async (t) => {
  const clock = mockClock(t, 0);
  const registry = quietRegistry();
  const summary = summaryIn(registry, { quantiles: [1], maxAgeMs: 60_000, ageBuckets: 3 });
  summary.observe(100);
  clock.to(30_000);
  summary.observe(7);
  assert.equal(await shown(registry, 1), 100);
  clock.to(60_000);
  assert.equal(await shown(registry, 1), 7);
  clock.to(90_000);
  assert.equal(await shown(registry, 1), 'NaN');
  assert.deepEqual(await samples(registry), ['s{quantile="1"} NaN', 's_sum 107', 's_count 2']);
});

test('the window is ten minutes by default', async (t) => {
  const clock = mockClock(t, 0);
  const registry = quietRegistry();
  summaryIn(registry, { quantiles: [0.5] }).observe(5);
  clock.to(10 * 60_000 - 1);
  assert.equal(await shown(registry, 0.5), 5);
  clock.to(10 * 60_000);
  assert.equal(await shown(registry, 0.5), 'NaN');
});

test('an infinite window forgets nothing', async (t) => {
  const clock = mockClock(t, 0);
  const registry = quietRegistry();
  const summary = new Summary({ name: 's', help: '', quantiles: [0, 1], maxAgeMs: Number.POSITIVE_INFINITY, registry });
  summary.observe(1);
  clock.to(100 * 365 * 24 * 3600 * 1000);
  summary.observe(2);
  assert.match(await registry.expose(), /s\{quantile="0"\} 1\ns\{quantile="1"\} 2\n/);
});

test('quantiles are NaN before the first observation', async () => {
  const registry = quietRegistry();
  summaryIn(registry, { quantiles: [0.5] });
  assert.equal(await shown(registry, 0.5), 'NaN');
});

test('NaN is counted, makes the sum NaN, and is ignored by quantiles', async () => {
  const registry = quietRegistry();
  const summary = summaryIn(registry, { quantiles: [1] });
  summary.observe(3);
  summary.observe(Number.NaN);
  assert.deepEqual(await samples(registry), ['s{quantile="1"} 3', 's_sum NaN', 's_count 2']);
});

for (const wrong of ['5', null, undefined, 5n]) {
  test(`observe(${String(wrong)}) of a ${typeof wrong} is refused and changes nothing`, async () => {
    const registry = quietRegistry();
    // @ts-expect-error wrong on purpose
    assert.throws(() => summaryIn(registry, { quantiles: [0.5] }).observe(wrong), TypeError);
    assert.deepEqual((await samples(registry)).slice(1), ['s_sum 0', 's_count 0']);
  });
}

test('reset() empties quantiles, sum and count', async () => {
  const registry = quietRegistry();
  const summary = summaryIn(registry, { quantiles: [0.5] });
  summary.observe(3);
  summary.reset();
  assert.deepEqual(await samples(registry), ['s{quantile="0.5"} NaN', 's_sum 0', 's_count 0']);
});

test('labels are passed with the call, once for a child, or at the start and end of a timer', async (t) => {
  const clock = mockClock(t, 1000);
  const registry = quietRegistry();
  const summary = new Summary({ name: 's', help: '', labelNames: ['x', 'y'], registry });
  summary.observe({ x: 'a', y: 'b' }, 1);
  const child = summary.labels('a', 'b');
  child.observe(2);
  const end = summary.startTimer({ x: 'a' });
  const endOfChild = child.startTimer();
  clock.to(1500);
  end({ y: 'b' });
  endOfChild();
  summary.time({ x: 'a', y: 'b' }, () => clock.to(1600));
  assert.deepEqual(await samples(registry), ['s_sum{x="a",y="b"} 4.1', 's_count{x="a",y="b"} 5']);
});
