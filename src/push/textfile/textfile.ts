import { randomBytes } from 'node:crypto';
import { open, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { text } from '../../exposition/text/text-formats.ts';
import { checkOptionNames, type OptionNames } from '../../model/option-names.ts';
import { kindOf } from '../../model/printable.ts';
import { readThrown } from '../../model/thrown.ts';
import { defaultRegistry } from '../../registry/default-registry.ts';
import type { CollectorFailure, Gatherer } from '../../registry/gathering.ts';
import { encodeBody } from '../delivery/encode-body.ts';
import { TextfileEncoder } from './textfile-encoder.ts';

/** Options of {@link writeTextfile}. */
export interface TextfileOptions {
  /**
   * Registry whose metrics are written.
   *
   * @defaultValue `defaultRegistry`
   */
  readonly registry?: Gatherer | undefined;
  /**
   * Aborts the scrape of the registry: collectors that are still running are left out.
   *
   * @defaultValue none
   */
  readonly signal?: AbortSignal | undefined;
}

export const TEXTFILE_OPTIONS: OptionNames<TextfileOptions> = {
  registry: true,
  signal: true,
};

/** The result of {@link writeTextfile}. */
export interface TextfileReport {
  /** Length of the file in bytes. */
  readonly bytes: number;
  /** Collectors that failed and families that were left out. */
  readonly failures: readonly CollectorFailure[];
}

/** Windows refuses to replace a file while another program reads it. */
const RENAME_RETRIES = 10;
const RENAME_WAIT_MS = 50;

/**
 * Writes metrics for the textfile collector of node_exporter. The file is replaced atomically, and everyone may read it.
 * Use one file for each job.
 *
 * @throws {RangeError} if `path` does not end in `.prom`, a metric has a timestamp, for which node_exporter would ignore
 * the whole file, or its name starts with `node_`. The file does not change then.
 * @throws {Error} if the file cannot be written.
 *
 * @example
 * ```ts
 * import { tmpdir } from 'node:os';
 * import { join } from 'node:path';
 * import { Gauge, Registry } from 'zeroprom';
 * import { writeTextfile } from 'zeroprom/push';
 *
 * const registry = new Registry();
 * new Gauge({ name: 'backup_size_bytes', help: 'Size of the backup in bytes.', registry }).set(12_345);
 * await writeTextfile(join(tmpdir(), 'backup.prom'), { registry });
 * ```
 */
export async function writeTextfile(path: string, options: TextfileOptions = {}): Promise<TextfileReport> {
  checkOptionNames('writeTextfile()', options, TEXTFILE_OPTIONS);
  checkTextfilePath(path);
  const { registry = defaultRegistry, signal } = options;
  const gathering = await registry.gather({ signal });
  const { body, failures } = await encodeBody(gathering, text, (encoder, onMistake) => {
    return new TextfileEncoder(encoder, onMistake);
  });
  await replaceFile(path, body);
  return { bytes: body.length, failures };
}

/** Throws a TypeError or RangeError unless node_exporter would read the file. */
export function checkTextfilePath(path: string): void {
  if (typeof path !== 'string') throw new TypeError(`path must be a string, got ${kindOf(path)}.`);
  if (!basename(path).endsWith('.prom') || basename(path) === '.prom') {
    throw new RangeError(
      `path must end in .prom, because node_exporter ignores other files, got ${JSON.stringify(path)}.`,
    );
  }
}

/** Removes temporary files that a process has left behind while it wrote `path`. */
export async function removeTemporaryFiles(path: string): Promise<void> {
  const prefix = temporaryPrefix(path);
  const names = await readdir(dirname(path)).catch(() => []);
  const left = names.filter((name) => name.startsWith(prefix) && name.endsWith('.tmp'));
  await Promise.all(left.map((name) => rm(join(dirname(path), name), { force: true })));
}

/** The temporary file is in the same folder, because a rename across file systems is not atomic. */
async function replaceFile(path: string, body: Uint8Array): Promise<void> {
  const temporary = join(dirname(path), `${temporaryPrefix(path)}${randomBytes(6).toString('hex')}.tmp`);
  try {
    const file = await open(temporary, 'wx', 0o644);
    try {
      await file.writeFile(body);
      await file.chmod(0o644); // The umask may have removed the permission of node_exporter's user to read it.
      await file.sync();
    } finally {
      await file.close();
    }
    await renameWithRetries(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

async function renameWithRetries(from: string, to: string): Promise<void> {
  for (let retries = 0; ; retries++) {
    try {
      return await rename(from, to);
    } catch (error) {
      const isBusy = ['EPERM', 'EACCES', 'EBUSY'].includes(readThrown(error).code ?? '');
      if (process.platform !== 'win32' || !isBusy || retries === RENAME_RETRIES) throw error;
      await wait(RENAME_WAIT_MS);
    }
  }
}

function temporaryPrefix(path: string): string {
  return `.${basename(path)}.`;
}
