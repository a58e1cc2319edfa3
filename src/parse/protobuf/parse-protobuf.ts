import type { MetricFamily } from '../../model/family.ts';
import { type ParseOptions, type ParseSettings, parseSettings } from '../input/options.ts';
import { ParseError } from '../input/parse-error.ts';
import { type Chunk, type Chunks, keep, readAll } from '../input/source.ts';
import { readFamilies } from './family-reader.ts';
import { WireError, WireReader } from './wire-reader.ts';

/**
 * Parses delimited `io.prometheus.client.MetricFamily` messages: bytes, or chunks that may end anywhere. If `onError`
 * is given, it is called for each invalid message, and parsing continues after it.
 *
 * @throws {ParseError} for the first error, unless `onError` is given.
 *
 * @example
 * ```ts
 * import { Gauge, Registry } from 'zeroprom';
 * import { encodeGathering, protobuf } from 'zeroprom/exposition';
 * import { parseProtobuf } from 'zeroprom/parse';
 *
 * const registry = new Registry();
 * new Gauge({ name: 'queue_length', help: 'Length of the queue.', registry }).set(3);
 * const [family] = parseProtobuf(encodeGathering(await registry.gather(), protobuf));
 * console.log(family?.name); // queue_length
 * ```
 */
export function parseProtobuf(input: Uint8Array, options?: ParseOptions): MetricFamily[];
export function parseProtobuf(input: Chunks, options?: ParseOptions): Promise<MetricFamily[]>;
export function parseProtobuf(input: Chunk | Chunks, options?: ParseOptions): MetricFamily[] | Promise<MetricFamily[]>;
export function parseProtobuf(input: Chunk | Chunks, options?: ParseOptions): MetricFamily[] | Promise<MetricFamily[]> {
  const reader = new ProtobufReader(parseSettings(options));
  return readAll(input, reader, () => reader.finish());
}

/** Maximum length of a length prefix in bytes, as in Prometheus. */
const MAX_LENGTH_BYTES = 5;

/** Reads delimited MetricFamily messages, each after its length as a varint. */
export class ProtobufReader {
  readonly #families: MetricFamily[] = [];
  readonly #settings: ParseSettings;
  #parts: Buffer[] = [];
  #pending = 0;
  /** Minimum number of bytes before the next message can be read. */
  #needed = 1;
  #size = 0;
  #message = 0;
  #isStopped = false;

  constructor(settings: ParseSettings) {
    this.#settings = settings;
  }

  write(chunk: string | Uint8Array): void {
    if (typeof chunk === 'string') throw new TypeError('A protobuf document must be bytes, got a string.');
    if (this.#isStopped || this.#settings.hasEnough()) return;
    this.#size += chunk.length;
    if (this.#size > this.#settings.maxSize) this.#stop(`a document of at most ${this.#settings.maxSize} bytes`);
    else this.#add(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength));
  }

  end(): void {
    if (!this.#isStopped && !this.#settings.hasEnough() && this.#pending > 0) {
      this.#message++;
      this.#stop(`${this.#needed - this.#pending} more bytes`);
    }
  }

  finish(): MetricFamily[] {
    return this.#families;
  }

  #add(chunk: Buffer): void {
    if (this.#pending + chunk.length < this.#needed) {
      this.#pending += keep(this.#parts, Buffer.from(chunk), Buffer.concat);
      return;
    }
    const bytes = this.#parts.length === 0 ? chunk : Buffer.concat([...this.#parts, chunk]);
    const rest = bytes.subarray(this.#readMessages(bytes));
    this.#parts = rest.length === 0 ? [] : [Buffer.from(rest)]; // A copy, because the caller may reuse the chunk.
    this.#pending = rest.length;
  }

  /** Reads all complete messages; returns the offset of the first incomplete one. */
  #readMessages(bytes: Buffer): number {
    let at = 0;
    while (!this.#isStopped && !this.#settings.hasEnough() && at < bytes.length) {
      const length = lengthAt(bytes, at);
      if (length === undefined) return this.#wait(at, bytes.length - at + 1);
      if (length.value === undefined) return this.#stop('a length of at most 5 bytes');
      const end = length.end + length.value;
      if (end > bytes.length) return this.#wait(at, end - at);
      this.#read(bytes, length.end, end);
      at = end;
    }
    this.#needed = 1;
    return at;
  }

  #wait(at: number, needed: number): number {
    this.#needed = needed;
    return at;
  }

  #read(bytes: Buffer, start: number, end: number): void {
    this.#message++;
    try {
      const { strict, poll } = this.#settings;
      const reader = new WireReader(bytes, strict, { start, end, poll });
      for (const family of readFamilies(reader, this.#settings)) this.#families.push(family);
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
      this.#settings.report(this.#error(error.message, error.at - start));
    }
  }

  #stop(expected: string): number {
    this.#isStopped = true;
    this.#parts = [];
    this.#settings.report(this.#error(expected, 0));
    return 0;
  }

  #error(expected: string, at: number): ParseError {
    return new ParseError({ line: Math.max(this.#message, 1), column: at + 1, text: '', expected, isBinary: true });
  }
}

/** Reads the varint at `at`: its value and its end. The value is missing if it is too long; undefined if it is incomplete. */
function lengthAt(bytes: Buffer, at: number): { value: number | undefined; end: number } | undefined {
  let value = 0;
  for (let index = 0; index < MAX_LENGTH_BYTES; index++) {
    const byte = bytes[at + index];
    if (byte === undefined) return undefined;
    value += (byte & 0x7f) * 2 ** (7 * index);
    if (byte < 0x80) return { value, end: at + index + 1 };
  }
  return { value: undefined, end: at };
}
