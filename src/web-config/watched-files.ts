import { constants } from 'node:fs';
import { open } from 'node:fs/promises';

const MAX_BYTES = 5_000_000;

/**
 * Reads files and remembers their contents to detect changes. Comparing contents instead of times and sizes also
 * detects files that are written while they are read, or replaced by files of the same time and size.
 */
export class WatchedFiles {
  readonly #contents = new Map<string, Promise<FileContent>>();

  /** Reads a text file once. Rejects if it is not a regular file, not text in UTF-8 or larger than 5 MB. */
  async read(path: string): Promise<string> {
    const content = this.#contents.get(path) ?? readContent(path);
    this.#contents.set(path, content);
    const { bytes, error } = await content;
    if (bytes === undefined) throw error;
    return decodeText(bytes);
  }

  /** Whether one of the files has changed, or can be read only now or no longer. */
  async haveChanged(): Promise<boolean> {
    const changes = [...this.#contents].map(async ([path, reading]) => {
      const [before, now] = [await reading, await readContent(path)];
      if (before.bytes !== undefined && now.bytes !== undefined) return !before.bytes.equals(now.bytes);
      return String(before.error) !== String(now.error);
    });
    return (await Promise.all(changes)).includes(true);
  }
}

/** Bytes of a file, or the error of reading it. */
type FileContent =
  | { readonly bytes: Buffer; readonly error?: never }
  | { readonly bytes?: never; readonly error: unknown };

async function readContent(path: string): Promise<FileContent> {
  try {
    return { bytes: await readRegularFile(path) };
  } catch (error) {
    return { error };
  }
}

async function readRegularFile(path: string): Promise<Buffer> {
  // Without O_NONBLOCK, which Windows lacks, opening a named pipe waits for its writer.
  const file = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  try {
    const stats = await file.stat();
    if (!stats.isFile()) throw new RangeError('must be a regular file.');
    if (stats.size > MAX_BYTES) throw new RangeError(`must have at most ${MAX_BYTES} bytes, got ${stats.size}.`);
    return await file.readFile();
  } finally {
    await file.close();
  }
}

function decodeText(bytes: Buffer): string {
  const text = new TextDecoder().decode(bytes);
  // U+FFFD replaces bytes that are not UTF-8; a crash may leave NUL bytes.
  if (/[^\P{Cc}\t\r\n]|\uFFFD/u.test(text)) {
    throw new RangeError(
      'must be text in UTF-8 without control characters; convert certificates and keys from DER to PEM.',
    );
  }
  return text;
}
