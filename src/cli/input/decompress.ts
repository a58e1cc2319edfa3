import { pipeline, Readable } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate, createInflateRaw } from 'node:zlib';
import { readThrown, thrownText } from '../../model/thrown.ts';
import { readHead } from './stream-head.ts';

type ByteChunks = AsyncIterable<Uint8Array>;

/** Compression method in the four lowest bits of the first byte of zlib data. */
const DEFLATE_METHOD = 8;

/** By content coding. Prometheus only uses gzip, but a proxy between it and an exporter may use others. */
const decompressors: ReadonlyMap<string, (chunks: ByteChunks) => ByteChunks> = new Map([
  ['gzip', decompressGzip],
  ['x-gzip', decompressGzip],
  ['deflate', decompressDeflate],
  ['br', (chunks) => decompress(chunks, 'brotli', createBrotliDecompress())],
]);

/** Returns the function that decompresses a content coding of HTTP; undefined if the coding is not supported. */
export function decompressorFor(coding: string): ((chunks: ByteChunks) => ByteChunks) | undefined {
  return decompressors.get(coding);
}

export function decompressGzip(chunks: ByteChunks): ByteChunks {
  return decompress(chunks, 'gzip', createGunzip());
}

/** Accepts data with and without the zlib wrapper, which the specification requires but some servers omit. */
async function* decompressDeflate(chunks: ByteChunks): ByteChunks {
  const { head, all } = await readHead(chunks, 1);
  const isWrapped = ((head[0] ?? 0) & 0x0f) === DEFLATE_METHOD;
  yield* decompress(all, 'deflate', isWrapped ? createInflate() : createInflateRaw());
}

/** Truncated data, damaged data and data followed by anything else are errors. */
async function* decompress(chunks: ByteChunks, format: string, decoder: ReturnType<typeof createGunzip>): ByteChunks {
  let length = 0;
  async function* counted(): ByteChunks {
    for await (const chunk of chunks) {
      length += chunk.length;
      yield chunk;
    }
  }
  let sourceError: unknown;
  const source = Readable.from(counted()).on('error', (error) => {
    sourceError = error;
  });
  pipeline(source, decoder, () => {}); // The loop below receives errors.
  try {
    yield* decoder;
  } catch (error) {
    if (sourceError !== undefined) throw sourceError;
    const isTruncated = readThrown(error).code === 'Z_BUF_ERROR';
    const problem = isTruncated ? 'truncated' : `damaged: ${thrownText(error)}`;
    throw new Error(`the ${format} data are ${problem}`, { cause: error });
  }
  if (decoder.bytesWritten < length) throw new Error(`the ${format} data are followed by other data`);
}
