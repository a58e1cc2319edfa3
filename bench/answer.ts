import type { RequestListener } from 'node:http';
import { promisify } from 'node:util';
import { constants, gzip } from 'node:zlib';

const compress = promisify(gzip);

/** Serves the metrics of a library without a handler of its own, as a user would. The same for all, with compression. */
export function listenerOf(expose: () => Promise<string>, contentType: string): RequestListener {
  return async ({ headers }, response) => {
    const text = await expose();
    response.setHeader('Content-Type', contentType);
    if (headers['accept-encoding'] !== 'gzip') return void response.end(text);
    response.setHeader('Content-Encoding', 'gzip');
    response.end(await compress(text, { level: constants.Z_BEST_SPEED }));
  };
}
