import { kindOf } from '../../model/printable.ts';

/** A document or a part of it. */
export type Chunk = string | Uint8Array;

/** A document in chunks, such as a stream. All chunks are strings, or all are bytes. */
export type Chunks = AsyncIterable<Chunk>;

/** Parses a document chunk by chunk. */
export interface ChunkReader {
  write(chunk: Chunk): void;
  end(): void;
}

/** Feeds a reader. The result is a promise only for asynchronous input. */
export function readAll<T>(input: Chunk | Chunks, reader: ChunkReader, finish: () => T): T | Promise<T> {
  if (typeof input === 'object' && input !== null && Symbol.asyncIterator in input) {
    return readChunks(input, reader, finish);
  }
  if (typeof input !== 'string' && !(input instanceof Uint8Array)) {
    throw new TypeError(`A document must be a string, bytes or an async iterable of them, got ${kindOf(input)}.`);
  }
  reader.write(input);
  reader.end();
  return finish();
}

async function readChunks<T>(input: Chunks, reader: ChunkReader, finish: () => T): Promise<T> {
  for await (const chunk of input) reader.write(chunk);
  reader.end();
  return finish();
}

/**
 * Adds a part to the parts of something incomplete; returns its length. A part is joined with the previous one if it is as
 * long, so that input that arrives byte by byte is neither many parts nor copied for each byte.
 */
export function keep<T extends { readonly length: number }>(kept: T[], part: T, concat: (parts: T[]) => T): number {
  kept.push(part);
  while (kept.length > 1 && kept.at(-1)!.length >= kept.at(-2)!.length) kept.push(concat(kept.splice(-2)));
  return part.length;
}
