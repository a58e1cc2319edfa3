import { stat } from 'node:fs/promises';
import { asError } from '../../model/thrown.ts';
import type { Baseline } from './baseline.ts';
import { isListening } from './meeting/ask-member.ts';
import { contentOf, type MeetingDirectory, removeFile } from './meeting/meeting-directory.ts';
import { readSnapshot } from './snapshot/read-snapshot-bytes.ts';
import type { MemberId, Snapshot } from './snapshot/snapshot.ts';
import { snapshotLength } from './snapshot/snapshot-bytes.ts';

/** A process listens on its socket within a moment after it has created it. */
const STARTING_MS = 60_000;

/**
 * Returns the latest snapshot that a process has saved, or the one that is known already if that is newer: the disk may
 * have been full. Undefined if there is neither. One of the two files may be incomplete, if the process was killed while
 * it wrote it.
 *
 * @throws {Error} if no file can be read and nothing is known.
 */
export async function lastSnapshot(
  directory: MeetingDirectory,
  id: MemberId,
  known?: Snapshot,
): Promise<Snapshot | undefined> {
  const saved: Snapshot[] = known === undefined ? [] : [known];
  let problem: Error | undefined;
  for (const path of [directory.memberPath(id), directory.secondPath(id)]) {
    try {
      const bytes = await contentOf(path);
      // The rest is left over from a longer snapshot.
      if (bytes !== undefined && bytes.length > 0) saved.push(readSnapshot(bytes.subarray(0, snapshotLength(bytes))));
    } catch (thrown) {
      problem = new Error(`Cannot read ${path}: ${asError(thrown).message}`, { cause: thrown });
    }
  }
  if (saved.length === 0 && problem !== undefined) throw problem;
  return saved.sort((a, b) => b.sequence - a.sequence)[0];
}

/** Adds all processes that have ended to the baseline, and removes their files. */
export async function foldEnded(
  directory: MeetingDirectory,
  baseline: Baseline,
  onProblem: (problem: Error) => void,
): Promise<void> {
  const { members, sockets } = await directory.list();
  const running = await Promise.all(members.map(({ incarnation }) => isListening(directory.socketPath(incarnation))));
  for (const [index, id] of members.entries()) {
    if (!running[index]) await foldMember(directory, baseline, id, undefined, onProblem);
  }
  const known = new Set(members.map(({ incarnation }) => incarnation));
  for (const incarnation of sockets) {
    if (!known.has(incarnation)) await removeOrphan(directory.socketPath(incarnation));
  }
}

/** Adds a process that has ended to the baseline. If its snapshot cannot be read, its counts are lost. */
export async function foldMember(
  directory: MeetingDirectory,
  baseline: Baseline,
  id: MemberId,
  known: Snapshot | undefined,
  onProblem: (problem: Error) => void,
): Promise<void> {
  await baseline.fold(id, async () => {
    try {
      return await lastSnapshot(directory, id, known);
    } catch (thrown) {
      onProblem(asError(thrown));
      return undefined;
    }
  });
}

/** Removes the socket of a process that ended before it was a member. */
async function removeOrphan(path: string): Promise<void> {
  const created = await stat(path).catch(() => undefined);
  if (created === undefined || Date.now() - created.mtimeMs < STARTING_MS || (await isListening(path))) return;
  await removeFile(path);
}
