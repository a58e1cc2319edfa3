import { highWord, mantissaOf } from './double-bits.ts';

/**
 * Which bucket of a native histogram a value belongs to, exactly. Bucket i ends, inclusively, at base ** i with
 * base = 2 ** 2 ** -schema (native histograms specification). All is worked out at the finest schema: every coarser
 * one merges runs of its buckets. Bounds are the largest doubles that are not above base ** i; the rounded tables
 * that other implementations carry differ from them in the last digits.
 */
export const FINEST_SCHEMA = 8;
export const COARSEST_SCHEMA = -4;

const STEPS = 2 ** FINEST_SCHEMA;
/** Cells of equal width that [1, 2) is cut into: so many that no cell holds two bounds. */
const CELL_BITS = FINEST_SCHEMA + 1;
/** The bucket that ends at 2 ** 1024, which no double reaches: it ends at the largest one, and infinity is beyond. */
const LAST_FINITE = 1024 * STEPS;
const SMALLEST_NORMAL = 2 ** -1022;

interface Tables {
  /** 2 ** (step / 256), rounded down, for steps 0 to 256. */
  readonly bounds: Float64Array;
  /** The first 20 bits of their mantissas; above all of these for 2. */
  readonly highBounds: Int32Array;
  /** For each cell the first step whose bound is not below the cell. */
  readonly firstSteps: Uint16Array;
}

/** Made at first use: most programs have no native histogram, and all of them wait for imports. */
let tables: Tables | undefined;

// The sign is taken off in here: a number worked out on the way to a call is an object where the call is not inlined.
/**
 * The index, on its side of zero, of the bucket with `value`, which is not zero; infinity has the one beyond the largest
 * double.
 */
export function nativeIndex(value: number, schema: number): number {
  return coarserIndex(finestIndex(value), FINEST_SCHEMA - schema);
}

/** The index, `levels` schemas further down, of the bucket that takes up the one with this index. */
export function coarserIndex(index: number, levels: number): number {
  return (index + (1 << levels) - 1) >> levels;
}

/** The largest value that belongs to the bucket. */
export function nativeUpperBound(index: number, schema: number): number {
  const finest = index * 2 ** (FINEST_SCHEMA - schema);
  if (finest >= LAST_FINITE) return finest === LAST_FINITE ? Number.MAX_VALUE : Number.POSITIVE_INFINITY;
  const exponent = Math.floor(finest / STEPS);
  const { bounds } = tables ?? makeTables();
  const mantissa = bounds[finest - exponent * STEPS]!;
  if (exponent >= -1022) return mantissa * 2 ** exponent;
  return Math.floor(mantissa * 2 ** (exponent + 1074)) * Number.MIN_VALUE; // Subnormal: a whole number of smallest ones.
}

// No logarithm, which would be wrong on the bounds: the exponent's bits count powers of two, the mantissa's lead to the
// one bound that has to be compared with.
function finestIndex(value: number): number {
  const distance = Math.abs(value);
  if (distance === Number.POSITIVE_INFINITY) return LAST_FINITE + 1;
  if (distance < SMALLEST_NORMAL) return finestIndex(distance * 2 ** 52) - 52 * STEPS;
  const high = highWord(value) & 0x7fffffff;
  const mantissa = high & 0xfffff;
  const { bounds, highBounds, firstSteps } = tables ?? makeTables();
  const step = firstSteps[mantissa >>> (20 - CELL_BITS)]!;
  const bound = highBounds[step]!;
  // The sign of the difference is 1 where the value is above the bound: it is, as good as by chance, half of the time,
  // and a branch would be guessed wrongly as often. Only equal upper words leave it to the lower ones.
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
