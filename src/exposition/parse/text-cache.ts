import { BACKSLASH, type Cursor, LINE_FEED, QUOTE } from './cursor.ts';

const SLOTS = 1024;

/**
 * Label values that were read lately, each in the slot that its hash says. The same value in many lines is then one
 * string, and blocks of the document are not kept in memory by the many strings cut out of them.
 */
export class TextCache {
  readonly #slots = new Array<string>(SLOTS).fill('');

  /** The quoted text at the cursor, which is moved behind it; undefined, and the cursor not moved, if it is not plain. */
  quoted(cursor: Cursor): string | undefined {
    if (!cursor.isAscii) return undefined; // Bytes and characters are compared.
    const { bytes, at: start } = cursor;
    let at = start;
    let hash = 0;
    let code = bytes[at]!;
    for (; code !== QUOTE; code = bytes[++at]!) {
      if (code === BACKSLASH || code === LINE_FEED) return undefined;
      hash = (Math.imul(hash, 31) + code) | 0;
    }
    cursor.at = at + 1;
    const slot = (hash ^ (hash >>> 15)) & (SLOTS - 1);
    const cached = this.#slots[slot]!;
    if (isAt(cached, bytes, start, at)) return cached;
    const text = cursor.slice(start, at);
    this.#slots[slot] = text;
    return text;
  }
}

function isAt(text: string, bytes: Buffer, start: number, end: number): boolean {
  if (text.length !== end - start) return false;
  for (let index = 0; index < text.length; index++) {
    if (text.charCodeAt(index) !== bytes[start + index]) return false;
  }
  return true;
}
