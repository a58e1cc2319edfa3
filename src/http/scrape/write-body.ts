import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { isGone, onceClosed } from '../response/closed.ts';
import type { Place } from './request-limit.ts';
import type { Piece, PieceReader } from './shared-body.ts';

export interface Sending {
  readonly response: ServerResponse;
  readonly headers: OutgoingHttpHeaders;
  readonly isHead: boolean;
  /** Told while it waits for the client. */
  readonly place: Place;
}

/**
 * Sends a body as fast as the client reads it: in one piece with its length, or in several. Resolves when all of it was
 * written or the client has gone, and the pieces are not needed any more. Rejects where the body cannot be made to its end; the response
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

/**
 * Writes, and waits until more can be written or the client has gone. The bytes are not read any more when a call resolves.
 */
class ResponseWriter {
  readonly #response: ServerResponse;
  readonly #place: Place;
  #resume: () => void = () => {};
  #hasDrained = false;
  #isListening = false;

  constructor({ response, place }: Sending) {
    this.#response = response;
    this.#place = place;
    onceClosed(response, () => this.#resume());
  }

  get isGone(): boolean {
    return isGone(this.#response);
  }

  async write(bytes: Buffer): Promise<void> {
    if (this.isGone) return;
    this.#place.waitingSince = performance.now();
    if (isNative(this.#response)) await this.#until((done) => void this.#response.write(bytes, done));
    else await this.#writeCopy(bytes);
    this.#place.waitingSince = undefined;
  }

  /** Resolves before the client has read all of it, if the bytes are a copy. */
  async end(bytes?: Buffer): Promise<void> {
    if (this.isGone) return;
    this.#place.waitingSince = performance.now();
    if (isNative(this.#response)) await this.#until((done) => void this.#response.end(bytes, done));
    else this.#response.end(bytes && Buffer.from(bytes));
  }

  /**
   * Middleware such as compression replaces write(), often without its callback, and may read the bytes later. What is left
   * of the contract is the result, false where one should wait, and `drain`.
   */
  async #writeCopy(bytes: Buffer): Promise<void> {
    this.#listen();
    this.#hasDrained = false;
    const result: unknown = this.#response.write(Buffer.from(bytes));
    const hasToWait = result === false || (result === undefined && this.#response.writableNeedDrain);
    if (hasToWait && !this.#hasDrained && !this.isGone) await this.#until(() => {});
  }

  /** Once: what replaces on() need not replace off(), and then a listener could not be removed. */
  #listen(): void {
    if (this.#isListening) return;
    this.#isListening = true;
    this.#response.on('drain', () => {
      this.#hasDrained = true;
      this.#resume();
    });
  }

  async #until(begin: (done: () => void) => void): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#resume = resolve;
      begin(resolve);
    });
  }
}

/** Whether the response is that of `node:http`, whose callbacks tell when the system has the bytes. */
function isNative({ write, end }: ServerResponse): boolean {
  const { prototype } = process.getBuiltinModule('node:http').OutgoingMessage;
  return write === prototype.write && end === prototype.end;
}
