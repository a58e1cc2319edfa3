import { type Fragment, SLACK } from './fragment.ts';
import { MAX_VARINT, varintLength, writeVarint } from './varint.ts';

const INITIAL_BYTES = 16 * 1024;
/** Maximum size of new buffers after bytes were taken. */
const MAX_PIECE_BYTES = 256 * 1024;
const NOTHING = Buffer.alloc(0);
const NO_VIEW = new DataView(NOTHING.buffer);

/** Options of a byte writer. */
export interface PieceBufferOptions {
  /**
   * Size of the first buffer in bytes.
   *
   * @defaultValue 16 KiB
   */
  readonly capacity?: number;
  /**
   * Returns a buffer of at least this size. Its content does not matter; it may have been taken before.
   *
   * @defaultValue `Buffer.allocUnsafeSlow`
   */
  readonly allocate?: (atLeast: number) => Buffer<ArrayBuffer>;
  /**
   * Size from which a part of a protobuf message is set aside as a piece of its own.
   *
   * @defaultValue no limit
   */
  readonly pieceBytes?: number;
  /**
   * Called when the first part of a message is set aside, if the length of the message can be found out. Returns the number of
   * bytes between `openMessage()` and `closeMessage()`; the message can then be taken while it is written.
   *
   * @defaultValue parts are kept until the end of the message, which is then as long as they are
   */
  readonly messageLength?: () => number;
}

/**
 * A buffer that grows while encoders write to it, and that is taken in pieces. A length-prefixed message can only be
 * taken once it is complete. Parts of a long one are set aside, because growing the buffer would copy it.
 */
export class PieceBuffer {
  protected buffer = NOTHING;
  /** A view of the memory of `buffer`. */
  protected view = NO_VIEW;
  /** End of the written bytes in the buffer. */
  protected end = 0;
  /** Minimum size of the next buffer, which is allocated by the next write. */
  #capacity: number;
  /** End of the room for writes without a check. Less than the buffer, because copies write a few bytes too many. */
  protected limit = 0;
  /** Number of bytes that were taken. */
  protected taken = 0;
  /** Start of the message in the buffer, after its length; undefined outside of messages. */
  #message: number | undefined = undefined;
  /** Parts of the message that are no longer in the buffer. */
  #aside: Buffer[] = [];
  /** Complete pieces that come before the bytes in the buffer. */
  readonly #pieces: Buffer[] = [];
  readonly #allocate: (atLeast: number) => Buffer<ArrayBuffer>;
  readonly #pieceBytes: number;
  readonly #messageLength: (() => number) | undefined;

  constructor({
    capacity = INITIAL_BYTES,
    allocate = Buffer.allocUnsafeSlow,
    pieceBytes = Number.POSITIVE_INFINITY,
    messageLength,
  }: PieceBufferOptions = {}) {
    this.#capacity = capacity;
    this.#allocate = allocate;
    this.#pieceBytes = pieceBytes;
    this.#messageLength = messageLength;
  }

  /** Number of bytes that can be taken. */
  get length(): number {
    return sizeOf(this.#pieces) + this.#wholeEnd;
  }

  /** Number of bytes written so far. */
  get position(): number {
    return this.taken + this.end;
  }

  /** Number of bytes that can be written before the buffer grows. */
  get room(): number {
    return this.limit - this.end;
  }

  /** Whether parts of long messages are set aside. */
  get setsAside(): boolean {
    return Number.isFinite(this.#pieceBytes);
  }

  /** All written bytes. They are valid until the next write. */
  get written(): Fragment {
    return { bytes: this.buffer, view: this.view, start: 0, length: this.end };
  }

  /** Whether another `take()` returns more bytes. */
  get hasPieces(): boolean {
    return this.#pieces.length > 0;
  }

  /**
   * Takes the bytes written since the last call, or the first piece of them. The caller owns them: they are not
   * overwritten.
   */
  take(): Buffer {
    return this.#pieces.shift() ?? this.#takeWhole();
  }

  #takeWhole(): Buffer {
    const whole = this.#wholeEnd;
    if (whole === this.end) return this.#takeAll();
    if (whole === 0) return NOTHING;
    // The message continues in another buffer.
    const all = this.#takeAll();
    this.bytes(all.subarray(whole));
    this.taken -= this.end;
    this.#message = 1;
    return all.subarray(0, whole);
  }

  #takeAll(): Buffer {
    const taken = this.buffer.subarray(0, this.end);
    this.#capacity = Math.min(this.limit, MAX_PIECE_BYTES); // The next buffer has the size of the taken one.
    this.buffer = NOTHING;
    this.view = NO_VIEW;
    this.limit = 0;
    this.taken += this.end;
    this.end = 0;
    return taken;
  }

  /** End of the bytes that can be taken: before the message and the byte for its length. */
  get #wholeEnd(): number {
    if (this.#message === undefined) return this.end;
    return this.#aside.length > 0 ? 0 : this.#message - 1;
  }

  /** Starts a length-prefixed message. */
  openMessage(): void {
    this.reserve(1);
    this.#message = ++this.end;
  }

  /** Sets aside the bytes of the message so far if there are many. They can no longer be rewound. */
  putAside(): void {
    if (this.#message === undefined || this.end - this.#message < this.#pieceBytes) return;
    if (this.#wholeEnd > 0) this.#pieces.push(this.#takeWhole());
    this.#aside.push(this.#takeAll().subarray(this.#message));
    this.#message = 0;
    if (this.#messageLength !== undefined) this.closeMessage(this.#messageLength() - sizeOf(this.#aside));
  }

  /**
   * Ends the message and writes its length. The caller will write `more` bytes, which belong to it: they can be taken at
   * any time.
   */
  closeMessage(more = 0): void {
    if (this.#message === undefined) return;
    if (this.#aside.length === 0) this.close(this.taken + this.#message, more);
    else {
      const length = Buffer.alloc(MAX_VARINT);
      const end = writeVarint(length, 0, sizeOf(this.#aside) + this.end + more);
      this.#pieces.push(length.subarray(0, end), ...this.#aside);
    }
    this.#aside = [];
    this.#message = undefined;
  }

  /** Drops the message, of which nothing must have been set aside. */
  dropMessage(): void {
    this.end = this.#wholeEnd;
    this.#message = undefined;
  }

  /** Drops the bytes after `position`, none of which must have been taken. */
  rewind(position: number): void {
    this.end = position - this.taken;
  }

  /** Ensures room for `count` bytes. Every write does this; call it first for a run of small writes. */
  reserve(count: number): void {
    if (this.end + count > this.limit) this.#grow(count);
  }

  /** Writes bytes. */
  bytes(bytes: Uint8Array): void {
    this.reserve(bytes.length);
    this.buffer.set(bytes, this.end);
    this.end += bytes.length;
  }

  /** Writes an integer below 2 ** 64 as a protobuf varint. */
  varint(value: number): void {
    this.reserve(MAX_VARINT);
    this.end = writeVarint(this.buffer, this.end, value);
  }

  /**
   * Ends the message that starts at this position, and to which the caller will write `more` bytes. It is moved if its
   * length needs more or less than the `lengthBytes` that were reserved.
   */
  close(start: number, more = 0, lengthBytes = 1): void {
    const from = start - this.taken;
    const length = this.end - from + more;
    const moved = varintLength(length) - lengthBytes;
    if (moved !== 0) {
      this.reserve(moved);
      this.buffer.copyWithin(from + moved, from, this.end);
      this.end += moved;
    }
    writeVarint(this.buffer, from - lengthBytes, length);
  }

  /** New bytes are not set to zero, because only written bytes are read. */
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
