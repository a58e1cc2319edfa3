import type { MetricFamily } from '../../model/family.ts';
import { type ParseOptions, parseSettings } from '../input/options.ts';
import { type Chunk, type Chunks, readAll } from '../input/source.ts';
import { ProtobufReader } from './protobuf-reader.ts';

/**
 * Reads delimited `io.prometheus.client.MetricFamily` messages: bytes at once, or chunks as they arrive, which may end
 * anywhere. Throws a `ParseError`, or calls `onError` for each message that cannot be read and goes on behind it.
 */
export function parseProtobuf(input: Uint8Array, options?: ParseOptions): MetricFamily[];
export function parseProtobuf(input: Chunks, options?: ParseOptions): Promise<MetricFamily[]>;
export function parseProtobuf(input: Chunk | Chunks, options?: ParseOptions): MetricFamily[] | Promise<MetricFamily[]>;
export function parseProtobuf(input: Chunk | Chunks, options?: ParseOptions): MetricFamily[] | Promise<MetricFamily[]> {
  const reader = new ProtobufReader(parseSettings(options));
  return readAll(input, reader, () => reader.finish());
}
