import { isAscii, isUtf8 } from 'node:buffer';
import { ParseError } from '../input/parse-error.ts';

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

const LETTER_N = 0x6e;
const LABEL_START = 1;
const LABEL_PART = 2;
const METRIC_START = 4;
const METRIC_PART = 8;
const CHARACTERS = characterClasses();
/** So many texts of a block are cut out of its bytes one by one, which is slower, before all of it is decoded. */
const FEW_TEXTS = 256;
/** More of a line is not shown in an error. */
const EXCERPT_BYTES = 320;

/**
 * A place in a block of whole lines, each with its line feed. What reads a token leaves the cursor behind it; what finds
 * another throws a `ParseError`. Since a line feed ends the block, no loop here needs to look for its end. Tokens are
 * found in the bytes, which is much faster than in a string. Of most blocks hardly a text is needed: see SeriesCache.
 */
export class Cursor {
  bytes: Buffer = Buffer.alloc(0);
  /** The same memory as `bytes`. */
  view: DataView = new DataView(new ArrayBuffer(0));
  at = 0;
  /** Where the line began that is being read. */
  lineStart = 0;
  /** From 1. */
  line = 0;
  /** Whether no more of the document will follow. */
  isLast = false;
  /** Whether a byte is a character. */
  isAscii = true;
  #isUtf8 = true;
  /** The bytes as characters from U+0000 to U+00FF, once that is worth while: an index means the same in both. */
  #decoded: string | undefined;
  #textsCut = 0;

  /** Moves to another block. */
  load(bytes: Buffer): void {
    this.bytes = bytes;
    this.#decoded = undefined;
    this.#textsCut = 0;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.at = 0;
    this.isAscii = isAscii(bytes);
    this.#isUtf8 = this.isAscii || isUtf8(bytes);
  }

  /** Begins the line at the cursor, if there is one. */
  nextLine(): boolean {
    if (this.at >= this.bytes.length) return false;
    this.lineStart = this.at;
    this.line++;
    return true;
  }

  /** The next line feed. */
  lineEnd(from: number = this.at): number {
    return this.bytes[from] === LINE_FEED ? from : this.bytes.indexOf(LINE_FEED, from);
  }

  code(): number {
    return this.bytes[this.at]!;
  }

  skipBlanks(): void {
    const { bytes } = this;
    let at = this.at;
    while (bytes[at] === BLANK || bytes[at] === TAB) at++;
    this.at = at;
  }

  metricName(maxLength: number): string {
    return this.#name(METRIC_START, METRIC_PART, 'a metric name', maxLength);
  }

  labelName(maxLength: number): string {
    return this.#name(LABEL_START, LABEL_PART, 'a label name', maxLength);
  }

  /** Whether a metric name cannot go on at `at`. */
  endsMetricName(at: number): boolean {
    return !isPart(this.bytes[at]!, METRIC_PART);
  }

  /** Whether `text`, of ASCII, stands at `at`. */
  startsWith(text: string, at: number = this.at): boolean {
    for (let index = 0; index < text.length; index++) {
      if (this.bytes[at + index] !== text.charCodeAt(index)) return false;
    }
    return true;
  }

