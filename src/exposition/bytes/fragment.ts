/** Copies go in steps of eight bytes and may read this far beyond a fragment's end. */
export const SLACK = 8;
const CHUNK_BYTES = 4096;

/** A run of bytes in a chunk that it may share with others. */
export interface Region {
  readonly bytes: Buffer;
  /** The same memory as `bytes`. */
  readonly view: DataView;
  readonly start: number;
  readonly length: number;
}

/** A region whose bytes never change. */
export type Fragment = Region;

/** Makes regions that live about equally long: small ones share a chunk, which stays as long as one of them does. */
export class FragmentPool {
  #chunk: Chunk | undefined;
  #used = 0;

  /** The UTF-8 bytes of a text, kept to be copied many times. */
  of(text: string): Fragment {
    const region = this.reserve(Buffer.byteLength(text));
    region.bytes.write(text, region.start, region.length, 'utf8');
    return region;
  }

  /** Room for so many bytes. */
  reserve(length: number): Region {
    if (length > CHUNK_BYTES / 4) return { ...newChunk(length), start: 0, length };
    if (this.#chunk === undefined || this.#used + length > CHUNK_BYTES) {
      this.#chunk = newChunk(CHUNK_BYTES);
      this.#used = 0;
    }
    const start = this.#used;
    this.#used += length;
    return { bytes: this.#chunk.bytes, view: this.#chunk.view, start, length };
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
