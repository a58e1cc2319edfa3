import { chmodSync, lstatSync, unlinkSync } from 'node:fs';
import type { Server } from 'node:net';
import { CommandError } from '../../command-line/usage-error.ts';
import { readThrown, thrownText } from '../../model/thrown.ts';
import type { ListenAddress, UnixAddress } from './listen-address.ts';

/**
 * Begins to accept connections, and gives the address with the port that was had. Throws a CommandError, one line, where the
 * address cannot be had. A Unix socket that nobody listens at any more is replaced.
 */
export async function listen(server: Server, address: ListenAddress): Promise<ListenAddress> {
  try {
    await bind(server, address);
  } catch (error) {
    if (!('path' in address) || codeOf(error) !== 'EADDRINUSE' || !(await isStale(address))) {
      throw new CommandError(reasonOf(error, address));
    }
    unlinkSync(address.path);
    await bind(server, address);
  }
  if ('path' in address && address.mode !== undefined) chmodSync(address.path, address.mode);
  const bound = server.address();
  return bound === null || typeof bound === 'string' ? address : { ...address, port: bound.port };
}

/** Connections that wait to be accepted; of what comes beyond, the client's system tries again after a second. */
const BACKLOG = 2000;

function bind(server: Server, address: ListenAddress): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ ...address, backlog: BACKLOG }, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

/** Whether the socket's file was left behind by a process that has ended. */
async function isStale({ path }: UnixAddress): Promise<boolean> {
  if (!lstatSync(path).isSocket()) return false;
  const { connect } = await import('node:net');
  return new Promise((resolve) => {
    const socket = connect(path);
    const done = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('connect', () => done(false)).once('error', (error) => done(codeOf(error) === 'ECONNREFUSED'));
  });
}

const REASONS: ReadonlyMap<unknown, string> = new Map([
  ['EADDRINUSE', 'the address is in use; end the other process, or choose another with --web.listen-address'],
  ['EACCES', 'permission denied; ports below 1024 need a privilege, choose another with --web.listen-address'],
  ['EADDRNOTAVAIL', 'this machine has no such address; choose another with --web.listen-address'],
  ['EINVAL', 'this machine has no such address or zone; choose another with --web.listen-address'],
  ['ENOTFOUND', 'the host name is not known; choose another with --web.listen-address'],
  ['ENOENT', 'there is no such folder; choose another with --web.listen-address'],
]);

function reasonOf(error: unknown, address: ListenAddress): string {
  const reason = REASONS.get(codeOf(error)) ?? thrownText(error);
  return `cannot listen on ${shown(address)}: ${reason}`;
}

function shown(address: ListenAddress): string {
  if ('path' in address) return `unix:${address.path}`;
  return 'fd' in address ? `file descriptor ${address.fd}` : `${address.host ?? ''}:${address.port}`;
}

function codeOf(error: unknown): unknown {
  return readThrown(error).code;
}
