import type { Fragment } from '../model/labels.ts';

/** Copies go in steps of eight bytes and may read this far beyond a fragment's end. */
export const SLACK = 8;
const CHUNK_BYTES = 4096;

let chunk = newChunk(CHUNK_BYTES);
let used = 0;

/** The UTF-8 bytes of a text, kept to be copied many times. Small ones share a chunk. */
export function fragmentOf(text: string): Fragment {
  const length = Buffer.byteLength(text);
  if (length > CHUNK_BYTES / 4) return write(newChunk(length), 0, text, length);
  if (used + length > CHUNK_BYTES) {
    chunk = newChunk(CHUNK_BYTES);
    used = 0;
  }
  const fragment = write(chunk, used, text, length);
  used += length;
  return fragment;
}

interface Chunk {
  readonly bytes: Buffer;
  readonly view: DataView;
}

function newChunk(length: number): Chunk {
  const bytes = Buffer.from(new ArrayBuffer(length + SLACK));
  return { bytes, view: new DataView(bytes.buffer) };
}

function write({ bytes, view }: Chunk, start: number, text: string, length: number): Fragment {
  bytes.write(text, start, length, 'utf8');
  return { bytes, view, start, length };
}
