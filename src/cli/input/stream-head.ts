/** The beginning of a stream, and the stream with it. */
export interface Peeked {
  /** At least as many bytes as were asked for, if there are as many. */
  readonly head: Buffer;
  /** Whether that is all. */
  readonly isWhole: boolean;
  /** To be read once. */
  readonly all: AsyncIterable<Uint8Array>;
}

/** Waits for the first bytes of a stream. */
export async function peek(chunks: AsyncIterable<Uint8Array>, size: number): Promise<Peeked> {
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

/** The end of a stream, and the stream with it. */
export interface ReadStream {
  /** Its last bytes. */
  readonly tail: Buffer;
  /** To be read once; what has been read is no longer kept. */
  readonly all: AsyncIterable<Uint8Array>;
}

/** Waits for all of a stream, and for at most `tailSize` bytes of its end. */
export async function readWhole(chunks: AsyncIterable<Uint8Array>, tailSize: number): Promise<ReadStream> {
  const parts: Uint8Array[] = [];
  let tail = Buffer.alloc(0);
  for await (const chunk of chunks) {
    parts.push(chunk);
    tail = Buffer.from(Buffer.concat([tail, chunk.subarray(-tailSize)]).subarray(-tailSize));
  }
  return { tail, all: replayAll(parts) };
}

async function* replayAll(parts: Uint8Array[]): AsyncIterable<Uint8Array> {
  for (let part = parts.shift(); part !== undefined; part = parts.shift()) yield part;
}
