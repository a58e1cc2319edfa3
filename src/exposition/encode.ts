import type { Encoder } from '../model/encoder.ts';
import { ByteWriter } from './byte-writer.ts';
import { type Format, text } from './formats.ts';

/** What a format can be asked to write: something that walks its families through an encoder. */
export interface Encodable {
  encode(encoder: Encoder): void;
}

/** An exposition in one piece. */
export function encodeGathering(gathering: Encodable, format: Format = text): Buffer {
  const writer = new ByteWriter();
  const encoder = format.encoder(writer);
  gathering.encode(encoder);
  encoder.end();
  return writer.take();
}
