import type { FormatEncoder } from '../../exposition/encoding/format.ts';
import type { Descriptor, Point } from '../../model/family.ts';
import { MappingEncoder } from '../../model/mapping-encoder.ts';

/** Finds points for which node_exporter would ignore the whole file. Passes all of them on. */
export class TextfileEncoder extends MappingEncoder<FormatEncoder> {
  readonly #onMistake: (mistake: RangeError) => void;
  #family = '';

  constructor(encoder: FormatEncoder, onMistake: (mistake: RangeError) => void) {
    super(encoder);
    this.#onMistake = onMistake;
  }

  override family(descriptor: Descriptor): void {
    this.#family = descriptor.name;
    if (descriptor.name.startsWith('node_')) {
      this.#onMistake(
        new RangeError(`${descriptor.name} must not start with node_, which node_exporter uses; rename it.`),
      );
    }
    super.family(descriptor);
  }

  failed(descriptor: Descriptor, problem: unknown): void {
    this.encoder.failed?.(descriptor, problem);
  }

  protected override map(point: Point): Point {
    if (point.timestamp !== undefined) {
      const reason = 'node_exporter ignores files with timestamps; write it without.';
      this.#onMistake(new RangeError(`${this.#family} has a timestamp: ${reason}`));
    }
    return point;
  }
}
