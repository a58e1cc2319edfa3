import { on } from 'node:events';
import { connect, type Socket } from 'node:net';

/** Host and port of a server. */
export interface Address {
  readonly host: string;
  readonly port: number;
}

/** An error reply of Redis, or a reply that is not RESP. */
export class RedisError extends Error {
  override readonly name = 'RedisError';
}

/** Longest accepted reply: what answers on the port may not be Redis. */
const MAX_REPLY_BYTES = 1_000_000;

/** Parses `host:port`, such as `redis.example.com:6379` or `[::1]:6379`. */
export function parseAddress(text: string): Address {
  const match = /^(?:\[([\da-f:.]+)\]|([^\s:/[\]]+)):(\d{1,5})$/i.exec(text);
  const port = Number(match?.[3]);
  const host = match?.[1] ?? match?.[2];
  if (host !== undefined && port >= 1 && port <= 65_535) return { host, port };
  throw new RangeError(`must be host:port, such as 127.0.0.1:6379, got ${JSON.stringify(text)}.`);
}

/** Sends commands over one connection, which is opened when it is needed and kept between scrapes. */
export class RedisClient {
  readonly #address: Address;
  #password: string | undefined;
  #socket: Socket | undefined;
  #last: Promise<unknown> = Promise.resolve();

  constructor(address: Address) {
    this.#address = address;
  }

  /** Authenticates with this password from the next command on. */
  usePassword(password: string): void {
    if (password !== this.#password) this.close();
    this.#password = password;
  }

  /**
   * Sends a command after the one before it has ended, and returns its reply. Rejects if the signal aborts; the
   * connection is then closed, because a later reply would belong to this command.
   */
  send(words: readonly string[], signal: AbortSignal): Promise<string> {
    const reply = this.#last.then(() => this.#exchange(words, signal));
    this.#last = reply.catch(() => this.close());
    return reply.catch((error) => {
      throw signal.aborted ? signal.reason : error;
    });
  }

  /** Closes the connection. The next command opens another one. */
  close(): void {
    this.#socket?.destroy();
    this.#socket = undefined;
  }

  async #exchange(words: readonly string[], signal: AbortSignal): Promise<string> {
    signal.throwIfAborted();
    if (this.#socket === undefined || this.#socket.destroyed) {
      this.#socket = connect(this.#address).on('error', () => {});
      if (this.#password) await ask(this.#socket, ['AUTH', this.#password], signal);
    }
    return ask(this.#socket, words, signal);
  }
}

/** Writes a command as an array of bulk strings, and waits for its reply. */
async function ask(socket: Socket, words: readonly string[], signal: AbortSignal): Promise<string> {
  const command = words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`);
  socket.write(`*${words.length}\r\n${command.join('')}`);
  let received = Buffer.alloc(0);
  // Rejects if the signal aborts or the connection fails, and ends with the connection.
  for await (const [piece] of on(socket, 'data', { signal, close: ['close'] })) {
    received = Buffer.concat([received, piece]);
    const reply = parseReply(received);
    if (reply !== undefined) return reply;
  }
  throw new RedisError('Redis closed the connection.');
}

/** Returns the reply once all of it has been received. */
function parseReply(received: Buffer): string | undefined {
  const type = received.toString('latin1', 0, 1);
  if (!'+-$'.includes(type)) throw new RedisError('The server does not speak the protocol of Redis.');
  const end = received.indexOf('\r\n');
  if (end < 0 && received.length <= MAX_REPLY_BYTES) return undefined;
  const line = received.toString('utf8', 1, end);
  if (type === '-') throw new RedisError(line);
  if (type === '+') return line;
  const length = Number(line);
  if (!(length >= 0 && length <= MAX_REPLY_BYTES)) throw new RedisError('The reply is too long or incomplete.');
  const start = end + '\r\n'.length;
  const isComplete = received.length >= start + length + '\r\n'.length;
  return isComplete ? received.toString('utf8', start, start + length) : undefined;
}
