import { BLANK, type Cursor, LINE_FEED, TAB } from './cursor.ts';
import type { Grammar } from './grammar.ts';
import { exactInteger, parseNumber, parseUnboundedNumber } from './number.ts';

const POINT = 0x2e;
const MINUS = 0x2d;
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

  read(expected: string): number {
    this.exact = undefined;
    const value = this.#shortDecimal();
    return value ?? this.#anyNumber(expected);
  }

  /**
   * Most numbers: a few digits, perhaps with a point. Both the digits without their point and the power of ten are
   * exact, so the quotient is rounded once, as it has to be. Undefined, and the cursor where it was, for others.
   */
  #shortDecimal(): number | undefined {
    const { text, at: start } = this.#cursor;
    const first = text.charCodeAt(start) === MINUS ? start + 1 : start;
    let at = first;
    let digits = 0;
    let point = -1;
    let code = text.charCodeAt(at);
    for (; (code >= 0x30 && code <= 0x39) || (code === POINT && point < 0); code = text.charCodeAt(++at)) {
      if (code === POINT) point = at;
      else digits = digits * 10 + (code - 0x30);
    }
    const count = at - first - (point < 0 ? 0 : 1);
    const isEnd = code === LINE_FEED || code === BLANK || (this.#tabs && code === TAB);
    if (!isEnd || count === 0 || count > EXACT_DIGITS) return undefined;
    this.#cursor.at = at;
    const value = point < 0 ? digits : digits / POWERS[at - point - 1]!;
    return first === start ? value : -value;
  }

  #anyNumber(expected: string): number {
    const start = this.#cursor.at;
    const token = this.#cursor.token(this.#tabs);
    const value = this.#parse(token);
    if (value === undefined) this.#cursor.fail(expected, start);
    if (token.length > EXACT_DIGITS) this.exact = exactInteger(token);
    return value;
  }
}
