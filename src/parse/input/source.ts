/** A document, or a part of one. */
export type Chunk = string | Uint8Array;

/** A document as it arrives: a stream, for example. All chunks are strings, or all are bytes. */
export type Chunks = AsyncIterable<Chunk>;

/** Parses a document chunk by chunk. */
export interface ChunkReader {
  write(chunk: Chunk): void;
  end(): void;
}

/** Feeds a reader; the result is a promise only where the input has to be waited for. */
export function readAll<T>(input: Chunk | Chunks, reader: ChunkReader, finish: () => T): T | Promise<T> {
  if (isAsync(input)) return readChunks(input, reader, finish);
  if (typeof input !== 'string' && !(input instanceof Uint8Array)) {
    throw new TypeError(`A document is a string, bytes or an async iterable of them, not ${typeof input}.`);
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

function isAsync(input: Chunk | Chunks): input is Chunks {
  return typeof input === 'object' && input !== null && Symbol.asyncIterator in input;
}

/**
 * Adds a part to those of something whose end has not come yet; returns its length. A part joins the one before when it
 * is as long, so that what arrives byte by byte is neither many parts nor copied for each byte.
 */
export function keep<T extends { readonly length: number }>(kept: T[], part: T, concat: (parts: T[]) => T): number {
  kept.push(part);
  while (kept.length > 1 && kept.at(-1)!.length >= kept.at(-2)!.length) kept.push(concat(kept.splice(-2)));
  return part.length;
}
