import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { clientGroups } from './client-groups.ts';

/**
 * Ends a connection where there are more than `most`: the newest of the network that has the most of them. One that opens
 * connections without end keeps no other out.
 */
export function dropExcessConnections(server: Server, most: number, onDrop: () => void): void {
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
    if (++count <= most) return;
    const [largest, sockets] = largestOf(networks, network);
    const newest = [...sockets].at(-1) ?? socket;
    forget(newest, largest); // Its close is told only later.
    newest.destroy();
    onDrop();
  });
}

/** The network of the newcomer where others have no more. */
function largestOf(
  networks: ReadonlyMap<string, Set<Socket>>,
  newcomer: string,
): [network: string, sockets: Set<Socket>] {
  let largest: [string, Set<Socket>] = [newcomer, networks.get(newcomer) ?? new Set()];
  for (const entry of networks) if (entry[1].size > largest[1].size) largest = entry;
  return largest;
}
