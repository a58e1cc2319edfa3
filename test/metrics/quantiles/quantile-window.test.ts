import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  type QuantileOptions,
  QuantileWindow,
  quantileOptionsOf,
} from '../../../src/metrics/quantiles/quantile-window.ts';

const QUANTILES = [0, 0.01, 0.1, 0.25, 0.5, 0.75, 0.9, 0.99, 0.999, 1];

function make(options: QuantileOptions = {}): QuantileWindow {
  return new QuantileWindow(quantileOptionsOf(options, 's'), 0);
}

function observed(values: Iterable<number>, options?: QuantileOptions): QuantileWindow {
  const window = make(options);
  for (const value of values) window.observe(value, 0);
  return window;
}

function assertWithin(
  values: readonly number[] | Float64Array,
  relativeError: number,
  options?: QuantileOptions,
): void {
  const window = observed(values, options);
  const sorted = Float64Array.from(values).sort();
  for (const q of QUANTILES) {
    const exact = sorted[Math.floor(q * (sorted.length - 1))] ?? Number.NaN;
    const error = Math.abs(window.quantile(q, 0) - exact);
    assert.ok(error <= relativeError * Math.abs(exact), `quantile ${q} is ${window.quantile(q, 0)}, not ${exact}`);
  }
}

/** 100,000 numbers that are computed from evenly spaced ones from 0 to 1, in an order that is neither sorted nor random. */
function stream(shape: (fraction: number) => number): Float64Array {
  return Float64Array.from({ length: 1e5 }, (_, index) => shape((((index * 61803) % 1e5) + 0.5) / 1e5));
}

test('quantiles are within one percent of the true ones by default', () => {
  assertWithin(
    stream((fraction) => fraction),
    0.01,
  );
  assertWithin(
    stream((fraction) => -Math.log(fraction) / 20),
    0.01,
  );
  assertWithin(
    stream((fraction) => fraction ** -2),
    0.01,
  );
});

test('negative and mixed values are within the same error', () => {
  assertWithin(
    stream((fraction) => fraction - 0.4),
    0.01,
  );
  assertWithin(
    stream((fraction) => -(fraction ** -2)),
    0.01,
  );
});

test('the order of observations does not matter', () => {
  const sorted = stream((fraction) => fraction ** 3).sort();
  assertWithin(sorted, 0.01);
  assertWithin(sorted.toReversed(), 0.01);
});

test('any relative error from 0.001 to 0.5 can be chosen', () => {
  const values = stream((fraction) => fraction ** -3);
  for (const relativeError of [0.001, 0.05, 0.5]) assertWithin(values, relativeError, { relativeError });
});

