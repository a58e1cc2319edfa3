import { closeSync, openSync, readdirSync, readSync, statfsSync, statSync } from 'node:fs';
import { join } from 'node:path';

const MAX_BYTES = 64 * 1024;
/** The file system type of /proc, PROC_SUPER_MAGIC in linux/magic.h. */
const PROC = 0x9fa0;

/**
 * Reads small files that the kernel generates on demand, below /proc and /sys. Reads are synchronous: no disk is involved, and
 * the thread pool costs ten times as much as the 10 to 40 microseconds of a read.
 */
export class KernelFiles {
  readonly #root: string;
  #buffer: Buffer | undefined = undefined;

  /** `root` replaces `/`, so that tests can provide the files. */
  constructor(root = '/') {
    this.#root = root;
  }

  /** Returns the text of a file; undefined if it is missing, unreadable or longer than 64 KiB. */
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

  /** Returns the number of entries of a folder; undefined if it cannot be listed. Avoids listing below /proc if it can. */
  count(path: string): number | undefined {
    const folder = join(this.#root, path);
    try {
      // From Linux 6.2 on, the size of /proc/PID/fd is the number of open files, and 0 before.
      const isProc = statfsSync(folder).type === PROC;
      const size = isProc ? statSync(folder).size : 0;
      // While it is listed, the folder itself is an open file.
      return size > 0 ? size : readdirSync(folder).length - (isProc ? 1 : 0);
    } catch {
      return undefined;
    }
  }

  /** The kernel returns one page at a time, so the text is complete only when a read returns nothing. */
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

/** Reads lines of a name and a number, as the kernel writes them: `VmRSS:     61440 kB`, `nr_periods 12`. */
export class KeyedNumbers {
  readonly #text: string;

  constructor(text = '') {
    this.#text = `\n${text}`;
  }

  /** Returns the number of a line; undefined if the line is missing. */
  number(name: string): number | undefined {
    const start = this.#text.indexOf(`\n${name}`) + name.length + 1;
    const separator = this.#text[start];
    if (start <= name.length || (separator !== ':' && separator !== ' ')) return undefined;
    const value = Number.parseInt(this.#text.slice(start + 1, start + 40), 10);
    return Number.isNaN(value) ? undefined : value;
  }

  /** Returns the bytes of a line in kB, which are 1024 bytes each. */
  bytes(name: string): number | undefined {
    const kilobytes = this.number(name);
    return kilobytes === undefined ? undefined : kilobytes * 1024;
  }

  /** Returns the seconds of a line in microseconds. */
  seconds(name: string): number | undefined {
    const microseconds = this.number(name);
    return microseconds === undefined ? undefined : microseconds / 1e6;
  }
}
