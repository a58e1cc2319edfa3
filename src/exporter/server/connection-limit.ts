import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { clientGroups } from './client-groups.ts';

/**
 * Drops a connection whenever there are more than `maxConnections`: the newest of the network that has the most, so
 * that a client that keeps opening connections does not lock out others.
 */
export function dropExcessConnections(server: Server, maxConnections: number, onDrop: () => void): void {
  const networks = new Map<string, Set<Socket>>();
  let count = 0;
  const forget = (socket: Socket, network: string) => {
    const sockets = networks.get(network);
    if (sockets?.delete(socket)) count--;
    if (sockets?.size === 0) networks.delete(network);
  };
  server.on('connection', (socket: Socket) => {
    const [network = ''] = clientGroups(socket.remoteAddress);
    networks.set(network, (networks.get(network) ?? new Set()).add(socket));
    socket.once('close', () => forget(socket, network));
    if (++count <= maxConnections) return;
    const [largest, sockets] = largestNetwork(networks, network);
    const newest = [...sockets].at(-1) ?? socket;
    forget(newest, largest); // `close` is emitted later.
    newest.destroy();
    onDrop();
  });
}

/** Returns the network with the most connections; of several, that of the new connection. */
function largestNetwork(
  networks: ReadonlyMap<string, Set<Socket>>,
  newcomer: string,
): [network: string, sockets: Set<Socket>] {
  let largest: [string, Set<Socket>] = [newcomer, networks.get(newcomer) ?? new Set()];
  for (const entry of networks) if (entry[1].size > largest[1].size) largest = entry;
  return largest;
}
