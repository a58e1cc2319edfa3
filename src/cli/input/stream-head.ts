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

/** Reads a whole stream and returns at most `size` bytes of its end. */
export async function readTail(chunks: AsyncIterable<Uint8Array>, size: number): Promise<StreamTail> {
  const parts: Uint8Array[] = [];
  let tail = Buffer.alloc(0);
  for await (const chunk of chunks) {
    parts.push(chunk);
    tail = Buffer.from(Buffer.concat([tail, chunk.subarray(-size)]).subarray(-size));
  }
  return { tail, all: drain(parts) };
}

async function* drain(parts: Uint8Array[]): AsyncIterable<Uint8Array> {
  for (let part = parts.shift(); part !== undefined; part = parts.shift()) yield part;
}
