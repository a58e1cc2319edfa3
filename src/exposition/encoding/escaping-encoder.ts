import type { Descriptor, Point } from '../../model/family.ts';
import { type LabelSet, NO_LABELS, type NumberRows } from '../../model/label-set.ts';
import { MappingEncoder } from '../../model/mapping-encoder.ts';
import { isLegacyLabelName, isLegacyMetricName } from '../../model/naming.ts';
import { ReservedNames, sampleNames } from '../../model/sample-names.ts';
import { indexOfRepeated } from '../../model/soundness.ts';
import { type Escaping, escapeName } from './escaping.ts';
import type { FormatEncoder } from './format.ts';

/**
 * Escapes names, and ensures that they remain unique: throws if the escaped names of a family are already taken, or if
 * two of its labels would have the same name.
 */
export class EscapingEncoder extends MappingEncoder<FormatEncoder> implements FormatEncoder {
  readonly #escaping: Escaping;
  readonly #reserved = new ReservedNames();
  readonly #escapedPoint = new EscapedPoint();
  #names: readonly string[] | undefined;
  /** `#names` escaped; undefined if that changes nothing. */
  #escapedNames: readonly string[] | undefined;
  /** The label that the samples of a state set have besides those of the point. */
  #stateLabel: string | undefined;

  constructor(encoder: FormatEncoder, escaping: Escaping) {
    super(encoder);
    this.#escaping = escaping;
  }

  override family(descriptor: Descriptor): void {
    this.#names = undefined;
    // Unlike escapeName() alone, never changes names that need no escaping.
    const name = isLegacyMetricName(descriptor.name) ? descriptor.name : escapeName(descriptor.name, this.#escaping);
    const taken = this.#reserved.reserve(name, sampleNames(name, descriptor.type, 'text'));
    if (taken !== undefined) {
      const shown = name === descriptor.name ? '' : ` It would be shown as ${name}.`;
      throw new Error(`The name ${taken.name} is already taken.${shown} Give each metric a unique name.`);
    }
    if (descriptor.type === 'stateset' && this.#escaping !== 'allow-utf-8' && !isLegacyLabelName(name)) {
      throw new RangeError('The name of a state set must not contain colons, because it is also a label name.');
    }
    this.#stateLabel = descriptor.type === 'stateset' ? name : undefined;
    this.encoder.family(name === descriptor.name ? descriptor : { ...descriptor, name });
  }

  numbers(rows: NumberRows, first: number, end: number): boolean {
    return this.encoder.numbers?.(this.#mapRows(rows), first, end) ?? false;
  }

  measure(rows: NumberRows, first: number, end: number, isLast: boolean): boolean {
    return this.encoder.measure?.(this.#mapRows(rows), first, end, isLast) ?? false;
  }

  #mapRows(rows: NumberRows): NumberRows {
    if (rows.names !== this.#names) this.#escapeNames(rows.names);
    const names = this.#escapedNames;
    return names === undefined ? rows : { ...rows, names };
  }

  end(): void {
    this.encoder.end();
  }

  protected override map(point: Point): Point {
    const { names } = point.labels;
    if (names !== this.#names) this.#escapeNames(names);
    return this.#escapedNames === undefined ? point : this.#escapedPoint.of(point, this.#escapedNames);
  }

  #escapeNames(names: readonly string[]): void {
    this.#names = undefined;
    const escaped = names.map((name) => (isLegacyLabelName(name) ? name : escapeName(name, this.#escaping, 'label')));
    const twice = indexOfRepeated(escaped);
    if (twice !== -1) {
      const first = names[escaped.indexOf(escaped[twice]!)]!;
      throw new Error(`Labels ${first} and ${names[twice]} would both be shown as ${escaped[twice]}.`);
    }
    if (this.#stateLabel !== undefined && escaped.includes(this.#stateLabel)) {
      throw new Error(`A label would be shown as ${this.#stateLabel}, which is the label of the states.`);
    }
    this.#names = names;
    this.#escapedNames = escaped.every((name, index) => name === names[index]) ? undefined : escaped;
  }
}

/** A point with other label names, reused for all points. */
class EscapedPoint implements Point {
  labels: LabelSet = NO_LABELS;
  timestamp: number | undefined = undefined;
  startTimestamp: number | undefined = undefined;

  of({ labels, timestamp, startTimestamp }: Point, names: readonly string[]): this {
    this.labels = { names, values: labels.values, ids: labels.ids };
    this.timestamp = timestamp;
    this.startTimestamp = startTimestamp;
    return this;
  }
}
