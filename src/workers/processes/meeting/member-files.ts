import { closeSync, fstatSync, openSync, writevSync } from 'node:fs';
import type { MemberId } from '../snapshot/snapshot.ts';
import type { MeetingDirectory } from './meeting-directory.ts';

/**
 * The two files of this process with its latest snapshots. They are written in turn, so that one is intact if the process
 * is killed while it writes the other. Writing a few pages of an open file takes a fraction of the time of creating and
 * renaming one.
 */
export class MemberFiles {
  readonly #files: number[];
  #turn = 0;

  /** The first file exists already: it has claimed the slot. */
  constructor(directory: MeetingDirectory, id: MemberId) {
    this.#files = [openSync(directory.secondPath(id), 'w', 0o600), openSync(directory.memberPath(id), 'r+')];
  }

  /** Whether the files have been deleted, for example by a program that deletes old temporary files. */
  get areDeleted(): boolean {
    return this.#files.some((file) => fstatSync(file).nlink === 0);
  }

  /** Saves a snapshot. Throws if the disk is full. */
  write(content: readonly Buffer[]): void {
    const file = this.#files[this.#turn % 2]!;
    const length = content.reduce((sum, part) => sum + part.length, 0);
    const whole = content.length > MAX_PARTS ? [Buffer.concat(content)] : content;
    const written = writevSync(file, whole, 0);
    if (written < length) throw new Error(`Only ${written} of ${length} bytes of a snapshot could be written.`);
    this.#turn++;
  }

  close(): void {
    for (const file of this.#files.splice(0)) closeSync(file);
  }
}

/** Maximum number of parts of one write on all systems. */
const MAX_PARTS = 512;
