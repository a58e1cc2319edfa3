import { link, lstat, mkdir, readdir, readFile, rename, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { MemberId } from '../snapshot/snapshot.ts';

/** Longest path of a socket that all systems support, in bytes. */
const MAX_SOCKET_PATH = 103;
const OTHERS = 0o077;

/** The files in a meeting directory. */
export interface Listing {
  readonly members: readonly MemberId[];
  /** Numbers of the baselines, from the latest on. */
  readonly baselines: readonly number[];
  /** Incarnations that have a socket. */
  readonly sockets: readonly string[];
}

/**
 * The directory in which processes meet. Each member has a socket and a file with its latest snapshot, and a baseline has
 * the sums of members that have ended. Files appear and change in one step: they are written under another name first.
 */
export class MeetingDirectory {
  readonly path: string;
  #temporary = 0;

  constructor(path: string) {
    this.path = path;
  }

  /**
   * Creates the directory, unless it exists.
   *
   * @throws {Error} if others can use it, or if its path is too long.
   */
  async create(): Promise<void> {
    const bytes = Buffer.byteLength(this.socketPath('0'.repeat(12)));
    if (bytes > MAX_SOCKET_PATH) {
      throw new Error(
        `The paths of sockets in ${this.path} must have at most ${MAX_SOCKET_PATH} bytes, got ${bytes}; use a shorter directory or group.`,
      );
    }
    await mkdir(this.path, { recursive: true, mode: 0o700 });
    const stats = await lstat(this.path);
    const user = process.getuid?.();
    if (!stats.isDirectory()) throw new Error(`${this.path} must be a directory; remove it.`);
    if (user !== undefined && stats.uid !== user) {
      throw new Error(
        `${this.path} must belong to user ${user}, got ${stats.uid}; remove it or use another directory.`,
      );
    }
    if ((stats.mode & OTHERS) !== 0) {
      const mode = (stats.mode & 0o777).toString(8);
      throw new Error(`${this.path} must have mode 700, got ${mode}; remove it or use another directory.`);
    }
  }

  /** Lists the directory. A directory that does not exist is empty. */
  async list(): Promise<Listing> {
    const members: MemberId[] = [];
    const baselines: number[] = [];
    const sockets: string[] = [];
    for (const name of await namesIn(this.path)) {
      const [, kind, number, incarnation = ''] =
        /^(member|baseline|socket)-(?:(\d{1,9})(?:-|$))?([0-9a-f]{12})?$/.exec(name) ?? [];
      if (kind === 'member' && incarnation !== '') members.push({ slot: Number(number), incarnation });
      if (kind === 'baseline') baselines.push(Number(number));
      if (kind === 'socket') sockets.push(incarnation);
    }
    members.sort((a, b) => a.slot - b.slot);
    baselines.sort((a, b) => b - a);
    return { members, baselines, sockets };
  }

  socketPath(incarnation: string): string {
    return join(this.path, `socket-${incarnation}`);
  }

  memberPath({ slot, incarnation }: MemberId): string {
    return join(this.path, `member-${slot}-${incarnation}`);
  }

  /** The path of the other file of a member. */
  secondPath({ incarnation }: MemberId): string {
    return join(this.path, `second-${incarnation}`);
  }

  baselinePath(number: number): string {
    return join(this.path, `baseline-${number}`);
  }

  /** Writes a file, or replaces it. */
  async write(path: string, content: readonly Buffer[]): Promise<void> {
    const temporary = this.#temporaryPath();
    try {
      await writeFile(temporary, Buffer.concat(content));
      await rename(temporary, path);
    } catch (error) {
      await removeFile(temporary);
      throw error;
    }
  }

  /** Writes a file unless it exists. Returns whether it did. */
  async writeNew(path: string, content: readonly Buffer[]): Promise<boolean> {
    const temporary = this.#temporaryPath();
    try {
      await writeFile(temporary, Buffer.concat(content));
      await link(temporary, path);
      return true;
    } catch (error) {
      if (hasCode(error, 'EEXIST')) return false;
      throw error;
    } finally {
      await removeFile(temporary);
    }
  }

  /** Removes a member's files. */
  async removeMember(id: MemberId): Promise<void> {
    await removeFile(this.secondPath(id));
    await removeFile(this.socketPath(id.incarnation));
    await removeFile(this.memberPath(id)); // Last, because the others are found by it.
  }

  #temporaryPath(): string {
    return join(this.path, `temporary-${process.pid}-${this.#temporary++}-${Math.random().toString(36).slice(2)}`);
  }
}

/** Returns the content of a file; undefined if it does not exist. */
export async function contentOf(path: string): Promise<Buffer | undefined> {
  try {
    return await readFile(path);
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

/** Removes a file, unless that is impossible. */
export async function removeFile(path: string): Promise<void> {
  await unlink(path).catch(() => {});
}

/** Whether an error of Node.js has one of these codes. */
export function hasCode(error: unknown, ...codes: readonly string[]): boolean {
  return error instanceof Error && 'code' in error && codes.some((code) => error.code === code);
}

async function namesIn(path: string): Promise<string[]> {
  try {
    return await readdir(path);
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return [];
    throw error;
  }
}
