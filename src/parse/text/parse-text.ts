import type { MetricFamily } from '../../model/family.ts';
import { FamilyAssembler } from '../assembly/family-assembler.ts';
import { textNaming } from '../assembly/family-naming.ts';
import { type ParseOptions, parseSettings } from '../input/options.ts';
import { type Chunk, type Chunks, readAll } from '../input/source.ts';
import type { LineHandler } from '../lines/line-handler.ts';
import { TextReader } from './text-reader.ts';
import { TextRules } from './text-rules.ts';

/**
 * Reads the Prometheus text formats 0.0.4 and 1.0.0: a string or bytes at once, or chunks as they arrive, which may end
 * anywhere. Throws a `ParseError`, or calls `onError` for each.
 */
export function parseText(input: Chunk, options?: ParseOptions): MetricFamily[];
export function parseText(input: Chunks, options?: ParseOptions): Promise<MetricFamily[]>;
export function parseText(input: Chunk | Chunks, options?: ParseOptions): MetricFamily[] | Promise<MetricFamily[]>;
export function parseText(input: Chunk | Chunks, options?: ParseOptions): MetricFamily[] | Promise<MetricFamily[]> {
  const assembler = new FamilyAssembler(textNaming, options?.mode);
  return readAll(input, textReader(assembler, options), () => assembler.finish());
}

/** As `parseText()`, but hands on each line as it is read and keeps none: memory stays small whatever the size. */
export function readText(input: Chunk, handler: LineHandler, options?: ParseOptions): void;
export function readText(input: Chunks, handler: LineHandler, options?: ParseOptions): Promise<void>;
export function readText(input: Chunk | Chunks, handler: LineHandler, options?: ParseOptions): void | Promise<void> {
  return readAll(input, textReader(handler, options), () => {});
}

function textReader(handler: LineHandler, options?: ParseOptions): TextReader {
  const settings = parseSettings(options);
  return new TextReader(settings.strict ? new TextRules(handler) : handler, settings);
}
