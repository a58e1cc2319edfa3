/** Each text has its length in bytes before it. */
const LENGTH_BYTES = 4;
/** Number of texts, before the first of them. */
const HEADER_BYTES = 4;
const INITIAL_BYTES = 256;
/** Up to this length, a loop is faster than the call of a native function. */
const SHORT = 64;

/**
 * Texts in shared memory, in the order of their ids. Texts are only appended, so that another thread can read those that
 * it does not know yet at any time.
 */
export class SharedTexts {
  #bytes = sharedBuffer(INITIAL_BYTES);
  /** The count in the memory: a view of it is not created for each new text. */
  #shownCount = countOf(this.#bytes);
  #count = 0;
  #used = HEADER_BYTES;

  /** The memory. It is replaced when it is full; the old one remains as it was. */
  get bytes(): Uint8Array {
    return this.#bytes;
  }

  /** Appends the texts that are missing at the end. Returns whether `bytes` was replaced. */
  append(texts: readonly string[]): boolean {
    if (this.#count === texts.length) return false;
    const before = this.#bytes;
    for (; this.#count < texts.length; this.#count++) this.#write(texts[this.#count]!);
    Atomics.store(this.#shownCount, 0, this.#count);
    return this.#bytes !== before;
  }

  #write(text: string): void {
    this.#reserve(LENGTH_BYTES + text.length * 3); // UTF-8 needs at most three bytes per UTF-16 unit.
    const at = this.#used + LENGTH_BYTES;
    const length = writeShortAscii(this.#bytes, at, text) ? text.length : this.#bytes.write(text, at);
    this.#bytes.writeUInt32LE(length, this.#used);
    this.#used = at + length;
  }

  #reserve(bytes: number): void {
    if (this.#used + bytes <= this.#bytes.length) return;
    const larger = sharedBuffer(Math.max(this.#bytes.length * 2, this.#used + bytes));
    larger.set(this.#bytes.subarray(0, this.#used));
    this.#bytes = larger;
    this.#shownCount = countOf(larger);
  }
}

/** Reads the texts of a `SharedTexts` of another thread. */
export class SharedTextReader {
  #bytes: Buffer = Buffer.alloc(HEADER_BYTES);
  #count = 0;
  #used = HEADER_BYTES;

  /** Continues in another memory that begins with the same texts. */
  follow({ buffer, byteOffset, byteLength }: Uint8Array): void {
    this.#bytes = Buffer.from(buffer, byteOffset, byteLength);
  }

  /** Calls `add` with each text that was appended since the last call. */
  readNew(add: (text: string) => void): void {
    for (const count = Atomics.load(countOf(this.#bytes), 0); this.#count < count; this.#count++) {
      const start = this.#used + LENGTH_BYTES;
      const end = start + this.#bytes.readUInt32LE(this.#used);
      add(this.#bytes.toString('utf8', start, end));
      this.#used = end;
    }
  }
}

/** Writes a short text of ASCII characters. Returns false if it is another one; what it has written then does not matter. */
function writeShortAscii(bytes: Buffer, at: number, text: string): boolean {
  if (text.length > SHORT) return false;
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    if (unit > 0x7f) return false;
    bytes[at + index] = unit;
  }
  return true;
}

function sharedBuffer(length: number): Buffer {
  return Buffer.from(new SharedArrayBuffer(length));
}

function countOf({ buffer, byteOffset }: Uint8Array): Int32Array {
  return new Int32Array(buffer, byteOffset, 1);
}
