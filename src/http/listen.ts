import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { UsageError } from './flags.ts';

/** Where to listen: a port of all interfaces, or of one. */
export interface ListenAddress {
  readonly host?: string;
  readonly port: number;
}

/** Reads `:2112`, `127.0.0.1:2112`, `localhost:2112` or `[::1]:2112`. Throws a RangeError for anything else. */
export function parseListenAddress(text: string): ListenAddress {
  const [, v6, host, digits] = /^(?:\[([0-9a-fA-F:.]+)\]|([^[\]:/\s]*)):(\d{1,5})$/.exec(text) ?? [];
  const port = Number(digits);
  if (digits === undefined || port > 65_535) {
    throw new RangeError(`${JSON.stringify(text)} is no listen address: write :2112, 127.0.0.1:2112 or [::1]:2112.`);
  }
  const name = v6 ?? host ?? '';
  return name === '' ? { port } : { host: name, port };
}

/** Begins to accept connections. Throws a UsageError, one line, where the address cannot be had. */
export async function listen(server: Server, address: ListenAddress): Promise<AddressInfo> {
  await new Promise<void>((resolve, reject) => {
    const fail = (error: NodeJS.ErrnoException) => reject(new UsageError(reasonOf(error, address)));
    server.once('error', fail);
    server.listen(address, () => {
      server.off('error', fail);
      resolve();
    });
  });
  const bound = server.address();
  if (bound === null || typeof bound === 'string') throw new Error('The server closed while it began to listen.');
  return bound;
}

/** The URL under which this machine reaches the address. */
export function urlOf({ host = '', port }: ListenAddress): string {
  if (host === '' || host === '0.0.0.0') return `http://127.0.0.1:${port}`;
  return host.includes(':') ? `http://[${host === '::' ? '::1' : host}]:${port}` : `http://${host}:${port}`;
}

const REASONS: ReadonlyMap<string, string> = new Map([
  ['EADDRINUSE', 'the address is in use; end the other process, or choose another with --web.listen-address'],
  ['EACCES', 'permission denied; ports below 1024 need a privilege, choose another with --web.listen-address'],
  ['EADDRNOTAVAIL', 'this machine has no such address; choose another with --web.listen-address'],
  ['ENOTFOUND', 'the host name is not known; choose another with --web.listen-address'],
]);

function reasonOf(error: NodeJS.ErrnoException, { host = '', port }: ListenAddress): string {
  return `cannot listen on ${host}:${port}: ${REASONS.get(error.code ?? '') ?? error.message}`;
}
