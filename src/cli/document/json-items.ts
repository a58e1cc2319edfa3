const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
const COMMA = 0x2c;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const WHITE_SPACE = [0x20, 0x09, 0x0a, 0x0d];

/**
 * Parses the items of a JSON array that arrives in chunks, each as soon as it is complete. Parsing the whole array at once
 * would take many times its size in memory.
 *
 * @param onGrowth Called with the size in bytes of the incomplete item after each chunk.
 * @throws {SyntaxError} if the document is not a JSON array.
 */
export async function* jsonItems(
  chunks: AsyncIterable<Uint8Array>,
  onGrowth: (bytes: number) => void,
): AsyncIterable<unknown> {
  const scanner = new ArrayScanner();
  let parts: Buffer[] = [];
  let isFirst = true;
  for await (const chunk of chunks) {
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    let start = scanner.begin(bytes);
    for (let end = scanner.itemEnd(bytes, start); end >= 0; end = scanner.itemEnd(bytes, start)) {
      const text = Buffer.concat([...parts, bytes.subarray(start, end)]).toString();
      const isEmptyArray = isFirst && scanner.isOver && text.trim() === '';
      if (!isEmptyArray) yield JSON.parse(text);
      isFirst = false;
      parts = [];
      start = end + 1;
    }
    parts.push(Buffer.from(bytes.subarray(start)));
    onGrowth(parts.reduce((sum, { length }) => sum + length, 0));
  }
  if (!scanner.isOver) throw new SyntaxError('the array is not closed');
}

/** Finds the ends of the items of a JSON array. */
class ArrayScanner {
  /** Number of open brackets and braces: 1 between items, 0 before and after the array. */
  #depth = 0;
  #isInString = false;
  #isEscaped = false;
  #hasBegun = false;

  get isOver(): boolean {
    return this.#hasBegun && this.#depth === 0;
  }

  /** Returns the offset of the first item in the first chunk, and 0 for later chunks. */
  begin(bytes: Buffer): number {
    if (this.#hasBegun) return 0;
    const at = bytes.findIndex((code) => !WHITE_SPACE.includes(code));
    if (at < 0) return bytes.length;
    if (bytes[at] !== OPEN_ARRAY) throw new SyntaxError('it is not an array');
    this.#hasBegun = true;
    this.#depth = 1;
    return at + 1;
  }

  /** Returns the offset of the comma or bracket after the item at `at`; -1 if it is in a later chunk. */
  itemEnd(bytes: Buffer, at: number): number {
    for (let index = at; index < bytes.length; index++) {
      const code = bytes[index]!;
      if (this.#depth > 0 && this.#ends(code)) return index;
      if (this.#depth === 0 && !WHITE_SPACE.includes(code)) {
        throw new SyntaxError('the array is followed by other data');
      }
    }
    return -1;
  }

  #ends(code: number): boolean {
    if (this.#isInString) {
      if (this.#isEscaped) this.#isEscaped = false;
      else if (code === BACKSLASH) this.#isEscaped = true;
      else if (code === QUOTE) this.#isInString = false;
      return false;
    }
    if (code === QUOTE) this.#isInString = true;
    else if (code === OPEN_ARRAY || code === OPEN_OBJECT) this.#depth++;
    else if (code === CLOSE_ARRAY || code === CLOSE_OBJECT) this.#depth--;
    return this.#depth === 0 || (this.#depth === 1 && code === COMMA);
  }
}
