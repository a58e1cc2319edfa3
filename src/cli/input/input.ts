import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { CommandError } from '../../command-line/usage-error.ts';
import { thrownText } from '../../model/thrown.ts';
import { decompressGzip } from './decompress.ts';
import { fetchInput, type Input } from './http-input.ts';
import type { InputFlagValues } from './input-flags.ts';
import { checkInputMemory } from './memory-limit.ts';
import { readHead } from './stream-head.ts';

/** Replaces the name and password of a URL in messages. */
const MASK = '***';
const HOST_AND_PORT = /^(\[[\da-fA-F:]+\]|[\w.-]+):\d+(\/.*)?$/;

/**
 * Opens a file, a URL, `host:port` (its `/metrics`) or `-`, standard input. Decompresses gzip.
 *
 * @throws {CommandError} if it cannot be read; iterating its chunks throws one as well.
 */
export async function openInput(name: string, flags: InputFlagValues, stdin: Readable): Promise<Input> {
  const input = isHttp(name) ? await fetchInput(shownName(name), urlOf(name), flags) : await openLocal(name, stdin);
  return { ...input, chunks: limit(input, flags['max-size']) };
}

/** Returns whether an input is requested over HTTP, and can therefore be read again. */
export function isHttp(name: string): boolean {
  return /^https?:\/\//i.test(name) || HOST_AND_PORT.test(name);
}

/** Returns the name of an input for messages, without the credentials of a URL. */
export function shownName(input: string): string {
  if (!/^[a-z][a-z\d+.-]*:\/\//i.test(input)) return input.replace(/^[^/@\s]*:[^/@\s]*@(?=[^/@\s]+:\d)/, `${MASK}@`);
  const url = URL.canParse(input) ? new URL(input) : undefined;
  // An invalid URL may have its password anywhere before the last @.
  if (url === undefined || url.host === '') return input.replace(/^([^:]+:\/\/).*@/s, `$1${MASK}@`);
  if (url.username === '' && url.password === '') return input;
  return `${url.protocol}//${MASK}@${url.host}${url.pathname}${url.search}${url.hash}`;
}

function urlOf(name: string): URL {
  const [, , path] = HOST_AND_PORT.exec(name) ?? [];
  const text = /^https?:\/\//i.test(name) ? name : `http://${name}${path === undefined ? '/metrics' : ''}`;
  if (!URL.canParse(text)) throw new CommandError(`${JSON.stringify(shownName(name))} is not a URL.`);
  return new URL(text);
}

async function openLocal(name: string, stdin: Readable): Promise<Input> {
  const { head, all } = await readHead(name === '-' ? stdin : await openFile(name), 2);
  const isGzip = head[0] === 0x1f && head[1] === 0x8b;
  return { name: name === '-' ? 'stdin' : name, chunks: isGzip ? decompressGzip(all) : all };
}

async function openFile(name: string): Promise<Readable> {
  try {
    if ((await stat(name)).isDirectory()) throw new Error('it is a directory');
    return createReadStream(name);
  } catch (error) {
    // Errors of the file system end with the path, which may contain credentials.
    const reason = thrownText(error).replace(/, \w+ '.*'$/s, '');
    throw new CommandError(`${shownName(name)} cannot be read: ${reason}.`);
  }
}

/** Limits the size and the memory of an input, and turns errors of reading into CommandErrors. */
async function* limit({ name, chunks }: Input, maxSize: number): AsyncIterable<Uint8Array> {
  let size = 0;
  try {
    for await (const chunk of chunks) {
      size += chunk.length;
      checkInputMemory(name);
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
