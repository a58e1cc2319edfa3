import type { DirectCollector, Registrar } from '../model/collector.ts';
import type { Encoder } from '../model/encoder.ts';
import type { Descriptor, MetricType, Point } from '../model/family.ts';
import { type LabelInput, type Labels, LabelValue } from '../model/labels.ts';
import { checkLabelName, checkMetricName } from '../model/naming.ts';
import { defaultRegistry } from '../registry.ts';
import {
  allowedValuesOf,
  checkLabels,
  type LabelArguments,
  type LabelSchema,
  type LabelsOf,
  labelNamesOf,
  labelText,
} from './label-schema.ts';
import { type Handle, SeriesTable } from './series-table.ts';

/** The row of a metric without labels, there from the start. */
const ONLY_ROW = 1;

export interface MetricOptions<S extends LabelSchema> {
  /** The full sample name: `http_requests_total`. */
  readonly name: string;
  /** What the metric counts or measures, for people. */
  readonly help: string;
  /** The names of the labels, or for each name the values it takes. None by default. */
  readonly labelNames?: S;
  /** Labels that all series have with the same value. */
  readonly constLabels?: Labels;
  /** Where the metric is registered: the default registry, another one, or `null` for none. */
  readonly registry?: Registrar | null;
}

/** What all metric types share: series by label values, found, listed and removed. */
export abstract class Metric<S extends LabelSchema, Child extends Handle> implements DirectCollector {
  readonly descriptor: Descriptor;
  /** Names of the labels that calls give, in order. */
  readonly labelNames: readonly (keyof LabelsOf<S> & string)[];
  protected readonly table: SeriesTable<Child>;
  readonly #allowed: readonly (ReadonlySet<string> | undefined)[];
  readonly #cursor: Cursor;

  protected constructor(type: MetricType, options: MetricOptions<S>, reservedLabel?: string) {
    const { name, help, labelNames: schema = [], constLabels = {} } = options;
    checkMetricName(name);
    if (typeof help !== 'string') throw new TypeError(`${name}: help is a string, not ${typeof help}.`);
    const names = labelNamesOf(schema, name, reservedLabel);
    this.descriptor = { name, help, type };
    // The schema's type says what its names are; labelNamesOf() has read them from the value.
    this.labelNames = names as readonly (keyof LabelsOf<S> & string)[];
    this.table = new SeriesTable(names);
    this.#allowed = allowedValuesOf(schema);
    this.#cursor = new Cursor(constLabels, names, name, reservedLabel);
  }

  get name(): string {
    return this.descriptor.name;
  }

  get rowCount(): number {
    return this.table.lastRow;
  }

  get isEmpty(): boolean {
    return this.table.size === 0;
  }

  /**
   * The child with these labels, made at the first call; by name, or by position in the order of `labelNames`. Keep
   * it: using a child is far cheaper than finding it. Throws a TypeError where labels are missing, unknown or no
   * string, number or boolean, and a RangeError for a value that the schema does not list.
   */
  labels(...labels: LabelArguments<S>): Child;
  labels(...labels: readonly (LabelInput | Labels)[]): Child {
    const first = labels[0];
    // Labels come as one object or as values; a look at the first tells which.
    const row = typeof first === 'object' ? this.row(first) : this.#rowOfValues(labels as readonly LabelInput[]);
    return this.table.handle(row, (at) => this.child(at));
  }

