import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { builtinModule } from '../../../model/missing-api.ts';
import type { OptionNames } from '../../../model/option-names.ts';

/** Options that lead the processes of an application to each other. */
export interface MeetingOptions {
  /**
   * Directory below which the processes meet. They create a directory in it that only their user can read. Its path
   * must be short, because paths of sockets have at most 103 bytes.
   *
   * @defaultValue the directory for temporary files
   */
  readonly directory?: string | undefined;
  /**
   * Name of the group of processes that are shown together: letters, digits, `_`, `-` and `.`.
   *
   * @defaultValue under PM2 the application's name, and otherwise the process id of the parent, so that the workers
   * of a cluster and other processes started with `fork()` find each other
   */
  readonly group?: string | undefined;
}

export const MEETING_OPTIONS: OptionNames<MeetingOptions> = {
  directory: true,
  group: true,
};

/** Longest name of a group. */
const MAX_LENGTH = 40;

/**
 * Returns the directory in which the processes of a group meet. `isChild`: whether the group is by default that of the
 * parent process rather than that of this process.
 *
 * @throws {RangeError} if `group` cannot be part of a file name.
 */
export function meetingPath({ directory = tmpdir(), group }: MeetingOptions, isChild: boolean): string {
  if (group !== undefined && !(/^[\w.-]+$/.test(group) && group.length <= MAX_LENGTH)) {
    throw new RangeError(
      `group must have 1 to ${MAX_LENGTH} letters, digits, _, - or ., got ${JSON.stringify(group).slice(0, 100)}.`,
    );
  }
  const name = group ?? pm2Group() ?? nameOfProcess(isChild ? process.ppid : process.pid);
  return join(directory, `${meetingPrefix()}${name}`);
}

/** Returns how the names of all meeting directories of this user begin. */
export function meetingPrefix(): string {
  return `zeroprom-${process.getuid?.() ?? 'user'}-`;
}

/** Whether another Node.js process has started this one with `fork()`, as `cluster` does. */
export function isForked(): boolean {
  return process.send !== undefined;
}

/** Whether this process is a worker of a cluster. A tool that restarts programs may have forked any other. */
export function isClusterWorker(): boolean {
  // Loading the module in a process that has not been forked is not needed, and fails under Passenger.
  return isForked() && builtinModule('node:cluster')?.isWorker === true;
}

/** Process ids are used again, for example by each container, so the time of the start follows if the system tells it. */
function nameOfProcess(pid: number): string {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // The 22nd field. The second one is a name in parentheses, which may contain anything.
    return `${pid}-${text.slice(text.lastIndexOf(')') + 2).split(' ')[19]}`;
  } catch {
    return String(pid);
  }
}

// PM2 sets these for its applications. Two of its daemons may run applications with the same name.
function pm2Group(): string | undefined {
  const { pm_id: id, name, PM2_HOME: home = '' } = process.env;
  if (id === undefined || name === undefined) return undefined;
  return `pm2-${createHash('sha256')
    .update(JSON.stringify([home, name]))
    .digest('hex')
    .slice(0, 12)}`;
}
