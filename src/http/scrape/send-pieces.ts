import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';
import type { Piece, PieceReader } from './pieces.ts';

/**
 * Sends a body as fast as the client reads it: in one piece with its length, or in several. Rejects where the body cannot
 * be made to its end; the response is then without one. Returns early when the client goes away.
 */
export async function sendPieces(
  body: PieceReader,
  response: ServerResponse,
  headers: OutgoingHttpHeaders,
  isHead: boolean,
): Promise<void> {
  const first = await body.read();
  if (first === undefined || response.destroyed) return;
  response.writeHead(200, {
    ...headers,
    ...(first.isZipped ? { 'Content-Encoding': 'gzip' } : {}),
    ...(first.isLast ? { 'Content-Length': first.bytes.length } : {}),
  });
  if (isHead) response.end();
  else if (first.isLast) response.end(first.bytes);
  else await sendAll(first, body, response);
}

async function sendAll(first: Piece, body: PieceReader, response: ServerResponse): Promise<void> {
  for (let piece: Piece | undefined = first; piece !== undefined; piece = await body.read()) {
    if (piece.bytes.length > 0 && !response.write(piece.bytes)) await drained(response);
    if (response.destroyed) return;
  }
  response.end();
}

/** When there is room for more, or nobody left to write to. */
function drained(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      response.off('drain', done).off('close', done);
      resolve();
    };
    response.once('drain', done).once('close', done);
    if (response.destroyed) done();
  });
}
