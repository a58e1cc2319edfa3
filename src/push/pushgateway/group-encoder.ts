import { escapeName } from '../../exposition/encoding/escaping.ts';
import type { FormatEncoder } from '../../exposition/encoding/format.ts';
import type { Descriptor, Point } from '../../model/family.ts';
import { MappingEncoder } from '../../model/mapping-encoder.ts';

/**
 * Finds points that a gateway would refuse, or would change silently: it overwrites the labels of the group. Passes all of
 * them on.
 */
export class GroupEncoder extends MappingEncoder<FormatEncoder> {
  readonly #groupingLabels: ReadonlySet<string>;
  readonly #onMistake: (mistake: RangeError) => void;
  #family = '';
  #names: readonly string[] | undefined;

  constructor(encoder: FormatEncoder, groupingLabels: Iterable<string>, onMistake: (mistake: RangeError) => void) {
    super(encoder);
    this.#onMistake = onMistake;
    this.#groupingLabels = new Set(groupingLabels);
  }

  override family(descriptor: Descriptor): void {
    this.#family = descriptor.name;
    this.#names = undefined;
    super.family(descriptor);
  }

  failed(descriptor: Descriptor, problem: unknown): void {
    this.encoder.failed?.(descriptor, problem);
  }

  protected override map(point: Point): Point {
    if (point.timestamp !== undefined) {
      this.#refuse('has a timestamp, which the Pushgateway does not accept; push it without.');
    }
    const { names } = point.labels;
    if (names !== this.#names) for (const name of names) this.#check(escapeName(name, 'underscores', 'label'));
    this.#names = names;
    return point;
  }

  #check(name: string): void {
    if (this.#groupingLabels.has(name)) {
      this.#refuse(
        `has the label ${name}, which the Pushgateway would replace with that of the group; rename one of them.`,
      );
    }
    if (name.startsWith('__')) this.#refuse(`has the label ${name}, which is reserved; rename it.`);
  }

  #refuse(reason: string): void {
    this.#onMistake(new RangeError(`${this.#family} ${reason}`));
  }
}
