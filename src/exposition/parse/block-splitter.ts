import { isUtf8 } from 'node:buffer';
import { keep } from './kept-parts.ts';

const LINE_FEED = 0x0a;
/** So much is decoded at once: few calls, and a text that stays in the cache. */
const BLOCK_BYTES = 256 * 1024;

/**
 * Cuts the chunks of a document, which may end anywhere, into texts of whole lines. Cutting at line feeds also keeps
 * characters whole. Bytes that are not UTF-8 become lone surrogates, which no UTF-8 text holds.
 */
export class BlockSplitter {
  readonly #handle: (lines: string) => void;
  #bytes: Buffer[] = [];
  #strings: string[] = [];
  #pending = 0;

  constructor(handle: (lines: string) => void) {
    this.#handle = handle;
  }

  /** Bytes or UTF-16 units of a line whose end has not come yet. */
  get pending(): number {
    return this.#pending;
  }

  write(chunk: string | Uint8Array): void {
    if (typeof chunk === 'string') this.#writeString(chunk);
    else this.#writeBytes(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength));
  }

  /** The last line, if it has no line feed. */
  take(): string {
    const rest = this.#strings.join('') + decode(Buffer.concat(this.#bytes));
    this.drop();
    return rest;
  }

  /** Forgets the line whose end has not come yet. */
  drop(): void {
    this.#bytes = [];
    this.#strings = [];
    this.#pending = 0;
  }

  #writeString(chunk: string): void {
    if (this.#bytes.length > 0) throw new TypeError('The chunks of a document are all strings or all bytes.');
    const end = chunk.lastIndexOf('\n') + 1;
    if (end > 0) {
      const lines = this.#strings.length === 0 && end === chunk.length ? chunk : this.#take(chunk.slice(0, end));
      this.#handle(lines);
    }
    if (end < chunk.length) this.#pending += keep(this.#strings, chunk.slice(end), concatStrings);
  }

  #take(chunk: string): string {
    const lines = this.#strings.join('') + chunk;
    this.drop();
    return lines;
  }

  #writeBytes(chunk: Buffer): void {
    if (this.#strings.length > 0) throw new TypeError('The chunks of a document are all strings or all bytes.');
    let start = 0;
    for (let end = lineEnd(chunk, start); end > start; end = lineEnd(chunk, start)) {
      const lines = chunk.subarray(start, end);
      start = end;
      this.#handle(decode(this.#bytes.length === 0 ? lines : this.#joined(lines)));
    }
    // A copy: the chunk is its owner's again when this returns.
    if (start < chunk.length) this.#pending += keep(this.#bytes, Buffer.from(chunk.subarray(start)), Buffer.concat);
  }

  #joined(lines: Buffer): Buffer {
    const joined = Buffer.concat([...this.#bytes, lines]);
    this.drop();
    return joined;
  }
}

function concatStrings(parts: string[]): string {
  return parts.join('');
}

/** Behind the last line feed of a block, or of the line that is longer than one; `start` if there is none. */
function lineEnd(chunk: Buffer, start: number): number {
  if (start >= chunk.length) return start;
  const last = chunk.lastIndexOf(LINE_FEED, Math.min(start + BLOCK_BYTES, chunk.length - 1));
  const end = last >= start ? last : chunk.indexOf(LINE_FEED, start);
  return end < 0 ? start : end + 1;
}

function decode(bytes: Buffer): string {
  return isUtf8(bytes) ? bytes.toString() : decodeLines(bytes);
}

/** In lines that are not UTF-8 the decoder's replacement for bad bytes becomes a surrogate: such lines are lost anyway. */
function decodeLines(bytes: Buffer): string {
  const lines: string[] = [];
  for (let start = 0; start < bytes.length; ) {
    const end = bytes.indexOf(LINE_FEED, start) + 1 || bytes.length;
    const line = bytes.subarray(start, end);
    lines.push(isUtf8(line) ? line.toString() : line.toString().replaceAll('\uFFFD', '\uDC80'));
    start = end;
  }
  return lines.join('');
}
