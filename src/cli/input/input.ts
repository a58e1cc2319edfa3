import { createReadStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { CommandError } from '../../command-line/usage-error.ts';
import { thrownText } from '../../model/thrown.ts';
import { escapeInvisible } from '../command/colors.ts';
import type { CommandIo } from '../command/command-io.ts';
import { formatSize } from '../command/number-format.ts';
import { decompressGzip } from './decompress.ts';
import { fetchInput, type Input } from './http-input.ts';
import type { InputFlagValues } from './input-flags.ts';
import { checkInputMemory } from './memory-limit.ts';
import { isServerName, serverAddress, shownName } from './server-name.ts';
import { readHead } from './stream-head.ts';

/** Standard input, and where to show how much has been read. */
export type InputIo = Pick<CommandIo, 'stdin' | 'progress'>;

/** A name that is rather that of a host than that of a file. */
const HOST = /^(localhost|[\d.]+|[\da-f:]*:[\da-f:]+|[\w-]+(\.[\w-]+)+:?)$/i;

/**
 * Opens a file, a server or `-`, standard input. Decompresses gzip.
 *
 * @throws {CommandError} if it cannot be read; iterating its chunks throws one as well.
 */
export async function openInput(name: string, flags: InputFlagValues, io: InputIo): Promise<Input> {
  const input = isServerName(name)
    ? await fetchInput(shownName(name), serverAddress(name), flags)
    : await openLocal(name, io.stdin);
  return { ...input, chunks: limit(input, flags['max-size'], io) };
}

async function openLocal(name: string, stdin: Readable): Promise<Input> {
  const { head, all } = await readHead(name === '-' ? stdin : await openFile(name), 2);
  const isGzip = head[0] === 0x1f && head[1] === 0x8b;
  const size = name === '-' || isGzip ? undefined : (await stat(name)).size || undefined; // 0 for pipes.
  const readEnd = size === undefined ? undefined : (bytes: number) => readEndOf(name, bytes);
  return { name: name === '-' ? 'stdin' : name, chunks: isGzip ? decompressGzip(all) : all, size, readEnd };
}

async function readEndOf(path: string, bytes: number): Promise<Buffer> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    const { buffer, bytesRead } = await file.read(Buffer.alloc(bytes), 0, bytes, Math.max(size - bytes, 0));
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

async function openFile(name: string): Promise<Readable> {
  try {
    if ((await stat(name)).isDirectory()) throw new Error('it is a directory');
    return createReadStream(name);
  } catch (error) {
    // Errors of the file system end with the path, which may contain credentials.
    const reason = thrownText(error).replace(/, \w+ '.*'$/s, '');
    const hint = HOST.test(name) ? ' A server is written with its port, as host:port, or as a URL.' : '';
    throw new CommandError(`${shownName(name)} cannot be read: ${reason}.${hint}`);
  }
}

/** Limits the size and the memory of an input, and turns errors of reading into CommandErrors. */
async function* limit(input: Input, maxSize: number, { progress }: InputIo): AsyncIterable<Uint8Array> {
  const { name, chunks } = input;
  const total = input.size === undefined ? '' : ` of ${formatSize(input.size)}`;
  let size = 0;
  try {
    for await (const chunk of chunks) {
      size += chunk.length;
      checkInputMemory(name);
      progress('Reading', () => `${escapeInvisible(name)}: ${formatSize(size)}${total}`);
      if (size > maxSize) {
        throw new CommandError(
          `${name} is larger than ${maxSize} bytes (decompressed); raise the limit with --max-size.`,
        );
      }
      yield chunk;
    }
  } catch (error) {
    if (error instanceof CommandError) throw error;
    throw new CommandError(`${name} cannot be read: ${thrownText(error)}.`);
  }
}
