import type { HttpRequest, HttpSocket } from '../http/response/http-message.ts';

/** What was counted of a connection when the last exchange on it ended. */
interface Counted {
  received: number;
  sent: number;
}

const COUNTED = Symbol('zeroprom.counted');

/** A connection that remembers. A symbol on it costs less than a WeakMap. */
type CountedSocket = HttpSocket & { [COUNTED]?: Counted };

const last: Counted = { received: 0, sent: 0 };

/**
 * Bytes that went over the connection for one request and its response, heads and framing included: what the connection
 * counts anyway, so nothing is wrapped. Undefined for HTTP/2, whose requests share a connection. The result is valid until
 * the next call: it is called for each request, and makes no garbage.
 */
export function trafficOf({ httpVersionMajor, socket }: HttpRequest): Readonly<Counted> | undefined {
  if (httpVersionMajor !== 1 || socket === undefined) return undefined;
  const connection: CountedSocket = socket;
  connection[COUNTED] ??= { received: 0, sent: 0 };
  const counted = connection[COUNTED];
  const { bytesRead, bytesWritten } = connection;
  last.received = bytesRead - counted.received;
  last.sent = bytesWritten - counted.sent;
  counted.received = bytesRead;
  counted.sent = bytesWritten;
  return last;
}
