import type { CollectContext, DirectCollector, Losses, Registrar } from '../model/collector.ts';
import type { Encoder } from '../model/encoder.ts';
import type { Descriptor, MetricType, Point } from '../model/family.ts';
import type { LabelInput, Labels } from '../model/labels.ts';
import type { Logger } from '../model/logger.ts';
import { defaultRegistry } from '../registry/default-registry.ts';
import { NumberColumn } from './column.ts';
import { Cursor, constValuesOf } from './cursor.ts';
import { fullName } from './full-name.ts';
import {
  checkLabels,
  type LabelArguments,
  type LabelSchema,
  type LabelsOf,
  labelNamesOf,
  labelProduct,
} from './label-schema.ts';
import { numberOption } from './number-option.ts';
import { type NormalizeLabel, SeriesFinder } from './series-finder.ts';
import { type Handle, SeriesTable } from './series-table.ts';

/** The row of a metric without labels, there from the start. */
const ONLY_ROW = 1;

export interface MetricOptions<S extends LabelSchema, M = never> {
  /** The full sample name: `http_requests_total`. */
  readonly name: string;
  /** What the metric counts or measures, for people. */
  readonly help: string;
  /** The names of the labels, or for each name the values it takes. None by default. */
  readonly labelNames?: S;
  /** `seconds`, `bytes`, ...: becomes a suffix of the name, if it is none. */
  readonly unit?: string;
  /** Labels that all series have with the same value. */
  readonly constLabels?: Labels;
  /** By label, what its values are mapped to: bounded routes, methods in capitals. */
  readonly normalize?: { readonly [K in keyof LabelsOf<S> & string]?: NormalizeLabel };
  /** Whether all combinations are there from the start; only for labels with closed lists of values. */
  readonly initialize?: boolean;
  /** How many series there may be; 10,000 by default. Updates of others go to one more, `__overflow__`. */
  readonly maxSeries?: number;
  /** Milliseconds after which a series that nobody touches is dropped, at the next scrape. Never by default. */
  readonly ttlMs?: number;
  /** Called at each scrape before the values are read, to bring them up to date. */
  readonly collect?: (metric: M, context: CollectContext) => void | Promise<void>;
  /** Where the metric warns; by default with `process.emitWarning()`. */
  readonly logger?: Pick<Logger, 'warn'>;
  /** Where the metric is registered: the default registry, another one, or `null` for none. */
  readonly registry?: Registrar | null;
}

/** What the types of metrics tell their common part. */
export interface MetricKind {
  readonly type: MetricType;
  /** The label that the type writes itself. */
  readonly reservedLabel?: string;
  /** Whether series know when they began. */
  readonly hasStart?: boolean;
}

/**
 * What all metric types share: series by label values, found, listed and removed.
 *
 * Fields are protected and not #private, because `curry()` gives an object whose prototype is the metric, and #private
 * fields are not inherited.
 */
export abstract class Metric<S extends LabelSchema, Child extends Handle> implements DirectCollector {
  readonly name: string;
  readonly descriptor: Descriptor;
  /** Names of the labels that calls give, in order. */
  readonly labelNames: readonly (keyof LabelsOf<S> & string)[];
  protected readonly table: SeriesTable<Child>;
  protected readonly finder: SeriesFinder<Child>;
  protected readonly startTimes: NumberColumn | undefined;
  /** Labels that `curry()` has given already. */
  protected readonly bound: Partial<Labels> | undefined = undefined;
  protected readonly cursor: Cursor;
  protected readonly ttlMs: number;
  protected readonly counts = { expired: 0 };
  protected readonly update: ((context: CollectContext) => void | Promise<void>) | undefined;

