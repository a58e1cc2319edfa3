import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { isGone, onceClosed } from '../closed.ts';
import type { Piece, PieceReader } from './pieces.ts';
import type { Place } from './request-limit.ts';

export interface Sending {
  readonly response: ServerResponse;
  readonly headers: OutgoingHttpHeaders;
  readonly isHead: boolean;
  /** Told while it waits for the client. */
  readonly place: Place;
}

/**
 * Sends a body as fast as the client reads it: in one piece with its length, or in several. Resolves when the client has
 * all or has gone, and the pieces are not needed any more. Rejects where the body cannot be made to its end; the response
 * is then without one.
 */
export async function sendPieces(body: PieceReader, sending: Sending): Promise<void> {
  const { response, headers, isHead } = sending;
  const first = await body.read();
  if (first === undefined || isGone(response)) return;
  response.writeHead(200, {
    ...headers,
    ...(first.isZipped ? { 'Content-Encoding': 'gzip' } : {}),
    ...(first.isLast ? { 'Content-Length': first.bytes.length } : {}),
  });
  const writer = new ResponseWriter(sending);
  if (isHead) await writer.end();
  else if (first.isLast) await writer.end(first.bytes);
  else await sendAll(first, body, writer);
}

async function sendAll(first: Piece, body: PieceReader, writer: ResponseWriter): Promise<void> {
  for (let piece: Piece | undefined = first; piece !== undefined; piece = await body.read()) {
    if (piece.bytes.length > 0) await writer.write(piece.bytes);
    if (writer.isGone) return;
  }
  await writer.end();
}

/** Writes, and waits until the system has what was written, or nobody is left to write to. */
class ResponseWriter {
  readonly #response: ServerResponse;
  readonly #place: Place;
  #resume: () => void = () => {};

  constructor({ response, place }: Sending) {
    this.#response = response;
    this.#place = place;
    onceClosed(response, () => this.#resume());
  }

  get isGone(): boolean {
    return isGone(this.#response);
  }

  async write(bytes: Buffer): Promise<void> {
    await this.#wait((done) => this.#response.write(bytes, done));
  }

  async end(bytes?: Buffer): Promise<void> {
    await this.#wait((done) => this.#response.end(bytes, done));
  }

  async #wait(begin: (done: () => void) => void): Promise<void> {
    if (this.isGone) return;
    this.#place.waitingSince = performance.now();
    await new Promise<void>((resolve) => {
      this.#resume = resolve;
      begin(resolve);
    });
    this.#place.waitingSince = undefined;
  }
}
