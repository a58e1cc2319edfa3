import { CommandError } from '../../command-line/usage-error.ts';
import type { MetricFamily } from '../../model/family.ts';
import type { ParseMode } from '../../parse/input/options.ts';
import type { ParseError } from '../../parse/input/parse-error.ts';
import { type FormatName, formatOf } from '../input/format-names.ts';
import type { Input } from '../input/http-input.ts';
import { type InputIo, openInput } from '../input/input.ts';
import type { InputFlagValues } from '../input/input-flags.ts';
import { readHead, readTail } from '../input/stream-head.ts';
import { detectFormat, detectFromHead, detectFromTail, TAIL_BYTES } from './detect-format.ts';
import { documentReaders, type InspectLines } from './document-readers.ts';

/** Number of bytes to detect the format from before the whole document is read for that. */
const HEAD_BYTES = 2 ** 20;

/** An exposition that has been read. */
export interface Document {
  readonly name: string;
  readonly format: FormatName;
  /** Content-Type of the response, if it comes from a server. */
  readonly contentType: string | undefined;
  /** Size in bytes after decompression. */
  readonly size: number;
  readonly families: MetricFamily[];
  /** Parse errors in order; `families` contains everything that could be read. */
  readonly errors: readonly ParseError[];
}

export interface ReadDocumentOptions extends InputFlagValues {
  readonly mode: ParseMode;
  readonly inspectLines?: InspectLines | undefined;
}

/**
 * Reads a whole input.
 *
 * @throws {CommandError} if it cannot be read or is not an exposition.
 */
export async function readDocument(name: string, options: ReadDocumentOptions, io: InputIo): Promise<Document> {
  const input = await openInput(name, options, io);
  const known = options.from ?? declaredFormat(input);
  const { format, chunks } =
    known === undefined ? await detectFormatOf(input) : { format: known, chunks: input.chunks };
  const errors: ParseError[] = [];
  let size = 0;
  async function* counted(): AsyncIterable<Uint8Array> {
    for await (const chunk of chunks) {
      size += chunk.length;
      yield chunk;
    }
  }
  // The input limits the size, with an error that names the flag.
  const parseOptions = {
    mode: options.mode,
    inspectLines: options.inspectLines,
    maxSize: Number.POSITIVE_INFINITY,
    onError: (error: ParseError) => errors.push(error),
  };
  const families = await documentReaders[format](counted(), parseOptions, input.name);
  return { name: input.name, contentType: input.contentType, format, errors, families, size };
}

/**
 * Like `readDocument()`, but rejects with the first parse error.
 *
 * @throws {CommandError} if the input cannot be read or contains an error.
 */
export async function readSoundDocument(name: string, options: ReadDocumentOptions, io: InputIo): Promise<Document> {
  const document = await readDocument(name, options, io);
  const [error, ...more] = document.errors;
  if (error === undefined) return document;
  const others = [
    '',
    ' There is 1 more error; zeroprom check shows it.',
    ` There are ${more.length} more errors; zeroprom check shows them.`,
  ][Math.min(more.length, 2)];
  throw new CommandError(`${document.name}: ${error.message}${others}`);
}

interface RecognizedInput {
  readonly format: FormatName;
  readonly chunks: AsyncIterable<Uint8Array>;
}

async function detectFormatOf(input: Input): Promise<RecognizedInput> {
  const { head, isWhole, all } = await readHead(input.chunks, HEAD_BYTES);
  const format = isWhole ? detectFormat(head) : detectFromHead(head);
  if (format !== undefined) return { format, chunks: all };
  const tail = await input.readEnd?.(TAIL_BYTES);
  if (tail !== undefined) return { format: detectFromTail(head, tail), chunks: all };
  const whole = await readTail(all, TAIL_BYTES);
  return { format: detectFromTail(head, whole.tail), chunks: whole.all };
}

function declaredFormat({ name, contentType }: Input): FormatName | undefined {
  const format = contentType === undefined ? undefined : formatOf(contentType);
  if (format !== undefined || contentType === undefined) return format;
  throw new CommandError(
    `${name} returned ${contentType}, which is not an exposition format; use --from FORMAT to read it anyway.`,
  );
}
