import { keep } from './source.ts';

const LINE_FEED = 0x0a;
/** Size of a block: few calls, and a block stays in the CPU cache. */
const BLOCK_BYTES = 128 * 1024;
/** How far back to look for a line feed in a string chunk. */
const LONG_LINE = 4096;
/** A byte that is invalid in UTF-8. */
const NO_UTF8 = Buffer.from([0xff]);

/**
 * Splits the chunks of a document, which may end anywhere, into blocks of complete lines. Splitting at line feeds also keeps
 * characters complete.
 */
export class BlockSplitter {
  readonly #handle: (lines: Buffer) => void;
  #parts: Buffer[] = [];
  #pending = 0;
  /** The first half of a surrogate pair at the end of a string chunk. */
  #surrogate = '';
  /** Buffer for encoded strings. */
  #encoded = Buffer.alloc(0);

  constructor(handle: (lines: Buffer) => void) {
    this.#handle = handle;
  }

  /** Bytes of an incomplete line. */
  get pending(): number {
    return this.#pending;
  }

  write(chunk: string | Uint8Array): void {
    if (typeof chunk === 'string') this.#writeString(chunk);
    else this.#writeBytes(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength));
  }

  /** The last line, if it has no line feed. */
  take(): Buffer {
    if (this.#surrogate !== '') this.#writeBytes(NO_UTF8);
    const rest = Buffer.concat(this.#parts);
    this.drop();
    return rest;
  }

  /** Drops the incomplete line. */
  drop(): void {
    this.#parts = [];
    this.#pending = 0;
  }

  /** Encodes piece by piece, so that the bytes of the entire chunk are never in memory at once. */
  #writeString(chunk: string): void {
    for (let start = 0; start < chunk.length; ) {
      const end = pieceEnd(chunk, start);
      const piece = this.#surrogate + chunk.slice(start, end);
      this.#surrogate = /[\uD800-\uDBFF]$/.exec(piece.slice(-1))?.[0] ?? '';
      this.#writeBytes(this.#encode(this.#surrogate === '' ? piece : piece.slice(0, -1)));
      start = end;
    }
  }

  /** Returns UTF-8, valid until the next call. Unpaired surrogates become bytes that are not valid UTF-8. */
  #encode(text: string): Buffer {
    if (!text.isWellFormed()) {
      const parts = text.split(/\p{Surrogate}/u).flatMap((part) => [NO_UTF8, Buffer.from(part)]);
      return Buffer.concat(parts.slice(1));
    }
    const longest = text.length * 3;
    if (this.#encoded.length < longest) this.#encoded = Buffer.allocUnsafe(longest);
    return this.#encoded.subarray(0, this.#encoded.write(text));
  }

  #writeBytes(chunk: Buffer): void {
    let start = this.#finishLine(chunk);
    for (let end = blockEnd(chunk, start); end > start; end = blockEnd(chunk, start)) {
      this.#handle(chunk.subarray(start, end));
      start = end;
    }
    if (start === chunk.length) return;
    // A copy, because the caller may reuse the chunk when this returns.
    this.#pending += keep(this.#parts, Buffer.from(chunk.subarray(start)), Buffer.concat);
  }

  /** Passes on the line that was incomplete; returns the start of the next one. */
  #finishLine(chunk: Buffer): number {
    if (this.#parts.length === 0) return 0;
    const end = chunk.indexOf(LINE_FEED) + 1;
    if (end === 0) return 0;
    const line = Buffer.concat([...this.#parts, chunk.subarray(0, end)]);
    this.drop();
    this.#handle(line);
    return end;
  }
}

/** Returns the position after the last line feed of a block, so that few lines are split. */
function pieceEnd(chunk: string, start: number): number {
  const end = start + BLOCK_BYTES;
  if (end >= chunk.length) return chunk.length;
  const last = chunk.slice(end - LONG_LINE, end).lastIndexOf('\n');
  return last < 0 ? end : end - LONG_LINE + last + 1;
}

/** Returns the position after the last line feed of a block, or after a line longer than a block; `start` if there is none. */
function blockEnd(chunk: Buffer, start: number): number {
  if (start >= chunk.length) return start;
  const last = chunk.lastIndexOf(LINE_FEED, Math.min(start + BLOCK_BYTES, chunk.length - 1));
  const end = last >= start ? last : chunk.indexOf(LINE_FEED, start);
  return end < 0 ? start : end + 1;
}
