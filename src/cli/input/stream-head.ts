import { pipeline } from 'node:stream/promises';
import { constants, createDeflateRaw, createInflateRaw } from 'node:zlib';

/** The start of a stream, and the whole stream. */
export interface StreamHead {
  /** At least as many bytes as requested, unless the stream is shorter. */
  readonly head: Buffer;
  /** Whether the stream has ended after `head`. */
  readonly isWhole: boolean;
  /** The stream including `head`. Can be read once. */
  readonly all: AsyncIterable<Uint8Array>;
}

/** Reads the first `size` bytes of a stream. */
export async function readHead(chunks: AsyncIterable<Uint8Array>, size: number): Promise<StreamHead> {
  const iterator = chunks[Symbol.asyncIterator]();
  const parts: Uint8Array[] = [];
  let length = 0;
  let isWhole = false;
  while (length < size && !isWhole) {
    const { done, value } = await iterator.next();
    isWhole = done === true;
    if (!isWhole) {
      parts.push(value);
      length += value.length;
    }
  }
  const head = Buffer.concat(parts);
  return { head, isWhole, all: replay(head, iterator) };
}

async function* replay(head: Buffer, iterator: AsyncIterator<Uint8Array>): AsyncIterable<Uint8Array> {
  try {
    if (head.length > 0) yield head;
    for (let next = await iterator.next(); next.done !== true; next = await iterator.next()) yield next.value;
  } finally {
    await iterator.return?.();
  }
}

/** The end of a stream, and the whole stream. */
export interface StreamTail {
  readonly tail: Buffer;
  /** The stream including `tail`. Can be read once; memory is released as it is read. */
  readonly all: AsyncIterable<Uint8Array>;
}

/** Reads a whole stream and returns at most `size` bytes of its end. Keeps it compressed: an exposition repeats itself. */
export async function readTail(chunks: AsyncIterable<Uint8Array>, size: number): Promise<StreamTail> {
  const parts: Uint8Array[] = [];
  let tail = Buffer.alloc(0);
  async function* noted(): AsyncIterable<Uint8Array> {
    for await (const chunk of chunks) {
      tail = Buffer.from(Buffer.concat([tail, chunk.subarray(-size)]).subarray(-size));
      yield chunk;
    }
  }
  await pipeline(noted, createDeflateRaw({ level: constants.Z_BEST_SPEED }), async (compressed) => {
    for await (const part of compressed) parts.push(part);
  });
  return { tail, all: inflated(parts) };
}

async function* inflated(parts: Uint8Array[]): AsyncIterable<Uint8Array> {
  const inflate = createInflateRaw();
  const done = pipeline(drain(parts), inflate);
  try {
    yield* inflate;
  } finally {
    inflate.destroy();
    await done.catch(() => {}); // The loop above receives errors.
  }
}

function* drain(parts: Uint8Array[]): Iterable<Uint8Array> {
  for (let part = parts.shift(); part !== undefined; part = parts.shift()) yield part;
}
