/** Number of bytes that copies may read beyond the end of a fragment, because they copy eight at a time. */
export const SLACK = 8;
const CHUNK_BYTES = 4096;

/** A run of bytes in a chunk of memory, which may be shared. */
export interface Region {
  readonly bytes: Buffer;
  /** A view of the memory of `bytes`. */
  readonly view: DataView;
  readonly start: number;
  readonly length: number;
}

/** A region whose bytes never change. */
export type Fragment = Region;

/** Allocates regions with similar lifetimes. Small ones share a chunk, which lives as long as any of them. */
export class FragmentPool {
  #chunk: Chunk | undefined;
  #used = 0;

  /** Returns the UTF-8 bytes of a text, which will be copied many times. */
  of(text: string): Fragment {
    const region = this.reserve(Buffer.byteLength(text));
    region.bytes.write(text, region.start, region.length, 'utf8');
    return region;
  }

  /** Allocates a region of this length. */
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
