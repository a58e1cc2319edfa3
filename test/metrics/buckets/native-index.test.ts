import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { coarserIndex, nativeIndex, nativeUpperBound } from '../../../src/metrics/buckets/native-index.ts';

const SCHEMAS = [-4, -3, -2, -1, 0, 1, 2, 3, 4, 5, 6, 7, 8];
const bits = new BigInt64Array(1);
const double = new Float64Array(bits.buffer);

/** The next double away from zero. */
function next(value: number): number {
  double[0] = value;
  bits[0]! += 1n;
  return double[0];
}

test('bounds between 1 and 2 are the powers of the growth factor, rounded down', () => {
  for (let step = 0; step < 256; step++) {
    const mantissa = BigInt(nativeUpperBound(step, 8) * 2 ** 52);
    const power = 1n << BigInt(step + 52 * 256);
    assert.ok(mantissa ** 256n <= power && power < (mantissa + 1n) ** 256n, `bound ${step} of schema 8`);
  }
});

for (const schema of SCHEMAS) {
  test(`every bucket of schema ${schema} contains its upper bound and nothing above it`, () => {
    const first = nativeIndex(Number.MIN_VALUE, schema);
    const last = nativeIndex(Number.MAX_VALUE, schema);
    assert.equal(last, 1024 * 2 ** schema);
    let faults = 0;
    for (let index = first; index <= last; index++) {
      const bound = nativeUpperBound(index, schema);
      // Several buckets end at the same subnormal number: the first of them contains it.
      if (nativeIndex(bound, schema) > index || nativeIndex(next(bound), schema) <= index) faults++;
      if (bound > 2 ** -1000 && nativeIndex(bound, schema) !== index) faults++;
    }
    assert.equal(faults, 0);
  });
}

test('powers of two, including subnormal ones, are bounds at every schema', () => {
  for (let exponent = -1074; exponent <= 1023; exponent++) {
    for (const schema of SCHEMAS) {
      assert.equal(nativeIndex(2 ** exponent, schema), Math.ceil(exponent * 2 ** schema) + 0);
    }
    assert.equal(nativeUpperBound(exponent, 0), 2 ** exponent);
    assert.equal(nativeUpperBound(exponent * 256, 8), 2 ** exponent);
  }
});

test('a value just above 1 is in bucket 1 and one just below in bucket 0, at every schema', () => {
  for (const schema of SCHEMAS) {
    assert.equal(nativeIndex(1 + Number.EPSILON, schema), 1);
    assert.equal(nativeIndex(1, schema), 0);
    assert.equal(nativeIndex(1 - Number.EPSILON / 2, schema), 0);
  }
});

test('the last finite bucket ends at the largest double, and infinity is in the one after it', () => {
  for (const schema of SCHEMAS) {
    const last = nativeIndex(Number.MAX_VALUE, schema);
    assert.equal(nativeUpperBound(last, schema), Number.MAX_VALUE);
    assert.equal(nativeIndex(Number.POSITIVE_INFINITY, schema), last + 1);
    assert.equal(nativeUpperBound(last + 1, schema), Number.POSITIVE_INFINITY);
  }
});

test('an index at a coarser schema is that of the value itself', () => {
  const positive = fc.double({ noNaN: true, min: Number.MIN_VALUE });
  fc.assert(
    fc.property(positive, fc.constantFrom(...SCHEMAS), fc.nat(12), (value, schema, levels) => {
      fc.pre(schema - levels >= -4);
      assert.equal(coarserIndex(nativeIndex(value, schema), levels), nativeIndex(value, schema - levels));
    }),
  );
});

test('an index agrees with the logarithm of a value that is not close to a bound', () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, min: 1e-300, max: 1e300 }), fc.constantFrom(...SCHEMAS), (value, schema) => {
      const place = Math.log2(value) * 2 ** schema;
      fc.pre(Math.abs(place - Math.round(place)) > 1e-9);
      assert.equal(nativeIndex(value, schema), Math.ceil(place) + 0);
    }),
  );
});
