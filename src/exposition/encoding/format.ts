import type { Encoder } from '../../model/encoder.ts';
import type { ByteWriter } from '../bytes/byte-writer.ts';
import type { Escaping } from './escaping.ts';

/** A source of families that an encoder can write, such as the result of a gathering. */
export interface Encodable {
  /** Passes all families to the encoder. */
  encode(encoder: Encoder): void;
}

/** An encoder that has a last word. */
export interface FormatEncoder extends Encoder {
  /** Writes what closes the exposition; once, after the last point. */
  end(): void;
}

/** What a format's encoder may be told. */
export interface FormatOptions {
  /** OpenMetrics 1.0.0: `_created` lines for points that know their start; false by default, as they are series too. */
  readonly createdLines?: boolean | undefined;
}

/** Told of what is missing from an exposition. */
export interface OmissionListener {
  /** Called for each family that is left out, or of which something is; nothing by default. */
  readonly onProblem?: ((problem: Error) => void) | undefined;
  /**
   * Called with the number of samples that are left out of a point because the format forbids their values; nothing by
   * default. OpenMetrics has no sums that are negative or NaN, and no negative quantile values.
   */
  readonly onOmitted?: ((samples: number) => void) | undefined;
}

/** What a format's encoder is made with. */
export interface EncoderOptions extends FormatOptions, OmissionListener {}

/** An exposition format: a row of the table in `formats.ts`. */
export interface Format {
  /** What responses are labelled with, but for the escaping scheme. */
  readonly contentType: string;
  /** Which clauses of an Accept header ask for it. */
  readonly accepted: AcceptedClause;
  /** The escaping scheme for a clause that asks for this format and names none; `underscores` by default. */
  readonly defaultEscaping?: Escaping;
  /**
   * Makes an encoder for one exposition. `family()` and the methods for points throw where the format cannot show what
   * they are given, and what they had written by then is taken back: see GuardedEncoder.
   */
  encoder(writer: ByteWriter, options?: EncoderOptions): FormatEncoder;
}

export interface AcceptedClause {
  /** In lower case: `text/plain`. */
  readonly mediaType: string;
  /** Parameters that the clause must have, with these values. */
  readonly parameters: { readonly [name: string]: string };
  /** A parameter among them that a clause may lack. */
  readonly optional?: string;
  /** Other values of `version` that a clause may have; the response then names the same. */
  readonly otherVersions?: readonly string[];
}
