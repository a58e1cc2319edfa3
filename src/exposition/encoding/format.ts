import type { Encoder } from '../../model/encoder.ts';
import type { ByteWriter } from '../bytes/byte-writer.ts';
import type { Escaping } from './escaping.ts';

/** A source of families that an encoder can write, such as the result of a gathering. */
export interface Encodable {
  /** Passes all families to the encoder. */
  encode(encoder: Encoder): void;
}

/** Encoder for one exposition. */
export interface FormatEncoder extends Encoder {
  /** Completes the exposition. Call it once, after the last point. */
  end(): void;
}

/** Options of formats. */
export interface FormatOptions {
  /**
   * Whether OpenMetrics 1.0.0 has `_created` lines for points with a known start time. They are series too.
   *
   * @defaultValue `false`
   */
  readonly createdLines?: boolean | undefined;
}

/** Listener for families and samples that are left out. */
export interface OmissionListener {
  /**
   * Called for each family that is left out, entirely or in part.
   *
   * @defaultValue does nothing
   */
  readonly onProblem?: ((problem: Error) => void) | undefined;
  /**
   * Called with the number of samples of a point that are left out because the format forbids their values. OpenMetrics
   * forbids sums that are negative or NaN, and negative quantile values.
   *
   * @defaultValue does nothing
   */
  readonly onOmitted?: ((samples: number) => void) | undefined;
}

/** Options of the encoder of a format. */
export interface EncoderOptions extends FormatOptions, OmissionListener {}

/** An exposition format. */
export interface Format {
  /** Content-Type of responses, without the escaping scheme. */
  readonly contentType: string;
  /** Clauses of an Accept header that ask for the format. */
  readonly accepted: AcceptedClause;
  /**
   * Escaping scheme for a clause that asks for this format and names none.
   *
   * @defaultValue `'underscores'`
   */
  readonly defaultEscaping?: Escaping;
  /**
   * Creates an encoder for one exposition. Its methods throw if the format cannot show a family or a point; bytes
   * written until then are invalid. `expositionEncoder()` removes them.
   */
  encoder(writer: ByteWriter, options?: EncoderOptions): FormatEncoder;
}

/** Clause of an Accept header. */
export interface AcceptedClause {
  /** Media type in lower case: `text/plain`. */
  readonly mediaType: string;
  /** Parameters that the clause must have, with their values. */
  readonly parameters: { readonly [name: string]: string };
  /** Name of a parameter that the clause may lack. */
  readonly optional?: string;
  /** Other values of `version` that the clause may have. The response then names the same version. */
  readonly otherVersions?: readonly string[];
}