test('the quantiles of a constant stream are the constant', () => {
  for (const constant of [0.1, -7.3, 0, 1e300, 5e-324, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
    const window = observed([constant, constant, constant]);
    for (const q of QUANTILES) assert.equal(window.quantile(q, 0), constant);
  }
});

test('infinities are the largest and the smallest values', () => {
  const window = observed([
    Number.POSITIVE_INFINITY,
    Number.POSITIVE_INFINITY,
    1,
    Number.NEGATIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
  ]);
  assert.equal(window.quantile(0.25, 0), Number.NEGATIVE_INFINITY);
  assert.ok(Math.abs(window.quantile(0.5, 0) - 1) < 0.01);
  assert.equal(window.quantile(0.75, 0), Number.POSITIVE_INFINITY);
});

test('values too close to zero are shown as 0', () => {
  assert.equal(observed([-1, 1e-20, 1]).quantile(0.5, 0), 0);
  assert.equal(observed([-1, -1e-20, 1]).quantile(0.5, 0), 0);
});

test('NaN is ignored', () => {
  assert.equal(observed([Number.NaN, 3, Number.NaN]).quantile(1, 0), 3);
});

test('quantiles of an empty window are NaN', () => {
  assert.equal(make().quantile(0.5, 0), Number.NaN);
  assert.equal(observed([Number.NaN]).quantile(0.5, 0), Number.NaN);
});

test('a quantile outside of 0 to 1 is refused', () => {
  for (const q of [-0.1, 1.1, Number.NaN]) {
    assert.throws(() => make().quantile(q, 0), new RangeError(`A quantile must be from 0 to 1, got ${q}.`));
  }
});

test('an observation counts until it is as old as the window, minus at most one step', () => {
  const window = make({ maxAgeMs: 1000, ageBuckets: 5 });
  window.observe(7, 100);
  window.observe(9, 350);
  assert.equal(window.quantile(0, 999), 7);
  assert.equal(window.quantile(0, 1000), 9);
  assert.equal(window.quantile(0, 1199), 9);
  assert.equal(window.quantile(0, 1200), Number.NaN);
});

test('a long silence empties the window, and it fills again', () => {
  const window = make({ maxAgeMs: 1000, ageBuckets: 5 });
  for (let now = 0; now < 1000; now += 100) window.observe(5, now);
  assert.equal(window.quantile(0.5, 1e9), Number.NaN);
  window.observe(6, 1e9 + 1);
  assert.equal(window.quantile(0.5, 1e9 + 2), 6);
});

test('a clock that is set back loses nothing', () => {
  const window = make({ maxAgeMs: 1000, ageBuckets: 5 });
  window.observe(1, 1e6);
  assert.equal(window.quantile(1, 0), 1);
  assert.equal(window.quantile(1, 1000), Number.NaN);
});

test('powers of two that leave the window do not affect later ones', () => {
  const window = make({ maxAgeMs: 1000, ageBuckets: 5 });
  for (const value of [1000, 1, -30]) window.observe(value, 0);
  for (const value of [1, 50, 2, 2]) window.observe(value, 500);
  assert.equal(window.quantile(0, 1000), 1);
  assert.ok(Math.abs(window.quantile(0.5, 1000) - 2) < 0.02);
  assert.equal(window.quantile(1, 1000), 50);
});

test('quantiles are within the promised error', () => {
  const promised = fc.oneof(
    fc.constant(0),
    fc.double({ min: 2 ** -64, max: 2 ** 64, maxExcluded: true, noNaN: true }),
    fc.double({ min: -(2 ** 64), minExcluded: true, max: -(2 ** -64), noNaN: true }),
  );
  fc.assert(fc.property(fc.array(promised, { minLength: 1, maxLength: 60 }), (values) => assertWithin(values, 0.01)));
});

test('quantiles are those of the observations within the window', () => {
  const event = fc.record({ wait: fc.nat(400), value: fc.integer({ min: -1000, max: 1000 }) });
  fc.assert(
    fc.property(fc.array(event, { minLength: 1, maxLength: 60 }), (events) => {
      const window = make({ maxAgeMs: 1000, ageBuckets: 5 });
      let now = 0;
      const seen = events.map(({ wait, value }) => {
        now += wait;
        window.observe(value, now);
        return { slot: Math.floor(now / 200), value };
      });
      const inside = seen.filter(({ slot }) => slot > Math.floor(now / 200) - 5).map(({ value }) => value);
      assert.equal(window.quantile(0, now), Math.min(...inside));
      assert.equal(window.quantile(1, now), Math.max(...inside));
      const median = inside.toSorted((a, b) => a - b)[Math.floor(0.5 * (inside.length - 1))] ?? Number.NaN;
      assert.ok(Math.abs(window.quantile(0.5, now) - median) <= 0.01 * Math.abs(median));
    }),
  );
});

test('options out of range are refused with the name of the metric', () => {
  assert.throws(() => make({ relativeError: 0 }), new RangeError('s: relativeError must be from 0.001 to 0.5, got 0.'));
  assert.throws(
    () => make({ maxAgeMs: 0 }),
    new RangeError('s: maxAgeMs must be a number of milliseconds above 0, or Infinity, got 0.'),
  );
  assert.throws(
    () => make({ ageBuckets: 0 }),
    new RangeError('s: ageBuckets must be a whole number from 1 to 60, got 0.'),
  );
  assert.throws(
    () => make(JSON.parse('{"maxAgeMs":"1m"}')),
    new TypeError('s: maxAgeMs must be a number, got string.'),
  );
});
