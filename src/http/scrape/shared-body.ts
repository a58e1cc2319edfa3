import type { ContentCoding } from './content-coding.ts';

/** A part of a body. */
export interface BodyChunk {
  readonly bytes: Buffer;
  /** How the body is compressed, if at all. */
  readonly coding: ContentCoding | undefined;
  readonly isLast: boolean;
  /** Called when no reader needs the bytes any more: their buffer may be written to again. */
  readonly release: () => void;
}

/** A body that is encoded as it is read. */
export type BodySource = AsyncGenerator<BodyChunk, void, void>;

/** Reads a body from its beginning. Call `leave()` when no more is read. */
export interface BodyReader {
  /**
   * Returns the next chunk, or undefined after the last. The bytes of the previous chunk must not be read any more,
   * because their buffer may be reused. Rejects if the rest of the body cannot be encoded.
   */
  read(): Promise<BodyChunk | undefined>;
  leave(): void;
}

/**
 * A body that is encoded once, as fast as its fastest reader reads, and shared by all readers. Keeps only the chunks
 * that some reader has not read yet. Stops encoding when all readers have left.
 */
export class SharedBody implements BufferOwner {
  readonly #source: BodySource;
  readonly #limit: BufferLimit;
  readonly #readers = new Set<SharedReader>();
  /** Chunks that some reader has not read yet, in order. */
  readonly #chunks: BodyChunk[] = [];
  /** Number of chunks dropped before those. */
  #dropped = 0;
  /** Bytes of all chunks but the last, which the fastest reader is at. */
  #bufferedBytes = 0;
  #encoding: Promise<void> | undefined;
  #isComplete = false;

  constructor(source: BodySource, limit: BufferLimit) {
    this.#source = source;
    this.#limit = limit;
  }

  /**
   * Creates one reader per callback, which is called if that reader is dropped. Call once: later readers would miss the
   * beginning.
   */
  readers(onDrops: readonly (() => void)[]): BodyReader[] {
    const readers = onDrops.map((onDrop) => new SharedReader(this, onDrop));
    for (const reader of readers) this.#readers.add(reader);
    return readers;
  }

  dropSlowest(): void {
    const slowest = this.#slowestPosition();
    for (const reader of this.#readers) {
      if (reader.position === slowest) reader.drop();
    }
  }

  /** For readers: returns the chunk at this position, encoding it if necessary; undefined after the last. */
  async chunkAt(position: number): Promise<BodyChunk | undefined> {
    this.#dropRead();
    while (position >= this.#dropped + this.#chunks.length && !this.#isComplete) {
      this.#encoding ??= this.#encodeNext();
      await this.#encoding;
    }
    return this.#chunks[position - this.#dropped];
  }

  /** For readers. */
  leave(reader: SharedReader): void {
    this.#readers.delete(reader);
    this.#dropRead();
    if (this.#readers.size > 0) return;
    // It may be encoding a chunk, and fail; no reader is left to see that.
    this.#source.return().catch(() => {});
  }

  /** If this fails, it has failed for all readers, and for good. */
  async #encodeNext(): Promise<void> {
    const { value: chunk } = await this.#source.next();
    this.#encoding = undefined;
    if (chunk === undefined) this.#isComplete = true;
    else if (this.#readers.size === 0) chunk.release();
    else {
      const { length = 0 } = this.#chunks.at(-1)?.bytes ?? {};
      this.#chunks.push(chunk);
      this.#setBuffered(this.#bufferedBytes + length);
    }
  }

  /** Drops the chunks that all readers have read. */
  #dropRead(): void {
    const slowest = this.#slowestPosition();
    while (this.#dropped < slowest) {
      const chunk = this.#chunks.shift();
      if (chunk === undefined) return;
      this.#dropped++;
      chunk.release();
      if (this.#chunks.length > 0) this.#setBuffered(this.#bufferedBytes - chunk.bytes.length);
    }
  }

  #slowestPosition(): number {
    return Math.min(...Array.from(this.#readers, ({ position }) => position));
  }

  #setBuffered(bytes: number): void {
    this.#bufferedBytes = bytes;
    this.#limit.set(this, bytes);
  }
}

class SharedReader implements BodyReader {
  /** Index of the chunk being read; all earlier ones may be dropped. */
  position = -1;
  readonly #body: SharedBody;
  readonly #onDrop: () => void;
  #hasLeft = false;

  constructor(body: SharedBody, onDrop: () => void) {
    this.#body = body;
    this.#onDrop = onDrop;
  }

  async read(): Promise<BodyChunk | undefined> {
    if (this.#hasLeft) return undefined;
    this.position++;
    return await this.#body.chunkAt(this.position);
  }

  leave(): void {
    if (this.#hasLeft) return;
    this.#hasLeft = true;
    this.#body.leave(this);
  }

  drop(): void {
    this.leave();
    this.#onDrop();
  }
}

/** Buffers bytes for readers that are slower than others. */
export interface BufferOwner {
  /** Drops the slowest readers, so that less has to be buffered. */
  dropSlowest(): void;
}

/**
 * Limits the bytes buffered by all owners together. If there are too many, the owner with the most drops its slowest
 * readers. A reader that shares its body with no faster one needs no buffer and is never dropped.
 */
export class BufferLimit {
  readonly #maxBytes: number;
  readonly #buffered = new Map<BufferOwner, number>();
  #totalBytes = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** Sets the number of bytes that an owner buffers now. */
  set(owner: BufferOwner, bytes: number): void {
    this.#totalBytes += bytes - (this.#buffered.get(owner) ?? 0);
    if (bytes === 0) this.#buffered.delete(owner);
    else this.#buffered.set(owner, bytes);
    if (this.#totalBytes <= this.#maxBytes) return;
    const [largest] = [...this.#buffered].sort(([, one], [, other]) => other - one);
    largest?.[0].dropSlowest();
  }
}
