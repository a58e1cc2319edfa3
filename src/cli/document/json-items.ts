const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
const COMMA = 0x2c;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
/** Blanks, tabs and line ends. */
const WHITE_SPACE = [0x20, 0x09, 0x0a, 0x0d];

/**
 * The items of a JSON list that arrives in chunks, each as soon as it is complete: `JSON.parse()` takes many times the
 * memory of what it reads. `onGrowth` is told of the bytes of the item at hand. Throws a SyntaxError where there is no
 * such list.
 */
export async function* jsonItems(
  chunks: AsyncIterable<Uint8Array>,
  onGrowth: (bytes: number) => void,
): AsyncIterable<unknown> {
  const scanner = new ListScanner();
  let parts: Buffer[] = [];
  let isFirst = true;
  for await (const chunk of chunks) {
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    let start = scanner.begin(bytes);
    for (let end = scanner.itemEnd(bytes, start); end >= 0; end = scanner.itemEnd(bytes, start)) {
      const text = Buffer.concat([...parts, bytes.subarray(start, end)]).toString();
      const isEmptyList = isFirst && scanner.isOver && text.trim() === '';
      if (!isEmptyList) yield JSON.parse(text);
      isFirst = false;
      parts = [];
      start = end + 1;
    }
    parts.push(Buffer.from(bytes.subarray(start)));
    onGrowth(parts.reduce((sum, { length }) => sum + length, 0));
  }
  if (!scanner.isOver) throw new SyntaxError('the list has no end');
}

/** Finds where the items of a list end. */
class ListScanner {
  /** Of brackets and braces: 1 among the items, 0 before and behind the list. */
  #depth = 0;
  #isInText = false;
  #isEscaped = false;
  #hasBegun = false;

  get isOver(): boolean {
    return this.#hasBegun && this.#depth === 0;
  }

  /** Where in the first bytes of the document the first item begins; 0 in others. */
  begin(bytes: Buffer): number {
    if (this.#hasBegun) return 0;
    const at = bytes.findIndex((code) => !WHITE_SPACE.includes(code));
    if (at < 0) return bytes.length;
    if (bytes[at] !== OPEN_LIST) throw new SyntaxError('it is not a list');
    this.#hasBegun = true;
    this.#depth = 1;
    return at + 1;
  }

  /** The comma or bracket behind the item at `at`, or -1 if that has not come yet. */
  itemEnd(bytes: Buffer, at: number): number {
    for (let index = at; index < bytes.length; index++) {
      if (this.#depth === 0) this.#checkBlank(bytes[index]!);
      else if (this.#ends(bytes[index]!)) return index;
    }
    return -1;
  }

  #checkBlank(code: number): void {
    if (!WHITE_SPACE.includes(code)) throw new SyntaxError('something follows the list');
  }

  #ends(code: number): boolean {
    if (this.#isInText) {
      this.#readText(code);
      return false;
    }
    if (code === QUOTE) this.#isInText = true;
    else if (code === OPEN_LIST || code === OPEN_OBJECT) this.#depth++;
    else if (code === CLOSE_LIST || code === CLOSE_OBJECT) this.#depth--;
    return this.#depth === 0 || (this.#depth === 1 && code === COMMA);
  }

  #readText(code: number): void {
    if (this.#isEscaped) this.#isEscaped = false;
    else if (code === BACKSLASH) this.#isEscaped = true;
    else if (code === QUOTE) this.#isInText = false;
  }
}