  /** The bytes between two places, each a character. */
  latin1(start: number, end: number): string {
    if (this.#decoded === undefined) {
      // A text that is cut out of a string keeps all of that in memory, one that is decoded by itself does not.
      if (++this.#textsCut <= FEW_TEXTS) return this.bytes.toString('latin1', start, end);
      this.#decoded = this.bytes.toString('latin1');
    }
    return this.#decoded.slice(start, end);
  }

  /** The text up to the next blank (or tab, if they count) or line feed, each byte a character: comments may hold any. */
  token(tabs: boolean): string {
    const { bytes } = this;
    const start = this.at;
    let at = start;
    for (let code = bytes[at]; code !== BLANK && code !== LINE_FEED; code = bytes[++at]) {
      if (tabs && code === TAB) break;
    }
    this.at = at;
    return this.latin1(start, at);
  }

  restOfLine(): string {
    const start = this.at;
    this.at = this.lineEnd();
    return this.slice(start, this.at);
  }

  /** As `restOfLine()`, but replaces invalid UTF-8. */
  restOfBytes(): string {
    const start = this.at;
    this.at = this.lineEnd();
    return this.bytes.toString('utf8', start, this.at);
  }

  /** A text in quotes, from behind the first of them. */
  quoted(lineFeeds: boolean, anyEscape: boolean): string {
    const { bytes } = this;
    const start = this.at;
    let at = start;
    let code = bytes[at];
    while (code !== QUOTE && code !== BACKSLASH && code !== LINE_FEED) code = bytes[++at];
    if (code !== QUOTE) return this.#quotedFrom(start, at, lineFeeds, anyEscape);
    this.at = at + 1;
    return this.slice(start, at);
  }

  /** As `quoted()`, but replaces invalid UTF-8. */
  quotedBytes(lineFeeds: boolean, anyEscape: boolean): string {
    const start = this.at;
    const end = this.#closingQuote(start, lineFeeds, anyEscape);
    this.at = end + 1;
    if (lineFeeds) this.#countLines(start, end);
    return unescapeBytes(this.bytes.subarray(start, end), true);
  }

  /** Whether the bytes between two places are a text. */
  isText(start: number, end: number): boolean {
    return this.#isUtf8 || isUtf8(this.bytes.subarray(start, end));
  }

  /** The text between two places. */
  slice(start: number, end: number): string {
    if (this.isAscii) return this.latin1(start, end);
    if (!this.isText(start, end)) this.fail('valid UTF-8', start);
    return this.bytes.toString('utf8', start, end);
  }

  /** The text between two places without its escapes; `\"` is one only with `quotes`. */
  unescaped(start: number, end: number, quotes: boolean): string {
    const text = this.slice(start, end);
    return text.includes('\\') ? unescapeBytes(this.bytes.subarray(start, end), quotes) : text;
  }

  /** Throws: something else than `expected` stands at the cursor, or at `at`. */
  fail(expected: string, at: number = this.at): never {
    const { bytes, line, lineStart } = this;
    throw new ParseError({
      line,
      column: bytes.toString('utf8', lineStart, at).length + 1,
      text: bytes.toString('utf8', at, Math.min(this.lineEnd(at), at + EXCERPT_BYTES)),
      expected,
    });
  }

  /** A text in quotes that holds more than plain characters: up to `at` it does not. */
  #quotedFrom(start: number, at: number, lineFeeds: boolean, anyEscape: boolean): string {
    const end = this.#closingQuote(at, lineFeeds, anyEscape);
    this.at = end + 1;
    if (lineFeeds) this.#countLines(start, end);
    return this.unescaped(start, end, true);
  }

  #closingQuote(from: number, lineFeeds: boolean, anyEscape: boolean): number {
    const { bytes } = this;
    for (let at = from; at < bytes.length; at++) {
      const code = bytes[at];
      if (code === QUOTE) return at;
      if (code === LINE_FEED && !lineFeeds) this.fail('a closing quote before the line ends', at);
      if (code === BACKSLASH) this.#checkEscape(++at, anyEscape);
    }
    if (!this.isLast) throw INCOMPLETE;
    return this.fail('a closing quote');
  }

  #checkEscape(at: number, anyEscape: boolean): void {
    const code = this.bytes[at];
    if (code === LINE_FEED) this.fail('a character after the backslash', at);
    const isDefined = code === QUOTE || code === BACKSLASH || code === LETTER_N;
    if (!anyEscape && !isDefined) this.fail('n, " or \\ after the backslash', at);
  }

  /** A line feed within quotes begins a line as well. */
  #countLines(start: number, end: number): void {
    for (let at = this.lineEnd(start); at < end; at = this.lineEnd(at + 1)) this.line++;
  }

  #name(start: number, part: number, expected: string, maxLength: number): string {
    const { bytes } = this;
    const from = this.at;
    let at = from;
    if (!isPart(bytes[at]!, start)) this.fail(expected);
    do at++;
    while (isPart(bytes[at]!, part));
    if (at - from > maxLength) this.fail(`a name of at most ${maxLength} bytes`);
    this.at = at;
    return this.latin1(from, at);
  }
}

/**
 * Undoes escapes, in bytes: with a callback for each, a text of nothing else would take its time. Others than `\n`,
 * `\\` and, with `quotes`, `\"` stay as they are.
 */
function unescapeBytes(bytes: Buffer, quotes: boolean): string {
  const plain = Buffer.allocUnsafe(bytes.length);
  let length = 0;
  for (let at = 0; at < bytes.length; at++) {
    let code = bytes[at]!;
    if (code === BACKSLASH) {
      const next = bytes[at + 1];
      if (next === LETTER_N) code = LINE_FEED;
      else if (next === QUOTE && quotes) code = QUOTE;
      if (next === BACKSLASH || code !== BACKSLASH) at++;
    }
    plain[length++] = code;
  }
  return plain.toString('utf8', 0, length);
}

function isPart(code: number, characterClass: number): boolean {
  return (CHARACTERS[code]! & characterClass) !== 0;
}

/** For each byte what it can be part of. */
function characterClasses(): Uint8Array {
  const classes = new Uint8Array(256);
  for (let code = 0; code < 128; code++) {
    const character = String.fromCharCode(code);
    if (/[a-zA-Z_]/.test(character)) classes[code] = LABEL_START | LABEL_PART | METRIC_START | METRIC_PART;
    if (/[0-9]/.test(character)) classes[code] = LABEL_PART | METRIC_PART;
    if (character === ':') classes[code] = METRIC_START | METRIC_PART;
  }
  return classes;
}
