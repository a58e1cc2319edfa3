import { ByteWriter } from '../../exposition/bytes/byte-writer.ts';
import { varintLength } from '../../exposition/bytes/varint.ts';
import { type EncodeOptions, expositionEncoder } from '../../exposition/encode.ts';
import type { Format } from '../../exposition/encoding/format.ts';
import { protobuf } from '../../exposition/formats.ts';
import { type Encoder, familySteps } from '../../model/encoder.ts';
import type { MetricFamily } from '../../model/family.ts';
import { checkMemory } from '../input/memory-limit.ts';

/** Number of points to encode at a time. */
export const POINTS = 256;
/** Approximate size of a piece. */
export const PIECE_BYTES = 64 * 1024;

/** Finds out how many bytes families take in a format, by encoding them without keeping the bytes. */
export class EncodedSizes {
  readonly #format: Format;
  readonly #options: EncodeOptions;
  readonly #writer = new ByteWriter({ pieceBytes: PIECE_BYTES, messageLength: () => this.#startLong() });
  /** Whether a message is taken before its length is known: a length of 0 is written instead. */
  #isLong = false;

  constructor(format: Format, options: EncodeOptions) {
    this.#format = format;
    this.#options = options;
  }

  /** Returns the size of a family in bytes. `observed` may put another encoder in front of that of the format. */
  of(family: MetricFamily, observed?: (encoder: Encoder) => Encoder): number {
    const size = this.#count(family, observed);
    return this.#isLong ? size - 1 + varintLength(size - 1) : size;
  }

  /** Returns the length of a protobuf message that has more than `PIECE_BYTES`, without the bytes of the length itself. */
  ofLongMessage(family: MetricFamily): number {
    return this.#count(family) - 1;
  }

  #count(family: MetricFamily, observed = (encoder: Encoder) => encoder): number {
    const writer = this.#writer;
    const start = writer.position;
    this.#isLong = false;
    const encoder = expositionEncoder(this.#format, writer, this.#options);
    for (const _step of familySteps(family, observed(encoder), POINTS)) {
      checkMemory();
      while (writer.length >= PIECE_BYTES) writer.take();
    }
    // The other formats end with text that does not belong to a family.
    if (this.#format === protobuf) encoder.end();
    while (writer.length >= PIECE_BYTES) writer.take();
    return writer.position - start;
  }

  #startLong(): number {
    this.#isLong = true;
    return 0;
  }
}
