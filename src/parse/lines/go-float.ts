import { openMetricsFloat } from '../../model/float-layout.ts';
import { parseNumber } from './number.ts';

const HEXADECIMAL = /^([+-]?)0x([0-9a-f]*)\.?([0-9a-f]*)p([+-]?\d+)$/i;

/**
 * The number that Go's `strconv.ParseFloat()` reads, which servers use for bounds and within composite values: as
 * `parseNumber()`, and hexadecimal numbers with an exponent and underscores between digits as well.
 */
export function parseGoFloat(text: string): number | undefined {
  const isHexadecimal = /^[+-]?0x/i.test(text);
  if (text.includes('_') && !hasGoodUnderscores(text, isHexadecimal)) return undefined;
  const digits = text.replaceAll('_', '');
  return isHexadecimal ? parseHexadecimal(digits) : parseNumber(digits);
}

/** The text that a server stores for a value of `le` or `quantile` in a family whose type has such labels. */
export function canonicalBound(text: string): string {
  const bound = parseGoFloat(text);
  return bound === undefined ? text : openMetricsFloat(bound);
}

/** Each stands between digits, or behind the prefix. */
function hasGoodUnderscores(text: string, isHexadecimal: boolean): boolean {
  const misplaced = isHexadecimal ? /(?<![0-9a-fx])_|_(?![0-9a-f])/i : /(?<!\d)_|_(?!\d)/;
  return !misplaced.test(text);
}

function parseHexadecimal(text: string): number | undefined {
  const [, sign, whole = '', fraction = '', power] = HEXADECIMAL.exec(text) ?? [];
  if (power === undefined || whole + fraction === '') return undefined;
  const mantissa = Number(BigInt(`0x0${whole}${fraction}`));
  const value = mantissa === 0 ? 0 : mantissa * 2 ** (Number(power) - 4 * fraction.length);
  if (value === Number.POSITIVE_INFINITY) return undefined;
  return sign === '-' ? -value : value;
}
