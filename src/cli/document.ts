import type { Readable } from 'node:stream';
import { readSnapshot } from '../exposition/snapshot/read-snapshot.ts';
import type { MetricFamily } from '../model/family.ts';
import { thrownText } from '../model/thrown.ts';
import { FamilyAssembler } from '../parse/assembly/family-assembler.ts';
import { openMetrics2Naming, openMetricsNaming, textNaming } from '../parse/assembly/family-naming.ts';
import type { ParseMode, ParseOptions } from '../parse/input/options.ts';
import type { ParseError } from '../parse/input/parse-error.ts';
import type { LineHandler } from '../parse/lines/line-handler.ts';
import { readOpenMetrics } from '../parse/openmetrics/parse-openmetrics.ts';
import { parseProtobuf } from '../parse/protobuf/parse-protobuf.ts';
import { readText } from '../parse/text/parse-text.ts';
import { CommandError } from './command-error.ts';
import { type FormatName, formatOf } from './format-names.ts';
import type { Input } from './http-input.ts';
import { openInput } from './input.ts';
import type { InputOptions } from './input-options.ts';
import type { ReportFinding } from './line-finding.ts';
import { type LineRuleOptions, LineRules } from './line-rules.ts';
import { peek, readWhole } from './peek.ts';
import { Places } from './places.ts';
import { sniff, sniffBeginning, sniffText, TAIL_BYTES } from './sniff.ts';

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
  /** Where in the text its families are; undefined for formats without lines, and where nobody asked. */
  readonly places: Places | undefined;
}

export interface ReadDocumentOptions extends InputOptions {
  readonly mode: ParseMode;
  /** Told of what is wrong with lines; makes the document keep track of places. By default neither. */
  readonly onFinding?: ReportFinding | undefined;
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
    onFinding: options.onFinding,
    maxSize: Number.POSITIVE_INFINITY,
    onError: (error: ParseError) => errors.push(error),
  };
  const content = await readers[format](counted(), parseOptions, input.name);
  return { name: input.name, contentType: input.contentType, format, errors, ...content, size };
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

interface Content {
  readonly families: readonly MetricFamily[];
  readonly places: Places | undefined;
}

interface ReaderOptions extends ParseOptions {
  readonly onFinding: ReportFinding | undefined;
}

type Reader = (chunks: AsyncIterable<Uint8Array>, options: ReaderOptions, name: string) => Promise<Content>;

const readers: Readonly<Record<FormatName, Reader>> = {
  text: readTextDocument,
  'text-1.0.0': readTextDocument,
  openmetrics: (chunks, options) => readOpenMetricsDocument(chunks, options, '1.0.0'),
  'openmetrics-2': (chunks, options) => readOpenMetricsDocument(chunks, options, '2.0.0'),
  protobuf: async (chunks, options) => ({ families: await parseProtobuf(chunks, options), places: undefined }),
  json: readJson,
};

async function readTextDocument(chunks: AsyncIterable<Uint8Array>, options: ReaderOptions): Promise<Content> {
  const assembler = new FamilyAssembler(textNaming, assemblyMode(options));
  const rules = { groups: options.mode === 'strict', distributions: true, byTime: false };
  const { handler, places } = withRules(assembler, options, rules);
  await readText(chunks, handler, options);
  return { families: assembler.finish(), places };
}

async function readOpenMetricsDocument(
  chunks: AsyncIterable<Uint8Array>,
  options: ReaderOptions,
  version: '1.0.0' | '2.0.0',
): Promise<Content> {
  const naming = version === '2.0.0' ? openMetrics2Naming : openMetricsNaming;
  const assembler = new FamilyAssembler(naming, assemblyMode(options));
  // In strict mode the reader knows these rules, and in version 2.0 a distribution is one line.
  const distributions = options.mode === 'prometheus' && version === '1.0.0';
  const { handler, places } = withRules(assembler, options, { groups: false, distributions, byTime: true });
  await readOpenMetrics(chunks, handler, { ...options, version });
  return { families: assembler.finish(), places };
}

/** Findings are about families as they are meant, not about what a server makes of lines that do not fit them. */
function assemblyMode({ mode, onFinding }: ReaderOptions): ParseMode | undefined {
  return onFinding === undefined ? mode : 'strict';
}

/** What checks lines before they become families, where somebody is told what it finds. */
function withRules(assembler: LineHandler, { onFinding }: ReaderOptions, options: LineRuleOptions) {
  if (onFinding === undefined) return { handler: assembler, places: undefined };
  const places = new Places(assembler);
  return { handler: new LineRules(places, onFinding, options), places };
}

async function readJson(chunks: AsyncIterable<Uint8Array>, _: ReaderOptions, name: string): Promise<Content> {
  const parts: Uint8Array[] = [];
  for await (const chunk of chunks) parts.push(chunk);
  try {
    return { families: readSnapshot(JSON.parse(Buffer.concat(parts).toString())), places: undefined };
  } catch (error) {
    throw new CommandError(`${name} is no snapshot: ${thrownText(error)}`);
  }
}
