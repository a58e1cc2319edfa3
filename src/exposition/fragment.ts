import type { Fragment } from '../model/labels.ts';

/** Copies go in steps of eight bytes and may read this far beyond a fragment's end. */
export const SLACK = 8;
const CHUNK_BYTES = 4096;

/** Makes fragments that live about equally long: small ones share a chunk, which stays as long as one of them does. */
export class FragmentPool {
  #chunk: Chunk | undefined;
  #used = 0;

  /** The UTF-8 bytes of a text, kept to be copied many times. */
  of(text: string, label = ''): Fragment {
    const fragment = this.#reserve(Buffer.byteLength(text), label);
    fragment.bytes.write(text, fragment.start, fragment.length, 'utf8');
    return fragment;
  }

  /** A copy of these bytes. */
  ofBytes(bytes: Uint8Array, label = ''): Fragment {
    const fragment = this.#reserve(bytes.length, label);
    fragment.bytes.set(bytes, fragment.start);
    return fragment;
  }

  #reserve(length: number, label: string): Fragment & Chunk {
    if (length > CHUNK_BYTES / 4) return { ...newChunk(length), start: 0, length, label };
    if (this.#chunk === undefined || this.#used + length > CHUNK_BYTES) {
      this.#chunk = newChunk(CHUNK_BYTES);
      this.#used = 0;
    }
    const start = this.#used;
    this.#used += length;
    return { bytes: this.#chunk.bytes, view: this.#chunk.view, start, length, label };
  }
}

interface Chunk {
  readonly bytes: Buffer;
  readonly view: DataView;
}

function newChunk(length: number): Chunk {
  const bytes = Buffer.from(new ArrayBuffer(length + SLACK));
  return { bytes, view: new DataView(bytes.buffer) };
}
