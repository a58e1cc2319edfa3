import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { formatDuration, parseDuration } from '../../src/model/duration.ts';

const valid: readonly (readonly [text: string, milliseconds: number])[] = [
  ['1ms', 1],
  ['500ms', 500],
  ['30s', 30_000],
  ['1m30s', 90_000],
  ['1h30m', 5_400_000],
  ['1.5h', 5_400_000],
  ['.5s', 500],
  ['1.1s', 1100],
  ['1s500ms', 1500],
  ['1500us', 1.5],
  ['1500µs', 1.5],
  ['1000000ns', 1],
  ['2d', 172_800_000],
  ['1w', 604_800_000],
  ['1y', 31_536_000_000],
  ['1h0m5s', 3_605_000],
  ['10y', 315_360_000_000],
];

for (const [text, milliseconds] of valid) {
  test(`${text} is ${milliseconds} ms`, () => assert.equal(parseDuration(text), milliseconds));
}

test('a number is milliseconds and may have a fraction', () => {
  assert.equal(parseDuration(2500), 2500);
  assert.equal(parseDuration(1.5), 1.5);
});

test('a duration is read from its start, also after one that is not valid', () => {
  assert.throws(() => parseDuration('1m30x'), RangeError);
  assert.equal(parseDuration('30s'), 30_000);
});

const rejected: readonly (readonly [value: string | number, message: string])[] = [
  [0, 'The interval must be greater than 0, got 0.'],
  [-5, 'The interval must be greater than 0, got -5.'],
  [0.5, 'The interval must be at least 1ms, got 0.5.'],
  [Number.NaN, 'The interval must be a number, got NaN.'],
  [Number.POSITIVE_INFINITY, 'The interval must be at most ten years, got Infinity.'],
  [315_360_000_001, 'The interval must be at most ten years, got 315360000001.'],
  ['0', "The interval must be greater than 0, got '0'."],
  ['0s', "The interval must be greater than 0, got '0s'."],
  ['11y', "The interval must be at most ten years, got '11y'."],
  ['10us', "The interval must be at least 1ms, got '10us'."],
  ['', "The interval must be a duration such as '1m30s', got '': expected numbers with units."],
  ['30', "The interval must be a duration such as '1m30s', got '30': expected numbers with units."],
  ['s', "The interval must be a duration such as '1m30s', got 's': expected numbers with units."],
  ['-30s', "The interval must be a duration such as '1m30s', got '-30s': expected numbers with units."],
  [' 30s', "The interval must be a duration such as '1m30s', got ' 30s': expected numbers with units."],
  ['30s ', "The interval must be a duration such as '1m30s', got '30s ': expected numbers with units."],
  ['1e3s', "The interval must be a duration such as '1m30s', got '1e3s': unknown unit 'e'."],
  ['30sec', "The interval must be a duration such as '1m30s', got '30sec': unknown unit 'sec'."],
  ['5S', "The interval must be a duration such as '1m30s', got '5S': expected numbers with units."],
  [
    '30s1m',
    "The interval must be a duration such as '1m30s', got '30s1m': units must be in order from long to short, each at most once.",
  ],
  [
    '1m1m',
    "The interval must be a duration such as '1m30s', got '1m1m': units must be in order from long to short, each at most once.",
  ],
];

for (const [value, message] of rejected) {
  test(`${typeof value} '${value}' is not a valid interval`, () => {
    assert.throws(() => parseDuration(value, { name: 'interval' }), new RangeError(message));
  });
}

test('a very long text is rejected without being parsed, and truncated in the message', () => {
  const message = `The duration must be a duration such as '1m30s', got '${'1'.repeat(64)}...': it is longer than 64 characters.`;
  assert.throws(() => parseDuration('1'.repeat(1e6)), new RangeError(message));
});

test('zero is a duration if allowZero is set', () => {
  assert.equal(parseDuration(0, { allowZero: true }), 0);
  assert.equal(parseDuration('0s', { allowZero: true }), 0);
  assert.throws(() => parseDuration(-1, { allowZero: true }), RangeError);
});

test('a value that is neither a string nor a number has the wrong type', () => {
  const message = "The timeout must be a string such as '30s' or a number of milliseconds, got null.";
  // @ts-expect-error null is not a duration
  assert.throws(() => parseDuration(null, { name: 'timeout' }), new TypeError(message));
  // @ts-expect-error an object is not a duration
  assert.throws(() => parseDuration({}), TypeError);
});

const formatted: readonly (readonly [milliseconds: number, text: string])[] = [
  [0, '0s'],
  [1, '1ms'],
  [1.5, '1.5ms'],
  [1500, '1s500ms'],
  [30_000, '30s'],
  [90_000, '1m30s'],
  [5_400_000, '1h30m'],
  [86_400_000, '1d'],
  [172_801_000, '2d1s'],
];

for (const [milliseconds, text] of formatted) {
  test(`${milliseconds} ms are formatted as ${text}`, () => assert.equal(formatDuration(milliseconds), text));
}

test('parseDuration() accepts what formatDuration() returns', () => {
  const roundTrip = (ms: number) => assert.equal(parseDuration(formatDuration(ms)), ms);
  fc.assert(fc.property(fc.integer({ min: 1, max: 315_360_000_000 }), roundTrip));
});

test('any text is parsed or rejected with a RangeError', () => {
  const read = (text: string) => {
    try {
      assert.ok(parseDuration(text) >= 1);
    } catch (error) {
      assert.ok(error instanceof RangeError);
    }
  };
  fc.assert(fc.property(fc.string({ unit: fc.constantFrom(...'0123456789.smhdwyuµn') }), read));
});
