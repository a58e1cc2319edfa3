import { ByteWriter } from './bytes/byte-writer.ts';
import { DEFAULT_ESCAPING, type Escaping } from './encoding/escaping.ts';
import { EscapingEncoder } from './encoding/escaping-encoder.ts';
import type { Encodable, EncoderOptions, Format, FormatEncoder } from './encoding/format.ts';
import { GuardedEncoder } from './encoding/guarded-encoder.ts';
import { text } from './formats.ts';

export interface EncodeOptions extends EncoderOptions {
  /** How names are shown that not every server reads; `underscores` by default. */
  readonly escaping?: Escaping | undefined;
}

/**
 * The last encoder of each format. V8 throws away what it has compiled for classes of which a garbage collection finds
 * no instance left, and between two scrapes there would be none: each would begin slowly. Half the time of a scrape.
 */
const lastEncoders = new WeakMap<Format, FormatEncoder>();

/** How long the last exposition in one piece was: the next one is about as long, and a buffer that grows is copied. */
const lastLengths = new WeakMap<Format, number>();

/** An exposition in one piece. */
export function encodeGathering(gathering: Encodable, format: Format = text, options: EncodeOptions = {}): Buffer {
  const lastLength = lastLengths.get(format) ?? 0;
  const writer = new ByteWriter({ capacity: Math.ceil(lastLength * 1.1) + 1024 });
  const encoder = expositionEncoder(format, writer, options);
  gathering.encode(encoder);
  encoder.end();
  lastLengths.set(format, writer.length);
  const bytes = writer.take();
  // A short one must not keep the memory of a long one before it.
  return bytes.length * 2 < bytes.buffer.byteLength ? Buffer.from(Uint8Array.from(bytes).buffer) : bytes;
}

/**
 * The encoder for one exposition, for callers that take what is complete from `writer` as they go. Whatever families it
 * is given, what it writes can be read: see GuardedEncoder and EscapingEncoder.
 */
export function expositionEncoder(format: Format, writer: ByteWriter, options: EncodeOptions = {}): FormatEncoder {
  const { escaping = DEFAULT_ESCAPING, onProblem = () => {} } = options;
  const names = new EscapingEncoder(format.encoder(writer, options), escaping);
  const encoder = new GuardedEncoder(names, writer, onProblem);
  lastEncoders.set(format, encoder);
  return encoder;
}
