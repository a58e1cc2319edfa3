import { createServer, type RequestListener } from 'node:http';
import type { MessagePort } from 'node:worker_threads';
import { rejectAmbiguous } from '../../http/ambiguous-requests.ts';
import type { Logger } from '../../model/logger.ts';
import { routed } from '../server/router.ts';
import { type Peer, PortStream } from './port-stream.ts';

/** A connection from the scrape thread. */
export interface RouteConnection {
  readonly port: MessagePort;
  readonly peer: Peer;
}

/** Returns a function that answers the requests for routes that the scrape thread forwards over connections. */
export function routeServer(
  routes: Readonly<Record<string, RequestListener>>,
  { prefix, logger }: { readonly prefix: string; readonly logger: Logger },
): (connection: RouteConnection) => void {
  const onError = (path: string, err: unknown) => logger.error('A request failed.', { path, err });
  const prefixed = Object.entries(routes).map(([path, listener]) => [prefix + path, { listener }] as const);
  const server = createServer(rejectAmbiguous(routed(prefixed, onError))); // It never listens.
  return ({ port, peer }) => void server.emit('connection', new PortStream(port, peer));
}