  protected constructor(
    { type, reservedLabel, hasStart = false }: MetricKind,
    // Each metric type says itself what `collect` is called with, and calls it by `start()`.
    options: MetricOptions<S>,
  ) {
    const { help, labelNames: schema = [], constLabels = {}, unit, normalize = {}, maxSeries, logger } = options;
    const name = fullName(options.name, type, unit);
    if (typeof help !== 'string') throw new TypeError(`${name}: help is a string, not ${typeof help}.`);
    const names = labelNamesOf(schema, name, reservedLabel);
    const constValues = constValuesOf(constLabels, names, name, reservedLabel);
    this.name = name;
    this.descriptor = { name, help, type, unit };
    // The schema's type says what its names are; labelNamesOf() has read them from the value.
    this.labelNames = names as readonly (keyof LabelsOf<S> & string)[];
    this.table = new SeriesTable(names);
    this.finder = new SeriesFinder(this.table, { name, schema, normalize, maxSeries, logger });
    this.startTimes = hasStart ? this.table.addColumn(new NumberColumn(1, () => Date.now() / 1000)) : undefined;
    this.cursor = new Cursor(constValues, this.table, this.startTimes);
    this.ttlMs = ttlOf(options.ttlMs, name);
    if (this.ttlMs < Number.POSITIVE_INFINITY) this.table.trackUse();
    const { collect } = options;
    this.update = collect && ((context) => collect(this as never, context));
  }

  get rowCount(): number {
    return this.table.lastRow;
  }

  get isEmpty(): boolean {
    return this.table.size === 0;
  }

  get seriesLabelNames(): readonly string[] {
    return this.cursor.labels.names;
  }

  get schema(): string {
    const constValues = this.cursor.labels.values.slice(0, -this.table.labelNames.length || undefined);
    return JSON.stringify([this.descriptor, this.seriesLabelNames, constValues.map(({ text }) => text), this.shape]);
  }

  get losses(): Losses {
    return { overflowed: this.finder.overflowed, expired: this.counts.expired, exemplars: this.droppedExemplars };
  }

  /**
   * The child with these labels, made at the first call; by name, or by position in the order of `labelNames`. Keep
   * it: using a child is far cheaper than finding it. Throws a TypeError where labels are missing, unknown or no
   * string, number or boolean, and a RangeError for a value that the schema does not list.
   */
  labels(...labels: LabelArguments<S>): Child;
  labels(...labels: readonly (LabelInput | Labels)[]): Child {
    return this.childAt(this.rowOf(labels));
  }

  /** Drops the series with these labels; whether it was there. Its child keeps working, and is not exported. */
  remove(...labels: LabelArguments<S>): boolean;
  remove(...labels: readonly (LabelInput | Labels)[]): boolean {
    const row = this.table.findValues(this.textsOf(this.named(labels)));
    if (row !== 0) this.table.remove(row);
    return row !== 0;
  }

  /** Drops all series that have these of the labels; how many that were. */
  removeMatching(labels: Partial<LabelsOf<S>>): number {
    return this.table.removeWhere(this.matcher(labels));
  }

  /** Drops all series. A metric without labels goes back to its initial value instead. */
  clear(): void {
    if (this.table.labelNames.length === 0) this.reset();
    else this.table.removeWhere(this.matcher({}));
  }

  /** Puts every series back to its initial value; children stay. */
  reset(): void {
    this.table.reset(this.matcher({}));
  }

  /** The children that there are, with their labels, in order of creation. */
  *children(): Generator<{ readonly labels: Readonly<Record<string, string>>; readonly child: Child }> {
    const matches = this.matcher({});
    for (let row = ONLY_ROW; row <= this.table.lastRow; row++) {
      if (!this.table.has(row) || !matches(row)) continue;
      const texts = this.table.texts(row);
      const labels = Object.fromEntries(texts.map((text, index) => [this.table.labelNames[index], text]));
      yield { labels, child: this.childAt(row) };
    }
  }

  prepare(context: CollectContext): void | Promise<void> {
    const updated = this.update?.(context);
    if (updated !== undefined) return updated.then(() => this.settle());
    return this.settle();
  }

  pin(): void {
    this.table.pin();
  }

  unpin(): void {
    this.table.unpin();
  }

  encode(encoder: Encoder, from: number, to: number): void {
    const { table, cursor } = this;
    for (let row = from + 1; row <= to; row++) {
      if (!table.has(row)) continue;
      cursor.goTo(row);
      this.encodeRow(encoder, cursor, row);
    }
  }

  /** What is due before rows are shown: to drop series that have been idle for long. */
  protected settle(): void {
    if (this.ttlMs === Number.POSITIVE_INFINITY || this.table.labelNames.length === 0) return;
    const oldest = Date.now() - this.ttlMs;
    this.counts.expired += this.table.removeWhere((row) => this.table.lastUse(row) < oldest);
  }

