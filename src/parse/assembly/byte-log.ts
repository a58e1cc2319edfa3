const MIN_BYTES = 1024;
const MAX_BYTES = 64 * 1024;
/** A new block has this share of all bytes before it, so that little of it remains unused. */
const SHARE = 0.25;
/** Bits of an integer in a byte; the highest bit tells that more follow. */
const BITS = 7;
const MORE = 0x80;

/** Bytes that are written once, in order. They are kept in blocks, because one buffer would be copied when it grows. */
export class ByteLog {
  /** Position in the current block; may be set back within what `reserve()` has reserved. */
  at = 0;
  readonly #full: Buffer[] = [];
  #fullBytes = 0;
  #block = Buffer.alloc(0);

  /** All blocks, each with the bytes that were written. */
  get blocks(): readonly Buffer[] {
    return [...this.#full, this.#block.subarray(0, this.at)];
  }

  /** Makes room for so many bytes, which will be in one block. Call it before writing. */
  reserve(bytes: number): void {
    if (this.at + bytes <= this.#block.length) return;
    if (this.at > 0) this.#full.push(this.#block.subarray(0, this.at));
    this.#fullBytes += this.at;
    const size = Math.min(this.#fullBytes * SHARE, MAX_BYTES);
    this.#block = Buffer.allocUnsafeSlow(Math.max(bytes, size, MIN_BYTES));
    this.at = 0;
  }

  byte(value: number): void {
    this.#block[this.at++] = value;
  }

  /** Writes an integer from 0 to 2 ** 32 - 1. */
  integer(value: number): void {
    let rest = value;
    for (; rest >= MORE; rest >>>= BITS) this.byte((rest & (MORE - 1)) | MORE);
    this.byte(rest);
  }

  double(value: number): void {
    this.at = this.#block.writeDoubleLE(value, this.at);
  }
}

/** Reads a log from its start. */
export class ByteLogReader {
  readonly #blocks: readonly Buffer[];
  #next = 0;
  #block: Buffer = Buffer.alloc(0);
  #at = 0;

  constructor(log: ByteLog) {
    this.#blocks = log.blocks;
  }

  /** Whether more was written. Call it before reading what was reserved together. */
  hasMore(): boolean {
    while (this.#at === this.#block.length) {
      const block = this.#blocks[this.#next++];
      if (block === undefined) return false;
      this.#block = block;
      this.#at = 0;
    }
    return true;
  }

  byte(): number {
    return this.#block[this.#at++]!;
  }

  integer(): number {
    let value = 0;
    let byte = this.byte();
    for (let bits = 0; ; bits += BITS, byte = this.byte()) {
      value |= (byte & (MORE - 1)) << bits;
      if (byte < MORE) return value >>> 0;
    }
  }

  double(): number {
    const value = this.#block.readDoubleLE(this.#at);
    this.#at += 8;
    return value;
  }
}
