import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { thrownText } from '../../model/thrown.ts';
import { CommandError } from '../command/command-error.ts';
import { unpackGzip } from './decompress.ts';
import { fetchInput, type Input } from './http-input.ts';
import type { InputOptions } from './input-options.ts';
import { checkInputMemory } from './memory-limit.ts';
import { shownName } from './shown-name.ts';
import { peek } from './stream-head.ts';

const HOST_AND_PORT = /^(\[[\da-fA-F:]+\]|[\w.-]+):\d+(\/.*)?$/;

/** Opens a file, a URL, `host:port` (its `/metrics`) or `-`, standard input. What is compressed with gzip is unpacked. */
export async function openInput(name: string, options: InputOptions, stdin: Readable): Promise<Input> {
  const input = isHttp(name) ? await fetchInput(shownName(name), urlOf(name), options) : await openLocal(name, stdin);
  return { ...input, chunks: limit(input, options['max-size']) };
}

/** Whether it is asked for over HTTP, and can be asked for again. */
export function isHttp(name: string): boolean {
  return /^https?:\/\//i.test(name) || HOST_AND_PORT.test(name);
}

function urlOf(name: string): URL {
  const [, , path] = HOST_AND_PORT.exec(name) ?? [];
  const text = /^https?:\/\//i.test(name) ? name : `http://${name}${path === undefined ? '/metrics' : ''}`;
  if (!URL.canParse(text)) throw new CommandError(`${JSON.stringify(shownName(name))} is not a URL.`);
  return new URL(text);
}

async function openLocal(name: string, stdin: Readable): Promise<Input> {
  const { head, all } = await peek(name === '-' ? stdin : await openFile(name), 2);
  const isGzip = head[0] === 0x1f && head[1] === 0x8b;
  return { name: name === '-' ? 'stdin' : name, chunks: isGzip ? unpackGzip(all) : all };
}

async function openFile(name: string): Promise<Readable> {
  try {
    if ((await stat(name)).isDirectory()) throw new Error('it is a directory');
    return createReadStream(name);
  } catch (error) {
    throw new CommandError(`${shownName(name)} cannot be read: ${reasonOf(error)}.`);
  }
}

/** Errors of the file system end in the path, which may hold more than is to be shown. */
function reasonOf(error: unknown): string {
  return thrownText(error).replace(/, \w+ '.*'$/s, '');
}

/** What cannot be read any further, and what is too large, ends with a CommandError. */
async function* limit({ name, chunks }: Input, maxSize: number): AsyncIterable<Uint8Array> {
  let size = 0;
  try {
    for await (const chunk of chunks) {
      size += chunk.length;
      checkInputMemory(name);
      if (size > maxSize)
        throw new CommandError(
          `${name} is larger than ${maxSize} bytes (decompressed); raise the limit with --max-size.`,
        );
      yield chunk;
    }
  } catch (error) {
    if (error instanceof CommandError) throw error;
    throw new CommandError(`${name} cannot be read: ${thrownText(error)}.`);
  }
}
