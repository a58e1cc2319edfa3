/** Powers of ten that a double represents exactly. */
const POWERS: readonly number[] = Array.from({ length: 23 }, (_, exponent) => Number(`1e${exponent}`));
const MAX_POWER = 22;
/** A double represents every integer of fifteen digits. */
export const EXACT_DIGITS = 15;
/** Maximum number of digits in two doubles of up to ten and eight digits. */
const MAX_DIGITS = 18;
const TAIL_DIGITS = 8;
/** Splits a double into halves of 26 bits (Veltkamp). */
const SPLITTER = 2 ** 27 + 1;
/** Maximum relative error of the quotient with its correction. */
const MARGIN = 2 ** -98;
const ZERO = 0x30;
const POINT = 0x2e;

/**
 * The double nearest to `digits` times ten to the power of `exponent`, for an integer of up to fifteen digits. Both it and
 * the power are exact, so one operation rounds once, as required. Undefined if the power is not exact.
 */
export function scaled(digits: number, exponent: number): number | undefined {
  if (exponent < 0) return exponent < -MAX_POWER ? undefined : digits / POWERS[-exponent]!;
  return exponent > MAX_POWER ? undefined : digits * POWERS[exponent]!;
}

/**
 * The double nearest to a decimal of sixteen to eighteen digits, as most doubles are written: `bytes` from `start` to
 * `end` are digits with a point at `point`, if that is not negative. Undefined for others, and if the rounding is uncertain.
 * Converting a substring with the engine takes four times as long (bench/parse.ts).
 */
export function longDecimal(bytes: Uint8Array, start: number, end: number, point: number): number | undefined {
  if (point < 0) return undefined;
  let first = start;
  while (bytes[first] === ZERO || bytes[first] === POINT) first++;
  const digits = end - first - (first <= point ? 1 : 0);
  const scale = end - point - 1;
  if (digits <= EXACT_DIGITS || digits > MAX_DIGITS || scale > MAX_POWER) return undefined;
  const middle = end - TAIL_DIGITS - (point >= end - TAIL_DIGITS ? 1 : 0);
  return nearestQuotient(integerOf(bytes, first, middle) * 1e8, integerOf(bytes, middle, end), POWERS[scale]!);
}

/** Returns the digits between two positions as an integer, without the point. */
function integerOf(bytes: Uint8Array, start: number, end: number): number {
  let value = 0;
  for (let at = start; at < end; at++) {
    const code = bytes[at]!;
    if (code !== POINT) value = value * 10 + (code - ZERO);
  }
  return value;
}

/**
 * `(head + tail) / power`, rounded once, if all are exact and `head` is the larger. The quotient of the doubles is corrected
 * by what their rounding left over, which is computed exactly (Dekker); both together are precise to twice the digits of a
 * double. If no number within their margin of error would be rounded to another double, the result is right (Ziv's test).
 */
function nearestQuotient(head: number, tail: number, power: number): number | undefined {
  const sum = head + tail;
  const lost = tail - (sum - head);
  const quotient = sum / power;
  const product = quotient * power;
  const correction = (sum - product - productError(quotient, power, product) + lost) / power;
  const margin = quotient * MARGIN;
  const result = quotient + (correction - margin);
  return result === quotient + (correction + margin) ? result : undefined;
}

/** Returns the rounding error of `product`, the rounded product of two doubles (Dekker's algorithm). */
function productError(one: number, other: number, product: number): number {
  const oneHigh = high(one);
  const oneLow = one - oneHigh;
  const otherHigh = high(other);
  const otherLow = other - otherHigh;
  return oneHigh * otherHigh - product + oneHigh * otherLow + oneLow * otherHigh + oneLow * otherLow;
}

function high(value: number): number {
  const split = SPLITTER * value;
  return split - (split - value);
}
