import type { Transform } from 'node:stream';
import type * as Zlib from 'node:zlib';
import { clausesOf } from '../../exposition/negotiation.ts';
import { builtinModule } from '../../model/missing-api.ts';

/** How a body is compressed. */
export type ContentCoding = 'zstd' | 'gzip';

/** Functions of `node:zlib` from Node.js 22.15 on. */
interface ZstdModule {
  readonly createZstdCompress: (options: object) => Transform;
  readonly zstdCompress: (bytes: Buffer, options: object, callback: Callback) => void;
}

type Callback = (error: Error | null, bytes: Buffer) => void;

/** Compresses bodies in the thread pool. */
export interface Compression {
  stream(): Transform;
  compress(bytes: Buffer, callback: Callback): void;
}

/** The cheapest level: scrapes usually stay in the local network. */
const LEVEL = 1;
const CHUNK_BYTES = 32 * 1024;
/** `ZSTD_c_compressionLevel` of the zstd library. */
const ZSTD_COMPRESSION_LEVEL = 100;

/**
 * Returns the coding that an Accept-Encoding header gives the highest weight, zstd rather than gzip, or undefined if it
 * accepts neither. `*` stands for gzip, which all clients can read that accept any coding.
 */
export function codingFor(acceptEncoding: string | undefined): ContentCoding | undefined {
  const clauses = clausesOf(acceptEncoding ?? '');
  const weightOf = (coding: string) => clauses.find(({ value }) => value === coding)?.weight;
  const zstd = weightOf('zstd') ?? 0;
  const gzip = weightOf('gzip') ?? weightOf('*') ?? 0;
  if (zstd > 0 && zstd >= gzip && hasZstd()) return 'zstd';
  return gzip > 0 ? 'gzip' : undefined;
}

/** Whether this runtime compresses with zstd. Asked only for clients that accept it, because it loads `node:zlib`. */
function hasZstd(): boolean {
  if (globalThis.process?.versions?.zstd === undefined) return false;
  return 'createZstdCompress' in (builtinModule('node:zlib') ?? {});
}

/** Loads what compresses bodies with a coding. */
export async function compressionFor(coding: ContentCoding): Promise<Compression> {
  return compressions[coding](await import('node:zlib'));
}

const compressions: Readonly<Record<ContentCoding, (zlib: typeof Zlib) => Compression>> = {
  gzip: ({ createGzip, gzip }) => ({
    stream: () => createGzip({ level: LEVEL, chunkSize: CHUNK_BYTES }),
    compress: (bytes, callback) => gzip(bytes, { level: LEVEL }, callback),
  }),
  zstd: (zlib) => {
    // The types are those of the oldest Node.js.
    const { createZstdCompress, zstdCompress } = zlib as unknown as ZstdModule;
    const params = { [ZSTD_COMPRESSION_LEVEL]: LEVEL };
    return {
      stream: () => createZstdCompress({ params, chunkSize: CHUNK_BYTES }),
      compress: (bytes, callback) => zstdCompress(bytes, { params }, callback),
    };
  },
};
