import { highWord, mantissaOf } from './double-bits.ts';

// The exact bucket index of a value in a native histogram. Bucket i has the inclusive upper bound base ** i with base =
// 2 ** 2 ** -schema (native histograms specification). Indexes are computed at the finest schema, because each coarser
// schema merges runs of its buckets. Bounds are the largest doubles that are at most base ** i; the rounded tables of
// other implementations differ from them in the last digits.

/** The schema with the narrowest buckets. */
export const FINEST_SCHEMA = 8;
/** The schema with the widest buckets. */
export const COARSEST_SCHEMA = -4;

const STEPS = 2 ** FINEST_SCHEMA;
/** [1, 2) is divided into 2 ** CELL_BITS cells of equal width, so that no cell contains two bounds. */
const CELL_BITS = FINEST_SCHEMA + 1;
/**
 * The bucket with the bound 2 ** 1024, which is not a double: it ends at the largest double, and infinity is beyond.
 */
const LAST_FINITE = 1024 * STEPS;
const SMALLEST_NORMAL = 2 ** -1022;

interface Tables {
  /** 2 ** (step / 256), rounded down, for steps 0 to 256. */
  readonly bounds: Float64Array;
  /** First 20 bits of their mantissas; for 2 a number above all of these. */
  readonly highBounds: Int32Array;
  /** For each cell, the first step whose bound is at least the start of the cell. */
  readonly firstSteps: Uint16Array;
}

/** Computed on first use: most programs have no native histograms, and imports must be fast. */
let tables: Tables | undefined;

// Takes the absolute value itself: engines allocate a number that is computed for an argument if the call is not
// inlined.
/**
 * Returns the index of the bucket with `value`, on its side of zero. The value must not be zero. Infinity has the index
 * after that of the largest double.
 */
export function nativeIndex(value: number, schema: number): number {
  return coarserIndex(finestIndex(value), FINEST_SCHEMA - schema);
}

/**
 * Returns the index, in a schema that is coarser by `levels`, of the bucket that contains the bucket with this index.
 */
export function coarserIndex(index: number, levels: number): number {
  return (index + (1 << levels) - 1) >> levels;
}

/** Returns the largest value that belongs to a bucket. */
export function nativeUpperBound(index: number, schema: number): number {
  const finest = index * 2 ** (FINEST_SCHEMA - schema);
  if (finest >= LAST_FINITE) return finest === LAST_FINITE ? Number.MAX_VALUE : Number.POSITIVE_INFINITY;
  const exponent = Math.floor(finest / STEPS);
  const { bounds } = tables ?? makeTables();
  const mantissa = bounds[finest - exponent * STEPS]!;
  if (exponent >= -1022) return mantissa * 2 ** exponent;
  return Math.floor(mantissa * 2 ** (exponent + 1074)) * Number.MIN_VALUE; // Subnormal: a multiple of the smallest double.
}

// Without a logarithm, which would be wrong at the bounds: the exponent's bits count powers of two, and the mantissa's
// bits lead to the one bound to compare with.
function finestIndex(value: number): number {
  const distance = Math.abs(value);
  if (distance === Number.POSITIVE_INFINITY) return LAST_FINITE + 1;
  if (distance < SMALLEST_NORMAL) return finestIndex(distance * 2 ** 52) - 52 * STEPS;
  const high = highWord(value) & 0x7fffffff;
  const mantissa = high & 0xfffff;
  const { bounds, highBounds, firstSteps } = tables ?? makeTables();
  const step = firstSteps[mantissa >>> (20 - CELL_BITS)]!;
  const bound = highBounds[step]!;
  // The sign of the difference is 1 if the value is above the bound. That is unpredictable, so a branch would be
  // mispredicted half of the time. The lower words matter only if the upper ones are equal.
  const isAbove = mantissa === bound ? Number(mantissaOf(value) > bounds[step]!) : (bound - mantissa) >>> 31;
  return ((high >>> 20) - 1023) * STEPS + step + isAbove;
}

function makeTables(): Tables {
  const bounds = boundsFromOneToTwo();
  const highBounds = Int32Array.from(bounds, (bound) => (bound < 2 ? highWord(bound) & 0xfffff : 2 ** 20));
  tables = { bounds, highBounds, firstSteps: firstStepsOfCells(bounds) };
  return tables;
}

function boundsFromOneToTwo(): Float64Array {
  const one = 1n << 128n;
  let factor = 2n * one;
  for (let level = 0; level < FINEST_SCHEMA; level++) factor = squareRoot(factor * one, factor);
  const found = new Float64Array(STEPS + 1);
  for (let step = 0, bound = one; step < STEPS; step++, bound = (bound * factor) / one) {
    found[step] = Number(bound >> 76n) / 2 ** 52; // Rounded down to the 53 bits of a double.
  }
  found[STEPS] = 2;
  return found;
}

function firstStepsOfCells(bounds: Float64Array): Uint16Array {
  const found = new Uint16Array(2 ** CELL_BITS);
  for (let cell = 0, step = 0; cell < found.length; cell++) {
    while (bounds[step]! < 1 + cell / found.length) step++;
    found[cell] = step;
  }
  return found;
}

/** Newton's method on whole numbers, from a start that is not below the root. */
function squareRoot(square: bigint, start: bigint): bigint {
  const next = (start + square / start) / 2n;
  return next >= start ? start : squareRoot(square, next);
}
