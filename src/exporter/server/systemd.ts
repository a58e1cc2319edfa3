import { CommandError } from '../../command-line/usage-error.ts';
import type { InheritedSocket } from './listen-address.ts';

const FIRST_FD = 3;

/**
 * The sockets that systemd has opened for this process (sd_listen_fds), which may take them once. Throws a CommandError where
 * there are none.
 */
export function inheritedSockets(env: NodeJS.ProcessEnv, pid: number): readonly InheritedSocket[] {
  const { LISTEN_PID: forPid, LISTEN_FDS: count } = env;
  if (forPid !== undefined && forPid !== String(pid)) {
    throw new CommandError(
      `the sockets of systemd are for process ${forPid}, and this is ${pid}: let ExecStart= start node itself, without npm or a shell`,
    );
  }
  const sockets = forPid === undefined || !/^\d{1,3}$/.test(count ?? '') ? 0 : Number(count);
  if (sockets === 0)
    throw new CommandError('no socket activation file descriptors found: start it with a .socket unit');
  for (const name of ['LISTEN_PID', 'LISTEN_FDS', 'LISTEN_FDNAMES']) delete env[name];
  return Array.from({ length: sockets }, (_, index) => ({ fd: FIRST_FD + index }));
}
