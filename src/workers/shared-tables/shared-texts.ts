/** Each text has its length in bytes before it. */
const LENGTH_BYTES = 4;
/** Number of texts, before the first of them. */
const HEADER_BYTES = 4;
const INITIAL_BYTES = 256;

/**
 * Texts in shared memory, in the order of their ids. Texts are only appended, so that another thread can read those that
 * it does not know yet at any time.
 */
export class SharedTexts {
  #bytes: Buffer;
  #count = 0;
  #used = HEADER_BYTES;

  constructor() {
    this.#bytes = sharedBuffer(INITIAL_BYTES);
  }

  /** The memory. It is replaced when it is full; the old one remains as it was. */
  get bytes(): Uint8Array {
    return this.#bytes;
  }

  /** Appends the texts that are missing at the end. Returns whether `bytes` was replaced. */
  append(texts: readonly string[]): boolean {
    if (this.#count === texts.length) return false;
    const before = this.#bytes;
    for (; this.#count < texts.length; this.#count++) this.#write(texts[this.#count]!);
    Atomics.store(countOf(this.#bytes), 0, this.#count);
    return this.#bytes !== before;
  }

  #write(text: string): void {
    const length = Buffer.byteLength(text);
    this.#reserve(LENGTH_BYTES + length);
    this.#bytes.writeUInt32LE(length, this.#used);
    this.#bytes.write(text, this.#used + LENGTH_BYTES);
    this.#used += LENGTH_BYTES + length;
  }

  #reserve(bytes: number): void {
    if (this.#used + bytes <= this.#bytes.length) return;
    const larger = sharedBuffer(Math.max(this.#bytes.length * 2, this.#used + bytes));
    larger.set(this.#bytes.subarray(0, this.#used));
    this.#bytes = larger;
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

function sharedBuffer(length: number): Buffer {
  return Buffer.from(new SharedArrayBuffer(length));
}

function countOf({ buffer, byteOffset }: Uint8Array): Int32Array {
  return new Int32Array(buffer, byteOffset, 1);
}