  /** Drops the series with these labels; whether it was there. Its child keeps working, and is not exported. */
  remove(...labels: LabelArguments<S>): boolean;
  remove(...labels: readonly (LabelInput | Labels)[]): boolean {
    const first = labels[0];
    // As in labels().
    const given = typeof first === 'object' ? first : this.#named(labels as readonly LabelInput[]);
    checkLabels(given, this.labelNames, this.name);
    const row = this.table.findValues(this.#texts(given));
    if (row !== 0) this.table.remove(row);
    return row !== 0;
  }

  /** Drops all series. A metric without labels goes back to its initial value instead. */
  clear(): void {
    if (this.labelNames.length === 0) this.reset();
    else this.table.removeWhere(() => true);
  }

  /** Puts every series back to its initial value; children stay. */
  reset(): void {
    this.table.reset();
  }

  pin(): void {
    this.table.pin();
  }

  unpin(): void {
    this.table.unpin();
  }

  encode(encoder: Encoder, from: number, to: number): void {
    const { table } = this;
    const cursor = this.#cursor;
    for (let row = from + 1; row <= to; row++) {
      if (!table.has(row)) continue;
      table.read(row, cursor.labels.values, cursor.constCount);
      this.encodeRow(encoder, cursor, row);
    }
  }

  protected abstract child(row: number): Child;
  protected abstract encodeRow(encoder: Encoder, point: Point, row: number): void;

  /** Registers the metric; the last step of a subclass' constructor. */
  protected start(registry: Registrar | null | undefined): void {
    if (this.labelNames.length === 0) this.table.add([]);
    if (registry !== null) (registry ?? defaultRegistry).register(this);
  }

  /** The row with these labels, made if it is not there. */
  protected row(labels: Labels | null): number {
    const row = labels === null ? 0 : this.table.find(labels);
    return row !== 0 ? row : this.#create(labels);
  }

  /** The row of a metric without labels. */
  protected onlyRow(): number {
    if (this.labelNames.length > 0) checkLabels(undefined, this.labelNames, this.name);
    return ONLY_ROW;
  }

  #rowOfValues(values: readonly LabelInput[]): number {
    if (values.length === 0) return this.onlyRow();
    const row = this.table.findValues(values);
    return row !== 0 ? row : this.#create(this.#named(values));
  }

  #named(values: readonly LabelInput[]): Labels {
    const { name, labelNames } = this;
    if (values.length !== labelNames.length) {
      throw new TypeError(
        `${name} has ${labelNames.length} labels (${labelNames.join(', ')}), and got ${values.length} values.`,
      );
    }
    return Object.fromEntries(values.map((value, index) => [labelNames[index], value]));
  }

  #create(labels: Labels | null): number {
    checkLabels(labels, this.labelNames, this.name);
    const texts = this.#texts(labels);
    if (texts.length === 0) throw new TypeError(`${this.name} has no labels.`);
    const row = this.table.findValues(texts) || this.table.add(texts);
    for (const [index, name] of this.labelNames.entries()) {
      const value = labels[name];
      if (typeof value === 'number' || typeof value === 'boolean') this.table.alias(index, value, texts[index] ?? '');
    }
    return row;
  }

  #texts(labels: Labels): string[] {
    return this.labelNames.map((labelName, index) => {
      const text = labelText(labels[labelName], labelName, this.name);
      const allowed = this.#allowed[index];
      if (allowed === undefined || allowed.has(text)) return text;
      throw new RangeError(
        `${this.name}: label ${labelName} takes ${[...allowed].join(', ')}, not ${JSON.stringify(text)}.`,
      );
    });
  }
}

/** The one point that all rows of a metric are shown through. */
class Cursor implements Point {
  readonly labels: { readonly names: readonly string[]; readonly values: LabelValue[] };
  readonly constCount: number;
  readonly timestamp = undefined;
  startTimestamp: number | undefined = undefined;

  constructor(constLabels: Labels, labelNames: readonly string[], metricName: string, reservedLabel?: string) {
    const constNames = Object.keys(constLabels);
    for (const name of constNames) {
      checkLabelName(name, metricName);
      if (name === reservedLabel || labelNames.includes(name)) {
        throw new RangeError(`${metricName}: constant label "${name}" is a label already.`);
      }
    }
    const values = constNames.map((name) => new LabelValue(labelText(constLabels[name], name, metricName)));
    this.labels = { names: [...constNames, ...labelNames], values };
    this.constCount = constNames.length;
  }
}
