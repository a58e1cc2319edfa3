import { chmodSync, lstatSync, unlinkSync } from 'node:fs';
import type { Server } from 'node:net';
import { CommandError } from '../../command-line/usage-error.ts';
import { readThrown, thrownText } from '../../model/thrown.ts';
import type { InheritedSocket, ListenAddress, UnixAddress } from './listen-address.ts';

/**
 * Starts to accept connections and returns the address with the actual port. Replaces the file of a Unix socket that a
 * process has left behind.
 *
 * @throws {CommandError} if the address cannot be used.
 */
export async function listen(server: Server, address: ListenAddress): Promise<ListenAddress> {
  try {
    await bind(server, address);
  } catch (error) {
    if (!('path' in address) || errorCode(error) !== 'EADDRINUSE' || !(await isStale(address))) {
      const reason = REASONS.get(errorCode(error)) ?? thrownText(error);
      throw new CommandError(`cannot listen on ${describe(address)}: ${reason}`);
    }
    unlinkSync(address.path);
    await bind(server, address);
  }
  if ('path' in address && address.mode !== undefined) chmodSync(address.path, address.mode);
  const bound = server.address();
  return bound === null || typeof bound === 'string' ? address : { ...address, port: bound.port };
}

/** The first file descriptor that systemd passes. */
const FIRST_FD = 3;

/**
 * Takes the sockets that systemd has opened for this process (`sd_listen_fds`); a second call finds none.
 *
 * @throws {CommandError} if there are none, or they are for another process.
 */
export function inheritedSockets(env: NodeJS.ProcessEnv, pid: number): readonly InheritedSocket[] {
  const { LISTEN_PID: forPid, LISTEN_FDS: count } = env;
  if (forPid !== undefined && forPid !== String(pid)) {
    throw new CommandError(
      `the sockets of systemd are for process ${forPid}, not for this process ${pid}: ExecStart= must start node itself, without npm or a shell`,
    );
  }
  const sockets = forPid === undefined || !/^\d{1,3}$/.test(count ?? '') ? 0 : Number(count);
  if (sockets === 0)
    throw new CommandError('no socket activation file descriptors found: start it with a .socket unit');
  for (const name of ['LISTEN_PID', 'LISTEN_FDS', 'LISTEN_FDNAMES']) delete env[name];
  return Array.from({ length: sockets }, (_, index) => ({ fd: FIRST_FD + index }));
}

/** Maximum number of connections that wait to be accepted; clients retry further ones after a second. */
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

/** Whether a process that has ended left the file of a socket behind. */
async function isStale({ path }: UnixAddress): Promise<boolean> {
  if (!lstatSync(path).isSocket()) return false;
  const { connect } = await import('node:net');
  return new Promise((resolve) => {
    const socket = connect(path);
    const done = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('connect', () => done(false)).once('error', (error) => done(errorCode(error) === 'ECONNREFUSED'));
  });
}

const REASONS: ReadonlyMap<unknown, string> = new Map([
  ['EADDRINUSE', 'the address is in use; stop the other process or change --web.listen-address'],
  ['EACCES', 'permission denied; ports below 1024 need a privilege; change --web.listen-address'],
  ['EADDRNOTAVAIL', 'this machine has no such address; change --web.listen-address'],
  ['EINVAL', 'this machine has no such address or zone; change --web.listen-address'],
  ['ENOTFOUND', 'unknown host name; change --web.listen-address'],
  ['ENOENT', 'no such directory; change --web.listen-address'],
]);

function describe(address: ListenAddress): string {
  if ('path' in address) return `unix:${address.path}`;
  return 'fd' in address ? `file descriptor ${address.fd}` : `${address.host ?? ''}:${address.port}`;
}

function errorCode(error: unknown): unknown {
  return readThrown(error).code;
}
