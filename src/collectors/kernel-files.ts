import { closeSync, openSync, readdirSync, readSync, statfsSync, statSync } from 'node:fs';
import { join } from 'node:path';

const MAX_BYTES = 64 * 1024;
/** The file system type of /proc, PROC_SUPER_MAGIC in linux/magic.h. */
const PROC = 0x9fa0;

/**
 * Small files that the kernel makes as they are read, under /proc and /sys. They are read synchronously: there is no disk to
 * wait for, and a thread pool costs ten times as much as the 10 to 40 microseconds that one takes.
 */
export class KernelFiles {
  readonly #root: string;
  #buffer: Buffer | undefined = undefined;

  /** `root` stands for `/`: tests read from a tree of their own. */
  constructor(root = '/') {
    this.#root = root;
  }

  /** The text of a file; undefined where it is not there, may not be read, or is longer than 64 KiB. */
  read(path: string): string | undefined {
    try {
      const file = openSync(join(this.#root, path), 'r');
      try {
        return this.#text(file);
      } finally {
        closeSync(file);
      }
    } catch {
      return undefined;
    }
  }

  /** How many entries a folder has; undefined where it cannot be listed. Of /proc it is asked without a list. */
  count(path: string): number | undefined {
    const folder = join(this.#root, path);
    try {
      // From Linux 6.2 on, the size of /proc/PID/fd is the number of open files, and 0 before.
      const isProc = statfsSync(folder).type === PROC;
      const size = isProc ? statSync(folder).size : 0;
      // While it is read, a folder is itself an open file.
      return size > 0 ? size : readdirSync(folder).length - (isProc ? 1 : 0);
    } catch {
      return undefined;
    }
  }

  /** The kernel gives a page at a time, so a text is whole only where the next read finds nothing. */
  #text(file: number): string | undefined {
    this.#buffer ??= Buffer.allocUnsafeSlow(MAX_BYTES);
    let length = 0;
    while (length < MAX_BYTES) {
      const read = readSync(file, this.#buffer, length, MAX_BYTES - length, null);
      if (read === 0) return this.#buffer.toString('latin1', 0, length);
      length += read;
    }
    return undefined;
  }
}
