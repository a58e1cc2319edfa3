import { readdir, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { isListening } from './ask-member.ts';
import { MeetingDirectory } from './meeting-directory.ts';
import { meetingPrefix } from './meeting-group.ts';

const DAY_MS = 24 * 3600 * 1000;

/** Removes other meeting directories of this user in which nothing has changed for a day and no process is left. */
export async function removeAbandoned(own: string): Promise<void> {
  const parent = dirname(own);
  const names = await readdir(parent).catch(() => []);
  for (const name of names) {
    if (!name.startsWith(meetingPrefix()) || name === basename(own)) continue;
    const path = join(parent, name);
    // A directory that cannot be read or removed stays.
    if (await isAbandoned(path).catch(() => false)) await rm(path, { recursive: true, force: true }).catch(() => {});
  }
}

async function isAbandoned(path: string): Promise<boolean> {
  const { mtimeMs, uid } = await stat(path);
  if (uid !== process.getuid?.() || Date.now() - mtimeMs < DAY_MS) return false;
  const directory = new MeetingDirectory(path);
  const { sockets } = await directory.list();
  const running = await Promise.all(sockets.map((incarnation) => isListening(directory.socketPath(incarnation))));
  return !running.includes(true);
}
