import { BLANK, type Cursor, LINE_FEED, TAB } from './cursor.ts';
import type { Grammar } from './grammar.ts';
import { exactInteger, parseNumber, parseUnboundedNumber } from './number.ts';

const POINT = 0x2e;
const MINUS = 0x2d;
const ZERO = 0x30;
const NINE = 0x39;
/** A double holds every integer of fifteen digits. */
const EXACT_DIGITS = 15;
const POWERS = Array.from({ length: EXACT_DIGITS + 1 }, (_, exponent) => 10 ** exponent);

/** Reads the numbers of a line. */
export class ValueReader {
  /** The last value read, if it is an integer that a double cannot hold. */
  exact: bigint | undefined;
  readonly #cursor: Cursor;
  readonly #tabs: boolean;
  readonly #parse: (text: string) => number | undefined;

  constructor(cursor: Cursor, { blanks, unbounded }: Grammar) {
    this.#cursor = cursor;
    this.#tabs = blanks;
    this.#parse = unbounded ? parseUnboundedNumber : parseNumber;
  }

  /**
   * Most numbers are a few digits, perhaps with a point. Both the digits without their point and the power of ten are
   * exact up to fifteen digits, so the quotient is rounded once, as it has to be. With more, the engine does it.
   */
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
    const count = at - first - (point < 0 ? 0 : 1);
    if (count === 0 || !this.#isEnd(code)) return this.#anyNumber(expected);
    this.#cursor.at = at;
    if (count > EXACT_DIGITS) return this.#longDecimal(start, at);
    this.exact = undefined;
    const value = point < 0 ? digits : digits / POWERS[at - point - 1]!;
    return first === start ? value : -value;
  }

  #isEnd(code: number): boolean {
    return code === LINE_FEED || code === BLANK || (this.#tabs && code === TAB);
  }

  /** Too many digits to count with, and all of them plain. */
  #longDecimal(start: number, end: number): number {
    const text = this.#cursor.text.slice(start, end);
    const value = Number(text);
    this.exact = Number.isInteger(value) ? exactInteger(text) : undefined;
    return Number.isFinite(value) ? value : this.#parsed(text, 'a number that a double can hold', start);
  }

  #anyNumber(expected: string): number {
    const start = this.#cursor.at;
    const text = this.#cursor.token(this.#tabs);
    this.exact = text.length > EXACT_DIGITS ? exactInteger(text) : undefined;
    return this.#parsed(text, expected, start);
  }

  #parsed(text: string, expected: string, start: number): number {
    return this.#parse(text) ?? this.#cursor.fail(expected, start);
  }
}
