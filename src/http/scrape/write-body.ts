import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { builtinModule } from '../../model/missing-api.ts';
import { isDisconnected, onceClosed } from '../response/response-close.ts';
import type { RequestSlot } from './request-limit.ts';
import type { BodyChunk, BodyReader } from './shared-body.ts';

export interface BodyTarget {
  readonly response: ServerResponse;
  readonly headers: OutgoingHttpHeaders;
  readonly isHead: boolean;
  /** The slot of the request, which records since when it has been waiting for the client. */
  readonly slot: RequestSlot;
}

/**
 * Writes a body as fast as the client reads it: with its length if it has a single chunk, otherwise chunked. Resolves
 * when all of it was written or the client has disconnected; the chunks are not read any more then. Rejects if the body
 * cannot be encoded to its end; the response then has not ended.
 */
export async function writeBody(body: BodyReader, target: BodyTarget): Promise<void> {
  const { response, headers, isHead } = target;
  const first = await body.read();
  if (first === undefined || isDisconnected(response)) return;
  if (isServerClosed(response)) response.setHeader('Connection', 'close');
  response.writeHead(200, {
    ...headers,
    ...(first.coding === undefined ? {} : { 'Content-Encoding': first.coding }),
    ...(first.isLast ? { 'Content-Length': first.bytes.length } : {}),
  });
  const writer = new ResponseWriter(target);
  if (isHead) await writer.end();
  else if (first.isLast) await writer.end(first.bytes);
  else await writeAll(first, body, writer);
}

async function writeAll(first: BodyChunk, body: BodyReader, writer: ResponseWriter): Promise<void> {
  for (let chunk: BodyChunk | undefined = first; chunk !== undefined; chunk = await body.read()) {
    if (chunk.bytes.length > 0) await writer.write(chunk.bytes);
    if (writer.isDisconnected) return;
  }
  await writer.end();
}

/** Writes to a response. Each call resolves when its bytes are not read any more, or the client has disconnected. */
class ResponseWriter {
  readonly #response: ServerResponse;
  readonly #slot: RequestSlot;
  readonly #isNative: boolean;
  #resume: () => void = () => {};
  #hasDrained = false;
  #isListening = false;

  constructor({ response, slot }: BodyTarget) {
    this.#response = response;
    this.#slot = slot;
    this.#isNative = isNative(response);
    onceClosed(response, () => this.#resume());
  }

  get isDisconnected(): boolean {
    return isDisconnected(this.#response);
  }

  async write(bytes: Buffer): Promise<void> {
    if (this.isDisconnected) return;
    this.#slot.waitingSince = performance.now();
    if (this.#isNative) await this.#until((done) => void this.#response.write(bytes, done));
    else await this.#writeCopy(bytes);
    this.#slot.waitingSince = undefined;
  }

  /** If the response is not native, the bytes are copied, and the call resolves before the client has read them. */
  async end(bytes?: Buffer): Promise<void> {
    if (this.isDisconnected) return;
    this.#slot.waitingSince = performance.now();
    if (this.#isNative) await this.#until((done) => void this.#response.end(bytes, done));
    else this.#response.end(bytes && Buffer.from(bytes));
  }

  /**
   * Middleware such as compression replaces write(). It often ignores the callback, and may read the bytes later. What
   * can be relied on is the return value, which is false if the caller should wait, and `drain`.
   */
  async #writeCopy(bytes: Buffer): Promise<void> {
    this.#listenForDrain();
    this.#hasDrained = false;
    const result: unknown = this.#response.write(Buffer.from(bytes));
    const mustWait = result === false || (result === undefined && this.#response.writableNeedDrain);
    if (mustWait && !this.#hasDrained && !this.isDisconnected) await this.#until(() => {});
  }

  /** Listens once: middleware that replaces on() may not replace off(), and then a listener could not be removed. */
  #listenForDrain(): void {
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

/** Whether write() and end() are those of `node:http`, which call back when the operating system has the bytes. */
function isNative({ write, end }: ServerResponse): boolean {
  const prototype = builtinModule('node:http')?.OutgoingMessage.prototype;
  return write === prototype?.write && end === prototype.end;
}

/**
 * Returns whether `close()` of the server was called. It waits for connections in use, and a scraper uses its connection again
 * and again before the keep-alive timeout ends.
 */
function isServerClosed(response: ServerResponse): boolean {
  // Simulated responses may have no request.
  const { httpVersionMajor, socket }: Partial<IncomingMessage> = response.req ?? {};
  // The types do not have the property.
  const { server } = (socket ?? {}) as { readonly server?: { readonly listening?: boolean } };
  return httpVersionMajor === 1 && server?.listening === false;
}
