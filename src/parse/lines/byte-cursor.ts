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

/** Thrown if a quoted text is incomplete and more of the document will follow. */
export const INCOMPLETE: unique symbol = Symbol('incomplete');

const LETTER_N = 0x6e;
const LABEL_START = 1;
const LABEL_PART = 2;
const METRIC_START = 4;
const METRIC_PART = 8;
const CHARACTERS = characterClasses();
/** Number of texts of a block that are decoded one by one, which is slower, before the entire block is decoded. */
const FEW_TEXTS = 256;
/** Maximum length of the part of a line in an error. */
const EXCERPT_BYTES = 320;

/**
 * A position in a block of complete lines, each with its line feed. Methods that read a token move the cursor after it, or throw
 * a `ParseError` for another token. A line feed ends the block, so loops need not check for its end. Tokens are found in the bytes,
 * which is much faster than in a string. Most blocks need hardly any text: see SeriesCache.
 */
export class Cursor {
  bytes: Buffer = Buffer.alloc(0);
  /** The same memory as `bytes`. */
  view: DataView = new DataView(new ArrayBuffer(0));
  /** Last position at which four bytes can be read. Asking the view for its length each time takes a fifth of parsing in Node.js 20. */
  lastWord = -4;
  at = 0;
  /** Start of the current line. */
  lineStart = 0;
  /** From 1. */
  line = 0;
  /** Whether this is the last block of the document. */
  isLast = false;
  /** Whether each byte is a character. */
  isAscii = true;
  #isUtf8 = true;
  /** The bytes as characters from U+0000 to U+00FF, once decoding pays off. Indexes are the same in both. */
  #decoded: string | undefined;
  #textsCut = 0;

  /** Moves to another block. */
  load(bytes: Buffer): void {
    this.bytes = bytes;
    this.#decoded = undefined;
    this.#textsCut = 0;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.lastWord = bytes.length - 4;
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

  /** Position of the next line feed. */
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

  /** Whether the ASCII `text` is at `at`. */
  startsWith(text: string, at: number = this.at): boolean {
    for (let index = 0; index < text.length; index++) {
      if (this.bytes[at + index] !== text.charCodeAt(index)) return false;
    }
    return true;
  }

  /** Returns the bytes between two positions as one character each. */
  latin1(start: number, end: number): string {
    if (this.#decoded === undefined) {
      // A substring keeps the entire string in memory; a separately decoded text does not.
      if (++this.#textsCut <= FEW_TEXTS) return this.bytes.toString('latin1', start, end);
      this.#decoded = this.bytes.toString('latin1');
    }
    return this.#decoded.slice(start, end);
  }

  /** Reads up to the next blank (or tab, if `tabs`) or line feed, each byte as a character, because comments may have any bytes. */
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

  /** Reads a quoted text, from the position after its opening quote. */
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

  /** Whether the bytes between two positions are valid UTF-8. */
  isText(start: number, end: number): boolean {
    return this.#isUtf8 || isUtf8(this.bytes.subarray(start, end));
  }

  /** Returns the text between two positions. */
  slice(start: number, end: number): string {
    if (this.isAscii) return this.latin1(start, end);
    if (!this.isText(start, end)) this.fail('valid UTF-8', start);
    return this.bytes.toString('utf8', start, end);
  }

  /** Returns the unescaped text between two positions; `\"` is an escape only with `quotes`. */
  unescaped(start: number, end: number, quotes: boolean): string {
    const text = this.slice(start, end);
    return text.includes('\\') ? unescapeBytes(this.bytes.subarray(start, end), quotes) : text;
  }

  /** Throws an error for the text at `at`, by default at the cursor. */
  fail(expected: string, at: number = this.at): never {
    const { bytes, line, lineStart } = this;
    throw new ParseError({
      line,
      column: bytes.toString('utf8', lineStart, at).length + 1,
      text: bytes.toString('utf8', at, Math.min(this.lineEnd(at), at + EXCERPT_BYTES)),
      expected,
    });
  }

  /** Reads a quoted text with special characters; the part before `at` has none. */
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

  /** A line feed within quotes also starts a line. */
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
 * Unescapes bytes. A callback per escape would be slow for a text of escapes. All escapes except `\n`, `\\` and, with `quotes`,
 * `\"` are unchanged.
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

/** Character classes by byte. */
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
