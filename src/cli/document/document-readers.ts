import { CommandError } from '../../command-line/usage-error.ts';
import { readFamilySnapshot } from '../../exposition/snapshot/read-snapshot.ts';
import type { MetricFamily } from '../../model/family.ts';
import { thrownText } from '../../model/thrown.ts';
import { FamilyAssembler } from '../../parse/assembly/family-assembler.ts';
import { type ParseMode, type ParseOptions, parseSettings } from '../../parse/input/options.ts';
import { readAll } from '../../parse/input/source.ts';
import type { LineHandler } from '../../parse/lines/line-handler.ts';
import { readOpenMetrics } from '../../parse/openmetrics/parse-openmetrics.ts';
import { ProtobufReader } from '../../parse/protobuf/parse-protobuf.ts';
import { readText } from '../../parse/text/parse-text.ts';
import type { FormatName } from '../input/format-names.ts';
import { checkInputMemory } from '../input/memory-limit.ts';
import { jsonItems } from './json-items.ts';

/** Formats of lines, which can be inspected before they become families. */
export type LineFormat = 'text' | 'openmetrics' | 'openmetrics-2';

/** Puts a handler in front of the one that makes families of the lines. */
export type InspectLines = (next: LineHandler, format: LineFormat) => LineHandler;

export interface ReaderOptions extends ParseOptions {
  /** Called for documents that consist of lines. */
  readonly inspectLines: InspectLines | undefined;
}

/** Reads a document of one format; `name` is the name of its input in messages. */
type DocumentReader = (
  chunks: AsyncIterable<Uint8Array>,
  options: ReaderOptions,
  name: string,
) => Promise<MetricFamily[]>;

export const documentReaders: Readonly<Record<FormatName, DocumentReader>> = {
  text: readTextDocument,
  'text-1.0.0': readTextDocument,
  openmetrics: (chunks, options) => readOpenMetricsDocument(chunks, options, 'openmetrics'),
  'openmetrics-2': (chunks, options) => readOpenMetricsDocument(chunks, options, 'openmetrics-2'),
  // Like `parseProtobuf()`, but also gives up within a message that needs too much memory.
  protobuf: async (chunks, options, name) => {
    const reader = new ProtobufReader({ ...parseSettings(options), poll: () => checkInputMemory(name) });
    return readAll(chunks, reader, () => reader.finish());
  },
  json: readJson,
};

async function readTextDocument(chunks: AsyncIterable<Uint8Array>, options: ReaderOptions): Promise<MetricFamily[]> {
  const assembler = new FamilyAssembler('text', assemblyMode(options), true);
  await readText(chunks, inspected(assembler, options, 'text'), options);
  return assembler.finish();
}

async function readOpenMetricsDocument(
  chunks: AsyncIterable<Uint8Array>,
  options: ReaderOptions,
  format: 'openmetrics' | 'openmetrics-2',
): Promise<MetricFamily[]> {
  const version = format === 'openmetrics' ? '1.0.0' : '2.0.0';
  const dialect = version === '2.0.0' ? 'openMetrics2' : 'openMetrics';
  const assembler = new FamilyAssembler(dialect, assemblyMode(options), true);
  await readOpenMetrics(chunks, inspected(assembler, options, format), { ...options, version });
  return assembler.finish();
}

/** Inspected lines become families as they are meant, not what a server stores of lines that do not fit them. */
function assemblyMode({ mode, inspectLines }: ReaderOptions): ParseMode | undefined {
  return inspectLines === undefined ? mode : 'strict';
}

function inspected(assembler: LineHandler, { inspectLines }: ReaderOptions, format: LineFormat): LineHandler {
  return inspectLines === undefined ? assembler : inspectLines(assembler, format);
}

/** Maximum heap that `JSON.parse()` needs for a byte, and so do the families read from it. */
const HEAP_PER_JSON_BYTE = 40;

async function readJson(chunks: AsyncIterable<Uint8Array>, _: ReaderOptions, name: string): Promise<MetricFamily[]> {
  const families: MetricFamily[] = [];
  const onGrowth = (bytes: number) => checkInputMemory(name, bytes * HEAP_PER_JSON_BYTE);
  try {
    for await (const item of jsonItems(chunks, onGrowth)) families.push(readFamilySnapshot(item, families.length));
  } catch (error) {
    if (error instanceof CommandError) throw error;
    throw new CommandError(`${name} is not a valid snapshot: ${thrownText(error)}`);
  }
  return families;
}
