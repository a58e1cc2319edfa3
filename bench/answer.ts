import type { RequestListener } from 'node:http';
import { promisify } from 'node:util';
import { constants, gzip } from 'node:zlib';

const compress = promisify(gzip);

/** What a user writes to serve the metrics of a library that has no server: the same for all, compression included. */
export function listenerOf(expose: () => Promise<string>, contentType: string): RequestListener {
  return async ({ headers }, response) => {
    const text = await expose();
    response.setHeader('Content-Type', contentType);
    if (headers['accept-encoding'] !== 'gzip') return void response.end(text);
    response.setHeader('Content-Encoding', 'gzip');
    response.end(await compress(text, { level: constants.Z_BEST_SPEED }));
  };
}
