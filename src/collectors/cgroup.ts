import { dirname, join } from 'node:path/posix';
import type { KernelFiles } from './kernel-files.ts';

const MOUNT = 'sys/fs/cgroup';

/** The control group of this process, version 2, and those above it, whose limits hold for it too. */
export class Cgroup {
  readonly #files: KernelFiles;
  /** From the process' own group up. */
  readonly #folders: readonly string[];

  private constructor(files: KernelFiles, folders: readonly string[]) {
    this.#files = files;
    this.#folders = folders;
  }

  /** Undefined where there are no control groups of version 2. */
  static of(files: KernelFiles): Cgroup | undefined {
    // The line of version 2 has the hierarchy 0 and no controllers (cgroups(7)).
    const path = /^0::(\/.*)$/m.exec(files.read('proc/self/cgroup') ?? '')?.[1];
    if (path === undefined || path.split('/').includes('..')) return undefined;
    // A container may see its own group as the root, under a path that names it as its host does.
    const folders = foldersFrom(path).filter((folder) => files.read(join(folder, 'cgroup.controllers')) !== undefined);
    return folders.length === 0 ? undefined : new Cgroup(files, folders);
  }

  /** The text of a file of the process' own group. */
  read(name: string): string | undefined {
    return this.#files.read(join(this.#folders[0] ?? MOUNT, name));
  }

  /** The lowest of the limits in the files of that name; undefined where there is none. */
  lowest(name: string, parse: (text: string) => number | undefined): number | undefined {
    const limits = this.#folders.flatMap((folder) => {
      const text = this.#files.read(join(folder, name));
      const limit = text === undefined ? undefined : parse(text.trim());
      return limit === undefined ? [] : [limit];
    });
    return limits.length === 0 ? undefined : Math.min(...limits);
  }
}

/** A group's folder and those of the groups above it. */
function foldersFrom(path: string): string[] {
  const folders = [join(MOUNT, path)];
  for (let at = path; at !== '/'; at = dirname(at)) folders.push(join(MOUNT, dirname(at)));
  return folders;
}
