import { openMetricsFloat } from '../../model/float-layout.ts';

const DECIMAL = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/;
const INFINITE = /^[+-]?inf(?:inity)?$/i;
const NOT_A_NUMBER = /^nan$/i;
/** Longer texts are rejected unread, because no double needs as many digits. */
const MAX_LENGTH = 65_536;

/**
 * Parses the value of a sample: decimal digits with a point or an exponent, `inf` or `infinity` with or without a sign,
 * `nan` without one, in upper or lower case. Undefined for anything else: an empty text, hexadecimal,
 * `1_000`, surrounding blanks, and numbers too large for a double.
 */
export function parseNumber(text: string): number | undefined {
  const value = parseUnboundedNumber(text);
  return value !== undefined && Math.abs(value) === Number.POSITIVE_INFINITY && !INFINITE.test(text)
    ? undefined
    : value;
}

/** As `parseNumber()`, but numbers too large for a double are infinite, because the grammar of OpenMetrics has no limit. */
export function parseUnboundedNumber(text: string): number | undefined {
  if (text.length > MAX_LENGTH) return undefined;
  if (DECIMAL.test(text)) return Number(text);
  if (INFINITE.test(text)) return text.startsWith('-') ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  return NOT_A_NUMBER.test(text) ? Number.NaN : undefined;
}

const HEXADECIMAL = /^([+-]?)0x([0-9a-f]*)(?:\.([0-9a-f]*))?p([+-]?\d+)$/i;

/**
 * Parses a number as `strconv.ParseFloat()` of Go, which Prometheus uses for bounds and in composite values: as
 * `parseNumber()`, and hexadecimal numbers with an exponent and underscores between digits as well.
 */
export function parseGoFloat(text: string): number | undefined {
  const isHexadecimal = /^[+-]?0x/i.test(text);
  // Each underscore must be between digits or after the prefix.
  if (text.includes('_')) {
    const misplaced = isHexadecimal ? /(?<![0-9a-fx])_|_(?![0-9a-f])/i : /(?<!\d)_|_(?!\d)/;
    if (misplaced.test(text)) return undefined;
  }
  const digits = text.replaceAll('_', '');
  return isHexadecimal ? parseHexadecimal(digits) : parseNumber(digits);
}

const INT64 = /^([+-]?)0*(\d{1,19})$/;
const MAX_INT64 = (1n << 63n) - 1n;

/** Parses an integer of 64 bits. Undefined for anything else; longer texts are not converted, which would take quadratic time. */
export function parseInt64(text: string): bigint | undefined {
  const [, sign, digits] = INT64.exec(text) ?? [];
  if (digits === undefined) return undefined;
  const value = sign === '-' ? -BigInt(digits) : BigInt(digits);
  return value <= MAX_INT64 && value >= -MAX_INT64 - 1n ? value : undefined;
}

/** Returns the text that Prometheus stores for a value of `le` or `quantile` in a family whose type has such labels. */
export function canonicalBound(text: string): string {
  const bound = parseGoFloat(text);
  return bound === undefined ? text : openMetricsFloat(bound);
}

function parseHexadecimal(text: string): number | undefined {
  const [, sign, whole = '', fraction = '', power] = HEXADECIMAL.exec(text) ?? [];
  if (power === undefined || whole + fraction === '') return undefined;
  const mantissa = Number(BigInt(`0x0${whole}${fraction}`));
  const value = mantissa === 0 ? 0 : mantissa * 2 ** (Number(power) - 4 * fraction.length);
  if (value === Number.POSITIVE_INFINITY) return undefined;
  return sign === '-' ? -value : value;
}

/** Maximum number of texts in a cache. */
const MAX_CACHED = 1024;

/** Parses texts that occur again and again, such as the bounds of histograms, only once. */
export class CachedNumbers {
  readonly #numbers = new Map<string, number>();

  /** Like {@link parseNumber}. */
  parse(text: string): number | undefined {
    const known = this.#numbers.get(text);
    if (known !== undefined) return known;
    const number = parseNumber(text);
    if (number !== undefined && this.#numbers.size < MAX_CACHED) this.#numbers.set(text, number);
    return number;
  }
}
