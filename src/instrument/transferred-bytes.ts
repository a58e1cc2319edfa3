import type { HttpRequest, HttpSocket } from '../http/response/http-message.ts';

/** Bytes received and sent. */
interface Transferred {
  received: number;
  sent: number;
}

const COUNTED = Symbol('zeroprom.counted');

/** A connection with its byte counts at the end of its last exchange. A symbol property costs less than a WeakMap. */
type CountedSocket = HttpSocket & { [COUNTED]?: Transferred };

/** The result of all calls: they are made for each request, and must not create garbage. */
const last: Transferred = { received: 0, sent: 0 };

/**
 * Returns the bytes that went over the connection for a request and its response, including heads and framing. Node.js
 * counts them anyway, so nothing has to be wrapped. Undefined for HTTP/2, where requests share a connection. The result
 * is valid until the next call.
 */
export function transferredBytes({ httpVersionMajor, socket }: HttpRequest): Readonly<Transferred> | undefined {
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
