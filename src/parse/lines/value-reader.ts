import { BLANK, type Cursor, LINE_FEED, TAB } from './byte-cursor.ts';
import { EXACT_DIGITS, longDecimal, scaled } from './decimal.ts';
import type { Grammar } from './grammar.ts';
import { parseNumber, parseUnboundedNumber } from './number.ts';

const PLUS = 0x2b;
const MINUS = 0x2d;
const POINT = 0x2e;
const ZERO = 0x30;
const NINE = 0x39;
const LETTER_E = 0x65;
const LETTER_CASE = 0x20;

/** Reads the numbers of a line. */
export class ValueReader {
  readonly #cursor: Cursor;
  readonly #tabs: boolean;
  readonly #parse: (text: string) => number | undefined;

  constructor(cursor: Cursor, { blanks, unbounded }: Grammar) {
    this.#cursor = cursor;
    this.#tabs = blanks;
    this.#parse = unbounded ? parseUnboundedNumber : parseNumber;
  }

  /** Reads digits with an optional point and exponent directly, and leaves other numbers to the engine. */
  read(expected: string): number {
    const { bytes, at: start } = this.#cursor;
    const first = bytes[start] === MINUS ? start + 1 : start;
    let at = first;
    let digits = 0;
    let point = -1;
    let code = bytes[at]!;
    for (; (code >= ZERO && code <= NINE) || (code === POINT && point < 0); code = bytes[++at]!) {
      if (code === POINT) point = at;
      else digits = digits * 10 + (code - ZERO);
    }
    if (!this.#isEnd(code)) return this.#withExponent(expected, at, digits, point);
    const count = at - first - (point < 0 ? 0 : 1);
    const value = count > EXACT_DIGITS ? longDecimal(bytes, first, at, point) : shortDecimal(digits, count, at, point);
    if (value === undefined) return this.#anyNumber(expected);
    this.#cursor.at = at;
    return first === start ? value : -value;
  }

  /** Reads a number with an exponent, or something else, at `at` after the digits. */
  #withExponent(expected: string, at: number, digits: number, point: number): number {
    const cursor = this.#cursor;
    const { bytes } = cursor;
    const start = bytes[cursor.at] === MINUS ? cursor.at + 1 : cursor.at;
    const isShort = at > start && at - start <= EXACT_DIGITS && (point < 0 || at - start > 1);
    if ((bytes[at]! | LETTER_CASE) !== LETTER_E || !isShort) return this.#anyNumber(expected);
    const isNegative = bytes[at + 1] === MINUS;
    const first = isNegative || bytes[at + 1] === PLUS ? at + 2 : at + 1;
    let exponent = 0;
    let end = first;
    let code = bytes[end]!;
    for (; code >= ZERO && code <= NINE; code = bytes[++end]!) exponent = exponent * 10 + (code - ZERO);
    const fraction = point < 0 ? 0 : at - point - 1;
    const value = scaled(digits, (isNegative ? -exponent : exponent) - fraction);
    if (end === first || !this.#isEnd(code) || value === undefined) return this.#anyNumber(expected);
    const isMinus = start > cursor.at;
    cursor.at = end;
    return isMinus ? -value : value;
  }

  #isEnd(code: number): boolean {
    return code === LINE_FEED || code === BLANK || (this.#tabs && code === TAB);
  }

  #anyNumber(expected: string): number {
    const start = this.#cursor.at;
    const text = this.#cursor.token(this.#tabs);
    return this.#parse(text) ?? this.#cursor.fail(expected, start);
  }
}

function shortDecimal(digits: number, count: number, end: number, point: number): number | undefined {
  if (count === 0) return undefined;
  return point < 0 ? digits : scaled(digits, point + 1 - end);
}
