import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { MOST_HEADERS } from '../../http/ambiguous-requests.ts';
import { onceClosed } from '../../http/response/closed.ts';

/** What a server does to clients that take their time. Milliseconds, where it is a time. */
export interface ServerLimits {
  readonly headersTimeout: number;
  readonly requestTimeout: number;
  /** How often the two above are looked at. */
  readonly connectionsCheckingInterval: number;
  readonly keepAliveTimeout: number;
  /** How long a connection may go without a complete request after its last response, whatever trickles in. */
  readonly betweenRequests: number;
  readonly handshakeTimeout: number;
  readonly maxConnections: number;
}

export const SERVER_LIMITS: ServerLimits = {
  headersTimeout: 10_000,
  requestTimeout: 30_000,
  connectionsCheckingInterval: 5_000,
  // Prometheus keeps its connection; at Node's 5 s every scrape would need a new one.
  keepAliveTimeout: 125_000,
  betweenRequests: 130_000,
  handshakeTimeout: 10_000,
  maxConnections: 2000,
};

/** Sets what cannot be given when a server is made, and cuts connections that only pretend to send a request. */
export function limitConnections(server: Server, limits: ServerLimits): void {
  server.maxHeadersCount = MOST_HEADERS + 1; // One more shows that there were too many.
  /** By connection; undefined while there is a request. */
  const timers = new WeakMap<Socket, NodeJS.Timeout | undefined>();
  const stop = (socket: Socket) => {
    clearTimeout(timers.get(socket));
    timers.set(socket, undefined);
  };
  server.prependListener('request', ({ socket }, response) => {
    // A timer that outlives its connection would keep all of it for as long.
    if (!timers.has(socket)) socket.once('close', () => stop(socket));
    stop(socket);
    onceClosed(response, () => {
      stop(socket);
      if (socket.destroyed) return;
      // Node's keepAliveTimeout begins anew with each line feed that comes.
      timers.set(socket, setTimeout(() => socket.destroy(), limits.betweenRequests).unref());
    });
  });
}
