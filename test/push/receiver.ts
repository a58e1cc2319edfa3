import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { TestContext } from 'node:test';

/** A request that a receiver got. */
export interface ReceivedRequest {
  readonly method: string;
  /** Path and query as they were sent. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** A receiver with a real socket, which records requests. */
export interface Receiver {
  readonly url: string;
  readonly port: number;
  readonly requests: readonly ReceivedRequest[];
  /** Number of connections so far. */
  readonly connections: number;
  /** Closes the connections that are open. */
  dropConnections(): void;
}

/** Answers a request; `index` counts requests from 0. */
export type Answer = (response: ServerResponse, request: ReceivedRequest, index: number) => void;

/** Starts a receiver that is closed at the end of the test. By default it answers 200. */
export async function startReceiver(t: TestContext, answer: Answer = (response) => response.end()): Promise<Receiver> {
  const requests: ReceivedRequest[] = [];
  const sockets = new Set<Socket>();
  let connections = 0;
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const { method = '', url = '', headers } = request;
    const received = { method, path: url, headers, body: Buffer.concat(chunks) };
    requests.push(received);
    answer(response, received, requests.length - 1);
  });
  server.on('connection', (socket) => {
    connections++;
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const dropConnections = () => {
    for (const socket of sockets) socket.destroy();
  };
  t.after(() => {
    server.close();
    dropConnections();
  });
  const { port } = server.address() as AddressInfo; // It listens on a port.
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    requests,
    dropConnections,
    get connections() {
      return connections;
    },
  };
}
