import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { MAX_HEADERS } from '../../http/ambiguous-requests.ts';
import { onceClosed } from '../../http/response/response-close.ts';

/** Limits for slow clients; times in milliseconds. */
export interface ServerLimits {
  readonly headersTimeout: number;
  readonly requestTimeout: number;
  /** How often the two timeouts above are checked. */
  readonly connectionsCheckingInterval: number;
  readonly keepAliveTimeout: number;
  /** Maximum time from a response to the next complete request on the same connection. */
  readonly betweenRequests: number;
  readonly handshakeTimeout: number;
  readonly maxConnections: number;
}

/** Long enough for most scrapes, but shorter than the ten seconds after which containers are killed. */
export const SHUTDOWN_TIMEOUT_MS = 8_000;

/** Limits of exporters. */
export const SERVER_LIMITS: ServerLimits = {
  headersTimeout: 10_000,
  requestTimeout: 30_000,
  connectionsCheckingInterval: 5_000,
  // Longer than usual scrape intervals: with the 5 s of Node.js every scrape would need a new connection.
  keepAliveTimeout: 125_000,
  betweenRequests: 130_000,
  handshakeTimeout: 10_000,
  maxConnections: 2000,
};

/**
 * Applies the limits that are not options of `createServer()`, and drops connections that trickle bytes without a
 * request.
 */
export function limitConnections(server: Server, limits: ServerLimits): void {
  server.maxHeadersCount = MAX_HEADERS + 1; // One more, to detect requests with too many.
  /** Timers by connection; undefined during a request. */
  const timers = new WeakMap<Socket, NodeJS.Timeout | undefined>();
  const stop = (socket: Socket) => {
    clearTimeout(timers.get(socket));
    timers.set(socket, undefined);
  };
  server.prependListener('request', ({ socket }, response) => {
    // A timer that outlives its connection would keep the connection in memory.
    if (!timers.has(socket)) socket.once('close', () => stop(socket));
    stop(socket);
    onceClosed(response, () => {
      stop(socket);
      if (socket.destroyed) return;
      // The keepAliveTimeout of Node.js restarts with each line feed that arrives.
      timers.set(socket, setTimeout(() => socket.destroy(), limits.betweenRequests).unref());
    });
  });
}
