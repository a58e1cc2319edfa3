import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type NativeOptions, nativeOptionsOf } from '../../../src/metrics/buckets/native-options.ts';

function schemaOf(options: NativeOptions): number {
  return nativeOptionsOf(options, 'h').schema;
}

test('defaults are schema 3, 160 buckets, a zero bucket up to 2 ** -128, no widening and no resets', () => {
  const { now: _, ...settings } = nativeOptionsOf({}, 'h');
  assert.deepEqual(settings, {
    schema: 3,
    maxBuckets: 160,
    zeroThreshold: 2.938735877055719e-39,
    maxZeroThreshold: 0,
    minResetDurationMs: 0,
  });
});

test('the schema is the coarsest whose buckets grow by the factor at most', () => {
  const expected = [
    [1e9, -4],
    [65536, -4],
    [65535, -3],
    [16, -2],
    [4, -1],
    [2.0001, 0],
    [2, 0],
    [1.9999, 1],
    [Math.SQRT2, 1],
    [Math.SQRT2 - Number.EPSILON, 2],
    [1.1, 3],
    [1.05, 4],
    [1.01, 7],
    [1.005, 8],
    [1.0001, 8],
    [Number.POSITIVE_INFINITY, -4],
  ] as const;
  for (const [growthFactor, schema] of expected)
    assert.equal(schemaOf({ growthFactor }), schema, `factor ${growthFactor}`);
});

test('a factor that is a power of two results in the corresponding schema', () => {
  for (let schema = -4; schema <= 8; schema++) assert.equal(schemaOf({ growthFactor: 2 ** (2 ** -schema) }), schema);
});

test('a schema may be given by its number', () => {
  assert.equal(schemaOf({ schema: -4 }), -4);
  assert.equal(schemaOf({ schema: 8 }), 8);
});

test('a zero threshold of 0 is kept', () => {
  assert.equal(nativeOptionsOf({ zeroThreshold: 0 }, 'h').zeroThreshold, 0);
});

test('numbers out of range are refused with their name', () => {
  const refused: [NativeOptions, string][] = [
    [{ growthFactor: 1 }, 'h: native.growthFactor must be above 1, got 1.'],
    [{ growthFactor: Number.NaN }, 'h: native.growthFactor must be above 1, got NaN.'],
    [{ schema: 9 }, 'h: native.schema must be a whole number from -4 to 8, got 9.'],
    [{ schema: 1.5 }, 'h: native.schema must be a whole number from -4 to 8, got 1.5.'],
    [{ maxBuckets: -1 }, 'h: native.maxBuckets must be a whole number of at least 0, got -1.'],
    [{ zeroThreshold: -1 }, 'h: native.zeroThreshold must be a finite number of at least 0, got -1.'],
    [
      { zeroThreshold: Number.POSITIVE_INFINITY },
      'h: native.zeroThreshold must be a finite number of at least 0, got Infinity.',
    ],
    [{ maxZeroThreshold: Number.NaN }, 'h: native.maxZeroThreshold must be a finite number of at least 0, got NaN.'],
    [
      { minResetDurationMs: -5 },
      'h: native.minResetDurationMs must be a finite number of milliseconds of at least 0, got -5.',
    ],
  ];
  for (const [options, message] of refused) assert.throws(() => nativeOptionsOf(options, 'h'), new RangeError(message));
});

test('anything except a number is refused', () => {
  const options = JSON.parse('{"maxBuckets":"160"}');
  assert.throws(
    () => nativeOptionsOf(options, 'h'),
    new TypeError('h: native.maxBuckets must be a number, got string.'),
  );
});

test('a growth factor and a schema together are refused', () => {
  assert.throws(
    () => nativeOptionsOf({ growthFactor: 1.1, schema: 3 }, 'h'),
    new TypeError('h: native takes either a growthFactor or a schema, got 1.1 and 3.'),
  );
});
