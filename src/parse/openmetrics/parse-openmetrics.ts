import type { MetricFamily } from '../../model/family.ts';
import { FamilyAssembler } from '../assembly/family-assembler.ts';
import { type ParseOptions, parseSettings } from '../input/options.ts';
import { type Chunk, type Chunks, readAll } from '../input/source.ts';
import type { LineHandler } from '../lines/line-handler.ts';
import { OpenMetricsReader, type OpenMetricsVersion } from './openmetrics-reader.ts';
import { OpenMetricsRules } from './openmetrics-rules.ts';
import { ServerOpenMetricsRules } from './server-openmetrics-rules.ts';

/** Options of {@link parseOpenMetrics}. */
export interface OpenMetricsOptions extends ParseOptions {
  /**
   * Version of the format.
   *
   * @defaultValue `'1.0.0'`
   */
  readonly version?: OpenMetricsVersion | undefined;
}

/**
 * Parses OpenMetrics: a string or bytes, or chunks that may end anywhere.
 *
 * @throws {ParseError} for the first error, unless `onError` is given.
 *
 * @example
 * ```ts
 * import { parseOpenMetrics } from 'zeroprom/parse';
 *
 * const [family] = parseOpenMetrics('# TYPE jobs counter\njobs_total 3\n# EOF\n');
 * console.log(family?.name, family?.type); // jobs_total counter
 * ```
 */
export function parseOpenMetrics(input: Chunk, options?: OpenMetricsOptions): MetricFamily[];
export function parseOpenMetrics(input: Chunks, options?: OpenMetricsOptions): Promise<MetricFamily[]>;
export function parseOpenMetrics(
  input: Chunk | Chunks,
  options?: OpenMetricsOptions,
): MetricFamily[] | Promise<MetricFamily[]>;
export function parseOpenMetrics(
  input: Chunk | Chunks,
  options?: OpenMetricsOptions,
): MetricFamily[] | Promise<MetricFamily[]> {
  const dialect = options?.version === '2.0.0' ? 'openMetrics2' : 'openMetrics';
  const assembler = new FamilyAssembler(dialect, options?.mode);
  return readAll(input, openMetricsReader(assembler, options), () => assembler.finish());
}

/**
 * Like {@link parseOpenMetrics}, but passes each line to a handler and keeps none, so that memory stays small whatever
 * the size.
 *
 * @throws {ParseError} for the first error, unless `onError` is given.
 *
 * @example
 * ```ts
 * import { readOpenMetrics } from 'zeroprom/parse';
 *
 * readOpenMetrics('jobs 3\n# EOF\n', {
 *   metadata() {},
 *   sample: ({ name, value }) => console.log(name, value), // jobs 3
 *   end() {},
 * });
 * ```
 */
export function readOpenMetrics(input: Chunk, handler: LineHandler, options?: OpenMetricsOptions): void;
export function readOpenMetrics(input: Chunks, handler: LineHandler, options?: OpenMetricsOptions): Promise<void>;
export function readOpenMetrics(
  input: Chunk | Chunks,
  handler: LineHandler,
  options?: OpenMetricsOptions,
): void | Promise<void> {
  return readAll(input, openMetricsReader(handler, options), () => {});
}

function openMetricsReader(handler: LineHandler, options: OpenMetricsOptions = {}): OpenMetricsReader {
  const { version = '1.0.0' } = options;
  if (version !== '1.0.0' && version !== '2.0.0') {
    throw new RangeError(`version must be '1.0.0' or '2.0.0', got ${JSON.stringify(version)}.`);
  }
  const settings = parseSettings(options);
  if (settings.strict) {
    return new OpenMetricsReader(new OpenMetricsRules(handler, settings.report, version), settings, version);
  }
  // Prometheus parses version 1.0 without semantic checks.
  const checked = version === '2.0.0' ? new ServerOpenMetricsRules(handler) : handler;
  return new OpenMetricsReader(checked, settings, version);
}
