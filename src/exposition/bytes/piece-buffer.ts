import { type Fragment, SLACK } from './fragment.ts';

const INITIAL_BYTES = 16 * 1024;
/** What was taken in pieces up to this size goes on being written in such pieces. */
const MAX_PIECE_BYTES = 256 * 1024;
const MAX_VARINT = 10;
const NOTHING = Buffer.alloc(0);
const NO_VIEW = new DataView(NOTHING.buffer);

export interface PieceBufferOptions {
  /** The size of the first buffer. */
  readonly capacity?: number;
  /** Gives a buffer of that size or more, whose bytes may be anything; it may be one that was taken before. */
  readonly allocate?: (atLeast: number) => Buffer<ArrayBuffer>;
  /** The size from which a part of a message is put aside, to be a piece of its own; none by default. */
  readonly pieceBytes?: number;
}

/**
 * A buffer that grows as encoders write to it, and is taken in pieces. Of a message that has its length before it nothing
 * can be taken until it ends: what there is of a long one is put aside meanwhile, as a buffer that grows is copied.
 */
export class PieceBuffer {
  protected buffer = NOTHING;
  /** The same memory as `buffer`. */
  protected view = NO_VIEW;
  /** Up to where the buffer is written. */
  protected end = 0;
  /** The size of the next buffer at least; it is made when there is something to write. */
  #capacity: number;
  /** Up to where can be written without a look: less than there is, as copies write a few bytes too many. */
  protected limit = 0;
  /** Bytes that were before those in the buffer. */
  protected taken = 0;
  /** Where in the buffer the message begins, its length before it; undefined where there is none. */
  #message: number | undefined = undefined;
  /** What of the message is not in the buffer any more. */
  #aside: Buffer[] = [];
  /** Whole, and before what is in the buffer. */
  readonly #pieces: Buffer[] = [];
  readonly #allocate: (atLeast: number) => Buffer<ArrayBuffer>;
  readonly #pieceBytes: number;

  constructor({
    capacity = INITIAL_BYTES,
    allocate = Buffer.allocUnsafeSlow,
    pieceBytes = Number.POSITIVE_INFINITY,
  }: PieceBufferOptions = {}) {
    this.#capacity = capacity;
    this.#allocate = allocate;
    this.#pieceBytes = pieceBytes;
  }

  /** How many bytes can be taken. */
  get length(): number {
    return sizeOf(this.#pieces) + this.#wholeEnd;
  }

  /** Grows by each byte that is written. */
  get position(): number {
    return this.taken + this.end;
  }

  /** All that was written, still this writer's own: good until something else is written. */
  get written(): Fragment {
    return { bytes: this.buffer, view: this.view, start: 0, length: this.end };
  }

  /** Whether one `take()` more gives something. */
  get hasPieces(): boolean {
    return this.#pieces.length > 0;
  }

  /**
   * What was written since the last `take()`, or a piece of it, from the beginning. The bytes are the caller's: they are not
   * written again by this.
   */
  take(): Buffer {
    return this.#pieces.shift() ?? this.#takeWhole();
  }

  #takeWhole(): Buffer {
    const whole = this.#wholeEnd;
    if (whole === this.end) return this.#takeAll();
    if (whole === 0) return NOTHING;
    // The message goes on in another buffer.
    const all = this.#takeAll();
    this.bytes(all.subarray(whole));
    this.taken -= this.end;
    this.#message = 1;
    return all.subarray(0, whole);
  }

  #takeAll(): Buffer {
    const taken = this.buffer.subarray(0, this.end);
    this.#capacity = Math.min(this.limit, MAX_PIECE_BYTES); // What is made for it has the size of what was taken.
    this.buffer = NOTHING;
    this.view = NO_VIEW;
    this.limit = 0;
    this.taken += this.end;
    this.end = 0;
    return taken;
  }

  /** Up to where the buffer can be taken: without the message, and the byte before it. */
  get #wholeEnd(): number {
    if (this.#message === undefined) return this.end;
    return this.#aside.length > 0 ? 0 : this.#message - 1;
  }

  /** Begins a message whose length is to stand before it. */
  openMessage(): void {
    this.reserve(1);
    this.#message = ++this.end;
  }

  /** Puts aside what there is of the message, if it is long. It must not be taken back any more. */
  putAside(): void {
    if (this.#message === undefined || this.end - this.#message < this.#pieceBytes) return;
    if (this.#wholeEnd > 0) this.#pieces.push(this.#takeWhole());
    this.#aside.push(this.#takeAll().subarray(this.#message));
    this.#message = 0;
  }

  /** Ends the message. */
  closeMessage(): void {
    if (this.#message === undefined) return;
    if (this.#aside.length === 0) this.close(this.taken + this.#message);
    else this.#pieces.push(varintOf(sizeOf(this.#aside) + this.end), ...this.#aside);
    this.#aside = [];
    this.#message = undefined;
  }

  /** Forgets the message, of which nothing was put aside. */
  dropMessage(): void {
    this.end = this.#wholeEnd;
    this.#message = undefined;
  }

  /** Forgets what was written after `position`, of which nothing was taken. */
  rewind(position: number): void {
    this.end = position - this.taken;
  }

  /** Makes room for that many bytes. All that write do; it is for what comes in many pieces. */
  reserve(count: number): void {
    if (this.end + count > this.limit) this.#grow(count);
  }

  bytes(bytes: Uint8Array): void {
    this.reserve(bytes.length);
    this.buffer.set(bytes, this.end);
    this.end += bytes.length;
  }

  /** A whole number below 2 ** 64, in groups of seven bits. */
  varint(value: number): void {
    this.reserve(MAX_VARINT);
    this.end = writeVarint(this.buffer, this.end, value);
  }

  /** Ends the message that begins there: it moves up where its length takes more than the one byte that was left for it. */
  close(start: number): void {
    const from = start - this.taken;
    const length = this.end - from;
    const more = bytesOfVarint(length) - 1;
    if (more > 0) {
      this.reserve(more);
      this.buffer.copyWithin(from + more, from, this.end);
      this.end += more;
    }
    writeVarint(this.buffer, from - 1, length);
  }

  /** The new bytes are not set to zero: what was not written is not read. */
  #grow(count: number): void {
    const atLeast = Math.max(this.end + count + SLACK, this.buffer.length * 2, this.#capacity);
    const bytes = this.#allocate(atLeast + SLACK);
    bytes.set(this.buffer.subarray(0, this.end));
    this.buffer = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    this.limit = bytes.length - SLACK;
  }
}

function sizeOf(pieces: readonly Buffer[]): number {
  return pieces.reduce((size, { length }) => size + length, 0);
}

function varintOf(value: number): Buffer {
  const bytes = Buffer.alloc(MAX_VARINT);
  return bytes.subarray(0, writeVarint(bytes, 0, value));
}

/** Writes a whole number below 2 ** 64 in groups of seven bits, the lowest first, and gives the place behind it. */
function writeVarint(bytes: Buffer, start: number, value: number): number {
  let at = start;
  let rest = value;
  // Remainders of doubles are slow, and most numbers are small.
  for (; rest >= 2 ** 31; rest = Math.floor(rest / 0x80)) bytes[at++] = (rest % 0x80) | 0x80;
  for (; rest >= 0x80; rest >>>= 7) bytes[at++] = (rest & 0x7f) | 0x80;
  bytes[at++] = rest;
  return at;
}

/** How many bytes that takes for a length. */
function bytesOfVarint(length: number): number {
  let bytes = 1;
  for (let rest = length >>> 7; rest > 0; rest >>>= 7) bytes++;
  return bytes;
}
