import type { Encoder } from '../model/encoder.ts';
import type { ByteWriter } from './byte-writer.ts';
import { TextFormatEncoder } from './text.ts';

/** An encoder that has a last word. */
export interface FormatEncoder extends Encoder {
  /** Writes what closes the exposition; once, after the last point. */
  end(): void;
}

/** An exposition format: a row of the table below. */
export interface Format {
  readonly contentType: string;
  encoder(writer: ByteWriter): FormatEncoder;
}

/** Prometheus text format 0.0.4, which every server and every person reads. */
export const text: Format = {
  contentType: 'text/plain; version=0.0.4; charset=utf-8',
  encoder: (writer) => new TextFormatEncoder(writer),
};
