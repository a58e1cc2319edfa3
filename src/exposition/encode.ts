import { ByteWriter } from './bytes/byte-writer.ts';
import { checkFormat } from './encoding/check-format.ts';
import { DEFAULT_ESCAPING, type Escaping } from './encoding/escaping.ts';
import { EscapingEncoder } from './encoding/escaping-encoder.ts';
import type { Encodable, EncoderOptions, Format, FormatEncoder } from './encoding/format.ts';
import { GuardedEncoder } from './encoding/guarded-encoder.ts';
import { text } from './text/text-formats.ts';

/** Options of {@link encodeGathering} and {@link expositionEncoder}. */
export interface EncodeOptions extends EncoderOptions {
  /**
   * How names are shown that not every server can read.
   *
   * @defaultValue `'underscores'`
   */
  readonly escaping?: Escaping | undefined;
}

/**
 * The last encoder of each format. V8 discards the compiled code of classes without live instances at a garbage
 * collection. Keeping one encoder per format alive halves the time of the next scrape.
 */
const lastEncoders = new WeakMap<Format, FormatEncoder>();

/**
 * Length of the last exposition in one piece of each format. The next one is about as long, and growing a buffer copies
 * it.
 */
const lastLengths = new WeakMap<Format, number>();

/**
 * Encodes families as one exposition.
 *
 * @param format Exposition format; the text format 0.0.4 by default.
 *
 * @example
 * ```ts
 * import { Counter, Registry } from 'zeroprom';
 * import { encodeGathering, openMetrics } from 'zeroprom/exposition';
 *
 * const registry = new Registry();
 * new Counter({ name: 'jobs_total', help: 'Total number of jobs.', registry }).inc();
 * console.log(encodeGathering(await registry.gather(), openMetrics).toString());
 * ```
 */
export function encodeGathering(gathering: Encodable, format: Format = text, options: EncodeOptions = {}): Buffer {
  const lastLength = lastLengths.get(format) ?? 0;
  const writer = new ByteWriter({ capacity: Math.ceil(lastLength * 1.1) + 1024 });
  const encoder = expositionEncoder(format, writer, options);
  gathering.encode(encoder);
  encoder.end();
  lastLengths.set(format, writer.length);
  const bytes = writer.take();
  // A short exposition must not keep the memory of a long one.
  return bytes.length * 2 < bytes.buffer.byteLength ? Buffer.from(Uint8Array.from(bytes).buffer) : bytes;
}

/**
 * Creates the encoder for one exposition, for callers that take completed bytes from `writer` while they encode. Its
 * output is readable whatever families it is given: those that cannot be shown are left out and reported.
 *
 * @example
 * ```ts
 * import { encodeFamily, ByteWriter, expositionEncoder, text } from 'zeroprom/exposition';
 *
 * const writer = new ByteWriter();
 * const encoder = expositionEncoder(text, writer);
 * encodeFamily({ name: 'up', help: '', type: 'gauge', points: [{ value: 1 }] }, encoder);
 * encoder.end();
 * console.log(writer.take().toString());
 * ```
 */
export function expositionEncoder(format: Format, writer: ByteWriter, options: EncodeOptions = {}): FormatEncoder {
  checkFormat('The format', format);
  const { escaping = DEFAULT_ESCAPING, onProblem = () => {} } = options;
  const names = new EscapingEncoder(format.encoder(writer, options), escaping);
  const encoder = new GuardedEncoder(names, writer, onProblem);
  lastEncoders.set(format, encoder);
  return encoder;
}
