import { ParseError } from './parse-error.ts';

export const TAB = 0x09;
export const LINE_FEED = 0x0a;
export const BLANK = 0x20;
export const QUOTE = 0x22;
export const HASH = 0x23;
export const COMMA = 0x2c;
export const EQUALS = 0x3d;
export const BACKSLASH = 0x5c;
export const OPEN = 0x7b;
export const CLOSE = 0x7d;

/** Thrown where a quoted text has no end yet and more of the document is to come. */
export const INCOMPLETE: unique symbol = Symbol('incomplete');

const LABEL_START = 1;
const LABEL_PART = 2;
const METRIC_START = 4;
const METRIC_PART = 8;
const CHARACTERS = characterClasses();

/**
 * A place in a run of whole lines, each with its line feed. What reads a token leaves the cursor behind it; what finds
 * another throws a `ParseError`. Since a line feed ends the text, no loop here needs to look for the text's end.
 */
export class Cursor {
  text = '';
  at = 0;
  /** Where the line began that is being read, and where its line feed is. */
  lineStart = 0;
  lineEnd = 0;
  /** From 1. */
  line = 0;
  /** Whether the text is free of lone surrogates, so that no part needs to be looked at. */
  isWellFormed = true;
  /** Whether no more text will follow. */
  isLast = false;

  /** Moves to another run of lines. */
  load(text: string): void {
    this.text = text;
    this.at = 0;
    this.isWellFormed = text.isWellFormed();
  }

  /** Begins the line at the cursor, if there is one. */
  nextLine(): boolean {
    const end = this.text.indexOf('\n', this.at);
    if (end < 0) return false;
    this.lineStart = this.at;
    this.lineEnd = end;
    this.line++;
    return true;
  }

  code(): number {
    return this.text.charCodeAt(this.at);
  }

  skipBlanks(): void {
    const { text } = this;
    let at = this.at;
    for (let code = text.charCodeAt(at); code === BLANK || code === TAB; code = text.charCodeAt(at)) at++;
    this.at = at;
  }

  metricName(maxLength: number): string {
    return this.#name(METRIC_START, METRIC_PART, 'a metric name', maxLength);
  }

  labelName(maxLength: number): string {
    return this.#name(LABEL_START, LABEL_PART, 'a label name', maxLength);
  }

  /** Whether `name` stands here, and no longer one. */
  hasMetricName(name: string): boolean {
    return this.text.startsWith(name, this.at) && !isPart(this.text.charCodeAt(this.at + name.length), METRIC_PART);
  }

  /** The text up to the next blank (or tab, if they count) or line feed. */
  token(tabs: boolean): string {
    const { text } = this;
    let at = this.at;
    for (let code = text.charCodeAt(at); code !== BLANK && code !== LINE_FEED; code = text.charCodeAt(at)) {
      if (tabs && code === TAB) break;
      at++;
    }
    const token = text.slice(this.at, at);
    this.at = at;
    return token;
  }

  restOfLine(): string {
    const rest = this.text.slice(this.at, this.lineEnd);
    this.at = this.lineEnd;
    return rest;
  }

  /** A text in quotes, from behind the first of them. */
  quoted(lineFeeds: boolean, anyEscape: boolean): string {
    const { text } = this;
    const start = this.at;
    let at = start;
    let code = text.charCodeAt(at);
    while (code !== QUOTE && code !== BACKSLASH && code !== LINE_FEED) code = text.charCodeAt(++at);
    if (code !== QUOTE) return this.#quotedFrom(start, at, lineFeeds, anyEscape);
    this.at = at + 1;
    return this.#wellFormed(text.slice(start, at), start);
  }

  /** Throws: something else than `expected` stands at the cursor, or at `at`. */
  fail(expected: string, at: number = this.at): never {
    throw new ParseError({
      line: this.line,
      column: at - this.lineStart + 1,
      text: this.text.slice(at, Math.max(this.lineEnd, at)),
      expected,
    });
  }

  /** A text in quotes that holds more than plain characters: up to `at` it does not. */
  #quotedFrom(start: number, at: number, lineFeeds: boolean, anyEscape: boolean): string {
    const end = this.#closingQuote(at, lineFeeds, anyEscape);
    const raw = this.text.slice(start, end);
    this.at = end + 1;
    if (end > this.lineEnd) this.#extendLine(end);
    return this.#wellFormed(unescapeText(raw), start);
  }

  #closingQuote(from: number, lineFeeds: boolean, anyEscape: boolean): number {
    const { text } = this;
    for (let at = from; at < text.length; at++) {
      const code = text.charCodeAt(at);
      if (code === QUOTE) return at;
      if (code === LINE_FEED && !lineFeeds) this.fail('a closing quote before the line ends', at);
      if (code === BACKSLASH) this.#checkEscape(++at, anyEscape);
    }
    if (!this.isLast) throw INCOMPLETE;
    return this.fail('a closing quote', text.length - 1);
  }

  #checkEscape(at: number, anyEscape: boolean): void {
    const code = this.text.charCodeAt(at);
    if (code === LINE_FEED) this.fail('a character after the backslash', at);
    if (!anyEscape && code !== QUOTE && code !== BACKSLASH && code !== 0x6e)
      this.fail('n, " or \\ after the backslash', at);
  }

  /** The line goes on: a line feed within quotes, up to `end`, did not end it. */
  #extendLine(end: number): void {
    for (let at = this.lineEnd; at >= 0 && at < end; at = this.text.indexOf('\n', at + 1)) this.line++;
    this.lineEnd = this.text.indexOf('\n', end);
  }

  #wellFormed(value: string, at: number): string {
    return this.isWellFormed || value.isWellFormed() ? value : this.fail('valid UTF-8', at);
  }

  #name(start: number, part: number, expected: string, maxLength: number): string {
    const { text } = this;
    const from = this.at;
    let at = from;
    if (!isPart(text.charCodeAt(at), start)) this.fail(expected);
    while (isPart(text.charCodeAt(++at), part));
    if (at - from > maxLength) this.fail(`a name of at most ${maxLength} characters`);
    this.at = at;
    return text.slice(from, at);
  }
}

/** Undoes `\n`, `\"` and `\\`; other escapes stay as they are. */
export function unescapeText(text: string): string {
  return text.replace(/\\([n"\\])/g, (_, character) => (character === 'n' ? '\n' : character));
}

function isPart(code: number, characterClass: number): boolean {
  return code < 128 && (CHARACTERS[code]! & characterClass) !== 0;
}

function characterClasses(): Uint8Array {
  const classes = new Uint8Array(128);
  for (let code = 0; code < 128; code++) {
    const character = String.fromCharCode(code);
    if (/[a-zA-Z_]/.test(character)) classes[code] = LABEL_START | LABEL_PART | METRIC_START | METRIC_PART;
    if (/[0-9]/.test(character)) classes[code] = LABEL_PART | METRIC_PART;
    if (character === ':') classes[code] = METRIC_START | METRIC_PART;
  }
  return classes;
}