  protected abstract makeChild(row: number): Child;
  protected abstract encodeRow(encoder: Encoder, point: Point, row: number): void;

  /** What else shapes a metric of this type, as plain data. */
  protected get shape(): unknown {
    return null;
  }

  protected get droppedExemplars(): number {
    return 0;
  }

  /** Registers the metric; the last step of a subclass' constructor. */
  protected start({ registry, labelNames = [], initialize = false }: MetricOptions<LabelSchema>): void {
    if (this.table.labelNames.length === 0) this.table.add([]);
    if (initialize) for (const labels of labelProduct(labelNames, this.name)) this.finder.row(labels);
    if (registry !== null) (registry ?? defaultRegistry).register(this);
  }

  /** The row for labels; without any, that of a metric that needs none. */
  protected row(labels?: Partial<Labels> | null): number {
    if (this.bound !== undefined) return this.finder.row(this.withBound(labels ?? {}));
    if (labels !== undefined) return this.finder.row(labels);
    if (this.table.labelNames.length > 0) checkLabels(undefined, this.table.labelNames, this.name);
    return ONLY_ROW;
  }

  /** The child for labels; without any, that of a metric that needs none. */
  protected target(labels?: Partial<Labels> | null): Child {
    return this.childAt(this.row(labels));
  }

  /** This metric, with some of the labels given. Names and types are the caller's matter. */
  protected curried(labels: Partial<Labels>): this {
    for (const name of Object.keys(labels)) {
      if (!this.labelNames.some((labelName) => labelName === name)) {
        throw new TypeError(`${this.name} has no label ${name} to bind; it has ${this.labelNames.join(', ')}.`);
      }
    }
    const labelNames = this.labelNames.filter((name) => !Object.hasOwn(labels, name));
    return Object.create(this, { bound: { value: this.withBound(labels) }, labelNames: { value: labelNames } });
  }

  /** Whether a row has these labels and those that are bound. */
  protected matcher(labels: Partial<Labels>): (row: number) => boolean {
    const names = this.table.labelNames;
    const wanted = Object.entries(this.withBound(labels)).map(([name, value]) => {
      if (!names.includes(name)) throw new TypeError(`${this.name} has no label ${name}; it has ${names.join(', ')}.`);
      return [names.indexOf(name), String(value).toWellFormed()] as const;
    });
    if (wanted.length === 0) return () => true;
    return (row) => {
      const texts = this.table.texts(row);
      return wanted.every(([index, text]) => texts[index] === text);
    };
  }

  /** Labels as texts, checked, those that are bound among them. */
  protected textsOf(labels: Partial<Labels>): string[] {
    return this.finder.texts(this.withBound(labels));
  }

  /** Drops all rows of this metric, or of what is bound of it, but these. */
  protected dropAllBut(kept: ReadonlySet<number>): void {
    const isOurs = this.matcher({});
    this.table.removeWhere((row) => isOurs(row) && !kept.has(row));
  }

  protected childAt(row: number): Child {
    return this.table.handle(row, (at) => this.makeChild(at));
  }

  private rowOf(labels: readonly (LabelInput | Labels)[]): number {
    const first = labels[0];
    if (first === undefined || typeof first === 'object') return this.row(first);
    if (this.bound !== undefined) return this.row(this.named(labels));
    // Labels come as one object or as values; the first of them was a value.
    return this.finder.rowOfValues(labels as readonly LabelInput[]);
  }

  private named(labels: readonly (LabelInput | Labels)[]): Labels {
    const first = labels[0];
    // As in rowOf().
    return typeof first === 'object' ? first : this.finder.named(labels as readonly LabelInput[], this.labelNames);
  }

  private withBound(labels: Partial<Labels>): Partial<Labels> {
    return this.bound === undefined ? labels : { ...labels, ...this.bound };
  }
}

function ttlOf(value: number | undefined, metricName: string): number {
  return numberOption(value, {
    name: `${metricName}: ttlMs`,
    byDefault: Number.POSITIVE_INFINITY,
    isAllowed: (milliseconds) => milliseconds > 0,
    rule: 'a number of milliseconds above 0',
  });
}
