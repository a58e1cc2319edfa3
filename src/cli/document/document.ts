import type { Readable } from 'node:stream';
import type { MetricFamily } from '../../model/family.ts';
import type { ParseMode } from '../../parse/input/options.ts';
import type { ParseError } from '../../parse/input/parse-error.ts';
import { CommandError } from '../command/command-error.ts';
import { type FormatName, formatOf } from '../input/format-names.ts';
import type { Input } from '../input/http-input.ts';
import { openInput } from '../input/input.ts';
import type { InputOptions } from '../input/input-options.ts';
import { peek, readWhole } from '../input/stream-head.ts';
import { sniff, sniffBeginning, sniffText, TAIL_BYTES } from './detect-format.ts';
import { documentReaders, type InspectLines } from './document-readers.ts';

/** So much of a document is looked at to recognize its format before all of it is. */
const HEAD_BYTES = 2 ** 20;

/** An exposition that has been read. */
export interface Document {
  readonly name: string;
  readonly format: FormatName;
  /** As the server sent it. */
  readonly contentType: string | undefined;
  /** Bytes, unpacked. */
  readonly size: number;
  readonly families: readonly MetricFamily[];
  /** All that could not be read, in order; `families` holds the rest. */
  readonly errors: readonly ParseError[];
}

export interface ReadDocumentOptions extends InputOptions {
  readonly mode: ParseMode;
  readonly inspectLines?: InspectLines | undefined;
}

/** Reads an input whole. Rejects with a CommandError for what is no exposition at all. */
export async function readDocument(name: string, options: ReadDocumentOptions, stdin: Readable): Promise<Document> {
  const input = await openInput(name, options, stdin);
  const { format, chunks } = await recognize(input, options.from);
  const errors: ParseError[] = [];
  let size = 0;
  async function* counted(): AsyncIterable<Uint8Array> {
    for await (const chunk of chunks) {
      size += chunk.length;
      yield chunk;
    }
  }
  // The size is limited already, and named by its option there.
  const parseOptions = {
    mode: options.mode,
    inspectLines: options.inspectLines,
    maxSize: Number.POSITIVE_INFINITY,
    onError: (error: ParseError) => errors.push(error),
  };
  const families = await documentReaders[format](counted(), parseOptions, input.name);
  return { name: input.name, contentType: input.contentType, format, errors, families, size };
}

/** Reads an input whole, and rejects with the first error if there is one. */
export async function readSoundDocument(
  name: string,
  options: ReadDocumentOptions,
  stdin: Readable,
): Promise<Document> {
  const document = await readDocument(name, options, stdin);
  const [error, ...more] = document.errors;
  if (error === undefined) return document;
  const others = [
    '',
    ' There is 1 more error: zeroprom check shows it.',
    ` There are ${more.length} more errors: zeroprom check shows them.`,
  ][Math.min(more.length, 2)];
  throw new CommandError(`${document.name}: ${error.message}${others}`);
}

interface Recognized {
  readonly format: FormatName;
  readonly chunks: AsyncIterable<Uint8Array>;
}

/** What the input is, by the user's word, the server's, or its looks. */
async function recognize(input: Input, from: FormatName | undefined): Promise<Recognized> {
  const format = from ?? formatOfServer(input);
  return format === undefined ? recognizeByLooks(input) : { format, chunks: input.chunks };
}

async function recognizeByLooks(input: Input): Promise<Recognized> {
  const { head, isWhole, all } = await peek(input.chunks, HEAD_BYTES);
  const format = isWhole ? sniff(head) : sniffBeginning(head);
  if (format !== undefined) return { format, chunks: all };
  const whole = await readWhole(all, TAIL_BYTES);
  return { format: sniffText(head, whole.tail), chunks: whole.all };
}

function formatOfServer({ name, contentType }: Input): FormatName | undefined {
  const format = contentType === undefined ? undefined : formatOf(contentType);
  if (format !== undefined || contentType === undefined) return format;
  throw new CommandError(
    `${name} answers ${contentType}, which is no exposition; --from FORMAT reads it all the same.`,
  );
}
