import { readFamilySnapshot } from '../exposition/snapshot/read-snapshot.ts';
import type { MetricFamily } from '../model/family.ts';
import { thrownText } from '../model/thrown.ts';
import { FamilyAssembler } from '../parse/assembly/family-assembler.ts';
import { openMetrics2Naming, openMetricsNaming, textNaming } from '../parse/assembly/family-naming.ts';
import { type ParseMode, type ParseOptions, parseSettings } from '../parse/input/options.ts';
import { readAll } from '../parse/input/source.ts';
import type { LineHandler } from '../parse/lines/line-handler.ts';
import { readOpenMetrics } from '../parse/openmetrics/parse-openmetrics.ts';
import { ProtobufReader } from '../parse/protobuf/parse-protobuf.ts';
import { readText } from '../parse/text/parse-text.ts';
import { CommandError } from './command-error.ts';
import type { FormatName } from './format-names.ts';
import { jsonItems } from './json-items.ts';
import type { ReportFinding } from './line-finding.ts';
import { type LineRuleOptions, LineRules } from './line-rules.ts';
import { checkInputMemory } from './memory.ts';
import { Places } from './places.ts';

/** What is in a document. */
export interface Content {
  readonly families: readonly MetricFamily[];
  readonly places: Places | undefined;
}

export interface ReaderOptions extends ParseOptions {
  readonly onFinding: ReportFinding | undefined;
}

/** Reads a document of one format; `name` is what its input is called. */
type Reader = (chunks: AsyncIterable<Uint8Array>, options: ReaderOptions, name: string) => Promise<Content>;

export const readers: Readonly<Record<FormatName, Reader>> = {
  text: readTextDocument,
  'text-1.0.0': readTextDocument,
  openmetrics: (chunks, options) => readOpenMetricsDocument(chunks, options, '1.0.0'),
  'openmetrics-2': (chunks, options) => readOpenMetricsDocument(chunks, options, '2.0.0'),
  protobuf: readProtobuf,
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

/** What `JSON.parse()` makes of a byte takes no more than this, and neither do families of it. */
const HEAP_PER_JSON_BYTE = 40;

async function readJson(chunks: AsyncIterable<Uint8Array>, _: ReaderOptions, name: string): Promise<Content> {
  const families: MetricFamily[] = [];
  const onGrowth = (bytes: number) => checkInputMemory(name, bytes * HEAP_PER_JSON_BYTE);
  try {
    for await (const item of jsonItems(chunks, onGrowth)) families.push(readFamilySnapshot(item, families.length));
  } catch (error) {
    if (error instanceof CommandError) throw error;
    throw new CommandError(`${name} is no snapshot: ${thrownText(error)}`);
  }
  return { families, places: undefined };
}

/** As `parseProtobuf()`, but also gives up within a message that takes too much memory. */
async function readProtobuf(chunks: AsyncIterable<Uint8Array>, options: ReaderOptions, name: string): Promise<Content> {
  const reader = new ProtobufReader({ ...parseSettings(options), poll: () => checkInputMemory(name) });
  return readAll(chunks, reader, () => ({ families: reader.finish(), places: undefined }));
}
