import type { HttpRequest, HttpSocket } from './http-message.ts';

/** What was counted of a connection when the last exchange on it ended. */
interface Counted {
  received: number;
  sent: number;
}

const COUNTED = Symbol('zeroprom.counted');

/** A connection that remembers. A symbol on it costs less than a WeakMap. */
type CountedSocket = HttpSocket & { [COUNTED]?: Counted };

/**
 * Bytes that went over the connection for one request and its response, heads and framing included: what the connection
 * counts anyway, so nothing is wrapped. Undefined for HTTP/2, whose requests share a connection.
 */
export function trafficOf({ httpVersionMajor, socket }: HttpRequest): Counted | undefined {
  if (httpVersionMajor !== 1 || socket === undefined) return undefined;
  const connection: CountedSocket = socket;
  const counted = connection[COUNTED];
  const { bytesRead, bytesWritten } = connection;
  if (counted === undefined) {
    connection[COUNTED] = { received: bytesRead, sent: bytesWritten };
    return { received: bytesRead, sent: bytesWritten };
  }
  const traffic = { received: bytesRead - counted.received, sent: bytesWritten - counted.sent };
  counted.received = bytesRead;
  counted.sent = bytesWritten;
  return traffic;
}
