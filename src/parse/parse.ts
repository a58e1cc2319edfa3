import type { MetricFamily } from '../model/family.ts';
import { kindOf } from '../model/printable.ts';
import type { ParseOptions } from './input/options.ts';
import type { Chunk, Chunks } from './input/source.ts';
import { parseOpenMetrics } from './openmetrics/parse-openmetrics.ts';
import { parseProtobuf } from './protobuf/parse-protobuf.ts';
import { parseText } from './text/parse-text.ts';

type Parser = (input: Chunk | Chunks, options?: ParseOptions) => MetricFamily[] | Promise<MetricFamily[]>;

const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

/**
 * Parses a document in the format of its Content-Type. As in Prometheus, only the media type and the version of
 * OpenMetrics are considered.
 *
 * @throws {TypeError} if the Content-Type is not a string.
 * @throws {RangeError} if the Content-Type is invalid or no format has it.
 * @throws {ParseError} for the first error, unless `onError` is given.
 *
 * @example
 * ```ts
 * import { parse } from 'zeroprom/parse';
 *
 * const [family] = parse('jobs_total 3\n', 'text/plain; version=0.0.4');
 * console.log(family?.name); // jobs_total
 * ```
 */
export function parse(input: Chunk, contentType: string, options?: ParseOptions): MetricFamily[];
export function parse(input: Chunks, contentType: string, options?: ParseOptions): Promise<MetricFamily[]>;
export function parse(
  input: Chunk | Chunks,
  contentType: string,
  options?: ParseOptions,
): MetricFamily[] | Promise<MetricFamily[]> {
  return parserOf(contentType)(input, options);
}

function parserOf(contentType: unknown): Parser {
  if (typeof contentType !== 'string') {
    throw new TypeError(
      `contentType must be a string, got ${kindOf(contentType)}: call parseText(), parseOpenMetrics() or parseProtobuf() without one.`,
    );
  }
  const [mediaType = '', ...rest] = contentType.split(';').map((part) => part.trim());
  const parameters = parametersOf(rest);
  switch (parameters && mediaType.toLowerCase()) {
    case 'text/plain':
      return parseText;
    case 'application/openmetrics-text':
      return parameters?.get('version')?.startsWith('2.') ? parseOpenMetrics2 : parseOpenMetrics;
    case 'application/vnd.google.protobuf':
      return parseProtobuf;
    default:
      throw new RangeError(
        `Unknown content type ${JSON.stringify(contentType)}: call parseText(), parseOpenMetrics() or parseProtobuf().`,
      );
  }
}

const parseOpenMetrics2: Parser = (input, options) => parseOpenMetrics(input, { ...options, version: '2.0.0' });

/** Undefined if a parameter is not `name=value`; the last one may be empty. */
function parametersOf(parts: readonly string[]): Map<string, string> | undefined {
  const parameters = new Map<string, string>();
  for (const part of parts.at(-1) === '' ? parts.slice(0, -1) : parts) {
    const [name = '', value = '', ...more] = part.split('=');
    const unquoted = value.replace(/^"(.*)"$/, '$1');
    if (more.length > 0 || !TOKEN.test(name) || !TOKEN.test(unquoted)) return undefined;
    parameters.set(name.toLowerCase(), unquoted);
  }
  return parameters;
}
