/** The conformance operations that parse, implemented with the public parsers. */
import type { LineHandler, MetadataLine, ParseMode, ParseOptions, SampleLine } from '../../src/parse/index.ts';
import {
  ParseError,
  parseProtobuf,
  parseNumber as readNumber,
  readOpenMetrics,
  readText,
} from '../../src/parse/index.ts';

export interface ParseRequest {
  readonly format: string;
  /** base64 */
  readonly input: string;
  /** The requested verdicts: `scrape` for a server, all others for the document. */
  readonly mode: string;
}

export interface NumberRequest {
  readonly s: string;
}

interface Answer {
  readonly ok: boolean;
  readonly error?: string;
  readonly parsed?: object;
}

export function parse({ format, input, mode }: ParseRequest): Answer {
  const bytes = Buffer.from(input, 'base64');
  const recorder = new Recorder();
  try {
    read(format, bytes, recorder, mode === 'scrape' ? 'prometheus' : 'strict');
    return { ok: true, parsed: recorder.parsed() };
  } catch (error) {
    if (error instanceof ParseError) return { ok: false, error: error.message };
    throw error;
  }
}

export function parseNumber({ s }: NumberRequest): { ok: boolean; value?: string } {
  const value = readNumber(s);
  return value === undefined ? { ok: false } : { ok: true, value: numberText(value) };
}

function read(format: string, bytes: Uint8Array, recorder: Recorder, mode: ParseMode): void {
  const options: ParseOptions = { mode };
  if (format === 'proto') parseProtobuf(bytes, options);
  else if (format.startsWith('text')) readText(bytes, recorder, options);
  else readOpenMetrics(bytes, recorder, { ...options, version: format.endsWith('2.0.0') ? '2.0.0' : '1.0.0' });
}

/** Converts the lines to the form that the runner expects. */
class Recorder implements LineHandler {
  readonly #metadata = new Map<string, Record<string, string>>();
  readonly #samples: object[] = [];

  metadata(line: MetadataLine): void {
    const entry = this.#metadata.get(line.name) ?? { name: line.name };
    this.#metadata.set(line.name, entry);
    if (line.keyword === 'TYPE') entry['type'] = line.type;
    else entry[line.keyword.toLowerCase()] = line.text;
  }

  sample(line: SampleLine): void {
    this.#samples.push({
      name: line.name,
      labels: labelsOf(line),
      value: numberText(line.value),
      ts_ms: milliseconds(line.timestamp),
      exemplars: line.exemplars.map((exemplar) => ({
        labels: labelsOf(exemplar),
        value: numberText(exemplar.value),
        ts_ms: milliseconds(exemplar.timestamp),
      })),
    });
  }

  end(): void {}

  parsed(): object {
    return { metadata: [...this.#metadata.values()], samples: this.#samples };
  }
}

function labelsOf({ labelNames, labelValues }: Pick<SampleLine, 'labelNames' | 'labelValues'>): object {
  return Object.fromEntries(labelNames.map((name, index) => [name, labelValues[index]]));
}

function milliseconds(seconds: number | undefined): number | null {
  return seconds === undefined ? null : Math.trunc(seconds * 1000);
}

function numberText(value: number): string {
  return Object.is(value, -0) ? '-0' : String(value);
}
