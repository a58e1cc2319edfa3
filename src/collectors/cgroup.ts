import { dirname, join } from 'node:path/posix';
import type { KernelFiles } from './kernel-files.ts';

const MOUNT = 'sys/fs/cgroup';

/** The control group (version 2) of this process and its ancestors, whose limits apply to it, too. */
export class Cgroup {
  readonly #files: KernelFiles;
  /** From the group of the process up. */
  readonly #folders: readonly string[];

  private constructor(files: KernelFiles, folders: readonly string[]) {
    this.#files = files;
    this.#folders = folders;
  }

  /** Returns undefined without control groups of version 2. */
  static of(files: KernelFiles): Cgroup | undefined {
    // Version 2 has hierarchy 0 and no controllers (cgroups(7)).
    const path = /^0::(\/.*)$/m.exec(files.read('proc/self/cgroup') ?? '')?.[1];
    if (path === undefined || path.split('/').includes('..')) return undefined;
    // A container may see its own group as the root, although the path is that of the host.
    const all = [join(MOUNT, path)];
    for (let at = path; at !== '/'; at = dirname(at)) all.push(join(MOUNT, dirname(at)));
    const folders = all.filter((folder) => files.read(join(folder, 'cgroup.controllers')) !== undefined);
    return folders.length === 0 ? undefined : new Cgroup(files, folders);
  }

  /** Returns the text of a file in the group of the process. */
  read(name: string): string | undefined {
    return this.#files.read(join(this.#folders[0] ?? MOUNT, name));
  }

  /** Returns the lowest limit in the files with this name; undefined if there is none. */
  lowest(name: string, parse: (text: string) => number | undefined): number | undefined {
    const limits = this.#folders.flatMap((folder) => {
      const text = this.#files.read(join(folder, name));
      const limit = text === undefined ? undefined : parse(text.trim());
      return limit === undefined ? [] : [limit];
    });
    return limits.length === 0 ? undefined : Math.min(...limits);
  }
}
