import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { formatDuration, parseDuration } from '../../src/scheduler/index.ts';

const readable: readonly (readonly [text: string, milliseconds: number])[] = [
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

for (const [text, milliseconds] of readable) {
  test(`${text} is ${milliseconds} ms`, () => assert.equal(parseDuration(text), milliseconds));
}

test('a number is milliseconds, with a fraction if need be', () => {
  assert.equal(parseDuration(2500), 2500);
  assert.equal(parseDuration(1.5), 1.5);
});

const refused: readonly (readonly [value: string | number, message: string])[] = [
  [0, 'The interval must be more than zero: 0.'],
  [-5, 'The interval must be more than zero: -5.'],
  [0.5, 'The interval must be at least 1ms: 0.5.'],
  [Number.NaN, 'The interval is not a number: NaN.'],
  [Number.POSITIVE_INFINITY, 'The interval must be at most ten years: Infinity.'],
  [315_360_000_001, 'The interval must be at most ten years: 315360000001.'],
  ['0', "The interval must be more than zero: '0'."],
  ['0s', "The interval must be more than zero: '0s'."],
  ['11y', "The interval must be at most ten years: '11y'."],
  ['10us', "The interval must be at least 1ms: '10us'."],
  ['', "The interval is not a sequence of numbers with units: ''. Write it as '1m30s'."],
  ['30', "The interval is not a sequence of numbers with units: '30'. Write it as '1m30s'."],
  ['s', "The interval is not a sequence of numbers with units: 's'. Write it as '1m30s'."],
  ['-30s', "The interval is not a sequence of numbers with units: '-30s'. Write it as '1m30s'."],
  [' 30s', "The interval is not a sequence of numbers with units: ' 30s'. Write it as '1m30s'."],
  ['30s ', "The interval is not a sequence of numbers with units: '30s '. Write it as '1m30s'."],
  ['1e3s', "The interval has the unknown unit 'e': '1e3s'. Write it as '1m30s'."],
  ['30sec', "The interval has the unknown unit 'sec': '30sec'. Write it as '1m30s'."],
  ['5S', "The interval is not a sequence of numbers with units: '5S'. Write it as '1m30s'."],
  ['30s1m', "The interval must name its units once each, from long to short: '30s1m'. Write it as '1m30s'."],
  ['1m1m', "The interval must name its units once each, from long to short: '1m1m'. Write it as '1m30s'."],
];

for (const [value, message] of refused) {
  test(`${typeof value} '${value}' is no interval`, () => {
    assert.throws(() => parseDuration(value, { name: 'interval' }), new RangeError(message));
  });
}

test('a very long text is refused unread, and cut in the message', () => {
  const message = `The duration is longer than 64 characters: '${'1'.repeat(64)}...'. Write it as '1m30s'.`;
  assert.throws(() => parseDuration('1'.repeat(1e6)), new RangeError(message));
});

test('zero is a duration where the caller says so', () => {
  assert.equal(parseDuration(0, { allowZero: true }), 0);
  assert.equal(parseDuration('0s', { allowZero: true }), 0);
  assert.throws(() => parseDuration(-1, { allowZero: true }), RangeError);
});

test('what is neither text nor number is of the wrong kind', () => {
  const message = "The timeout must be text such as '30s' or a number of milliseconds, not null.";
  // @ts-expect-error null is no duration
  assert.throws(() => parseDuration(null, { name: 'timeout' }), new TypeError(message));
  // @ts-expect-error an object is no duration
  assert.throws(() => parseDuration({}), TypeError);
});

const written: readonly (readonly [milliseconds: number, text: string])[] = [
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

for (const [milliseconds, text] of written) {
  test(`${milliseconds} ms are written ${text}`, () => assert.equal(formatDuration(milliseconds), text));
}

test('what is written reads back as the same duration', () => {
  const roundTrip = (ms: number) => assert.equal(parseDuration(formatDuration(ms)), ms);
  fc.assert(fc.property(fc.integer({ min: 1, max: 315_360_000_000 }), roundTrip));
});

test('any text is read or refused with a RangeError', () => {
  const read = (text: string) => {
    try {
      assert.ok(parseDuration(text) >= 1);
    } catch (error) {
      assert.ok(error instanceof RangeError);
    }
  };
  fc.assert(fc.property(fc.string({ unit: fc.constantFrom(...'0123456789.smhdwyuµn') }), read));
});
