import { pipeline, Readable } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate, createInflateRaw } from 'node:zlib';
import { readThrown, thrownText } from '../../model/thrown.ts';
import { peek } from './stream-head.ts';

type Chunks = AsyncIterable<Uint8Array>;

/** The four lowest bits that zlib's data begin with: its method. */
const DEFLATE_METHOD = 8;

/** Content codings of HTTP. Prometheus knows gzip only, but what is put between it and an exporter may know more. */
const unpackers: ReadonlyMap<string, (chunks: Chunks) => Chunks> = new Map([
  ['gzip', unpackGzip],
  ['x-gzip', unpackGzip],
  ['deflate', unpackDeflate],
  ['br', (chunks) => unpack(chunks, 'brotli', createBrotliDecompress())],
]);

/** Reads chunks in a content coding; undefined for one that is not known. */
export function unpackerOf(coding: string): ((chunks: Chunks) => Chunks) | undefined {
  return unpackers.get(coding);
}

export function unpackGzip(chunks: Chunks): Chunks {
  return unpack(chunks, 'gzip', createGunzip());
}

/** With or without the wrapping of zlib: the standard asks for it, and some servers leave it out. */
async function* unpackDeflate(chunks: Chunks): Chunks {
  const { head, all } = await peek(chunks, 1);
  const isWrapped = ((head[0] ?? 0) & 0x0f) === DEFLATE_METHOD;
  yield* unpack(all, 'deflate', isWrapped ? createInflate() : createInflateRaw());
}

/** Data that end too early, are damaged or are followed by anything else are an error: a part is not the whole. */
async function* unpack(chunks: Chunks, format: string, decoder: ReturnType<typeof createGunzip>): Chunks {
  let length = 0;
  async function* counted(): Chunks {
    for await (const chunk of chunks) {
      length += chunk.length;
      yield chunk;
    }
  }
  let sourceError: unknown;
  const source = Readable.from(counted()).on('error', (error) => {
    sourceError = error;
  });
  pipeline(source, decoder, () => {}); // The loop is told of errors.
  try {
    yield* decoder;
  } catch (error) {
    throw sourceError ?? new Error(problemOf(error, format), { cause: error });
  }
  if (decoder.bytesWritten < length) throw new Error(`something follows the ${format} data`);
}

function problemOf(error: unknown, format: string): string {
  const isTruncated = readThrown(error).code === 'Z_BUF_ERROR';
  return isTruncated ? `the ${format} data are truncated` : `the ${format} data are damaged: ${thrownText(error)}`;
}
