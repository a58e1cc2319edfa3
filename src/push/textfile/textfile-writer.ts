import { rm } from 'node:fs/promises';
import {
  checkTextfilePath,
  removeTemporaryFiles,
  type TextfileOptions,
  type TextfileReport,
  writeTextfile,
} from './textfile.ts';

/**
 * Writes a file for the textfile collector again and again. Its `write()` fits `Scheduler.every()`.
 *
 * @example
 * ```ts
 * import { tmpdir } from 'node:os';
 * import { join } from 'node:path';
 * import { Registry, Scheduler } from 'zeroprom';
 * import { TextfileWriter } from 'zeroprom/push';
 *
 * const textfile = new TextfileWriter(join(tmpdir(), 'app.prom'), { registry: new Registry() });
 * const scheduler = new Scheduler();
 * scheduler.every('30s', textfile.write, { name: 'write_textfile', immediate: true });
 * scheduler.start();
 * await scheduler.stop();
 * await textfile.remove();
 * ```
 */
export class TextfileWriter {
  /** Path of the file. */
  readonly path: string;
  readonly #registry: TextfileOptions['registry'];
  #last: Promise<unknown> = Promise.resolve();
  #hasCleaned = false;

  /**
   * Creates a writer. Its first write also removes temporary files that a process has left behind.
   *
   * @throws {TypeError} if `path` is not a string.
   * @throws {RangeError} if `path` does not end in `.prom`.
   */
  constructor(path: string, { registry }: Pick<TextfileOptions, 'registry'> = {}) {
    checkTextfilePath(path);
    this.path = path;
    this.#registry = registry;
  }

  /** Writes the current values, after any other call has ended. Rejects as {@link writeTextfile} does. */
  readonly write = ({ signal }: Pick<TextfileOptions, 'signal'> = {}): Promise<TextfileReport> =>
    this.#afterOthers(async () => {
      if (!this.#hasCleaned) await removeTemporaryFiles(this.path);
      this.#hasCleaned = true;
      return writeTextfile(this.path, { registry: this.#registry, signal });
    });

  /** Removes the file, so that its series end. It need not exist. */
  remove(): Promise<void> {
    return this.#afterOthers(() => rm(this.path, { force: true }));
  }

  #afterOthers<T>(run: () => Promise<T>): Promise<T> {
    const done = this.#last.then(run);
    this.#last = done.catch(() => {});
    return done;
  }
}
