import type { CollectContext, DirectCollector, Losses } from '../model/collector.ts';
import type { Encoder } from '../model/encoder.ts';
import type { Descriptor, MetricType, Point } from '../model/family.ts';
import type { LabelInput, Labels } from '../model/labels.ts';
import { defaultRegistry } from '../registry/default-registry.ts';
import { fullName } from './metric-name.ts';
import { type MetricOptions, ttlOf } from './metric-options.ts';
import { isThenable } from './on-settled.ts';
import { NumberColumn } from './series/column.ts';
import { CurriedFinder } from './series/curried-finder.ts';
import {
  type LabelArguments,
  type LabelName,
  type LabelSchema,
  type LabelsOf,
  labelNamesOf,
  labelProduct,
} from './series/label-schema.ts';
import { constValuesOf, RowCursor } from './series/row-cursor.ts';
import { ONLY_ROW, type RowFinder, SeriesFinder } from './series/series-finder.ts';
import { type Handle, SeriesTable } from './series/series-table.ts';

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
 * Fields are protected and not #private, because `curry()` copies them to another object that stands for the same series.
 */
export abstract class Metric<S extends LabelSchema, Child extends Handle> implements DirectCollector {
  readonly name: string;
  readonly descriptor: Descriptor;
  /** Names of the labels that calls give, in order. */
  readonly labelNames: readonly LabelName<S>[];
  protected readonly table: SeriesTable<Child>;
  // Updates read these two fields themselves instead of calling row(): there an engine sees the objects of all metric
  // types and reads each field several times slower.
  /** Finds rows by labels. */
  protected readonly finder: RowFinder;
  /** The row for calls without labels; 0 if `row()` has to look it up or to throw. */
  protected readonly onlyRow: number;
  protected readonly constValues: ReadonlyMap<string, string>;
  protected readonly cursor: RowCursor;
  protected readonly update: ((context: CollectContext) => unknown) | undefined;

  protected constructor(
    { type, reservedLabel, hasStart = false }: MetricKind,
    // What `collect` is called with is this very object; each type of metric declares it.
    options: MetricOptions<S, never>,
  ) {
    const {
      help,
      labelNames: schema = [],
      constLabels = {},
      unit,
      normalize = {},
      maxSeries,
      logger,
      collect,
    } = options;
    const name = fullName(options.name, type, unit);
    if (typeof help !== 'string') throw new TypeError(`${name}: help is a string, not ${typeof help}.`);
    const names = labelNamesOf(schema, name, reservedLabel);
    this.name = name;
    this.descriptor = { name, help, type, unit };
    // The schema's type says what its names are; labelNamesOf() has read them from the value.
    this.labelNames = names as readonly LabelName<S>[];
    this.table = new SeriesTable(names);
    this.finder = new SeriesFinder(this.table, { name, schema, normalize, maxSeries, logger });
    this.onlyRow = names.length === 0 ? ONLY_ROW : 0;
    this.constValues = constValuesOf(constLabels, names, name, reservedLabel);
    const startTimes = hasStart ? this.table.addColumn(new NumberColumn(1, () => Date.now() / 1000)) : undefined;
    this.cursor = new RowCursor(this.constValues, this.table, startTimes);
    const ttlMs = ttlOf(options.ttlMs, name);
    if (ttlMs < Number.POSITIVE_INFINITY && names.length > 0) this.table.expireAfter(ttlMs);
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
    return JSON.stringify([this.descriptor, this.seriesLabelNames, [...this.constValues.values()], this.shape]);
  }

  get losses(): Losses {
    return { overflowed: this.finder.overflowed, expired: this.table.expired, exemplars: this.droppedExemplars };
  }

  /**
   * The child with these labels, made at the first call; by name, or by position in the order of `labelNames`. Keep
   * it: using a child is far cheaper than finding it. Throws a TypeError where labels are missing, unknown or no
   * string, number or boolean, and a RangeError for a value that the schema does not list.
   */
  labels(...labels: LabelArguments<S>): Child;
  labels(first?: LabelInput | Labels, second?: LabelInput, third?: LabelInput, ...others: LabelInput[]): Child {
    if (first === undefined || typeof first === 'object') {
      if (second !== undefined || third !== undefined || others.length > 0) throw this.mixedError();
      return this.childAt(this.row(first));
    }
    // One by one unless there are many, so that an engine need not make an array for the call.
    const row =
      others.length === 0
        ? this.finder.rowOfValues(first, second, third)
        : this.finder.rowOfAll([first, second, third, ...others]);
    return this.childAt(row);
  }

  /** Drops the series with these labels; whether it was there. Its child keeps working, and is not exported. */
  remove(...labels: LabelArguments<S>): boolean;
  remove(...labels: readonly (LabelInput | Labels)[]): boolean {
    const row = this.finder.findExisting(this.byName(labels));
    if (row !== 0) this.table.remove(row);
    return row !== 0;
  }

  /** Drops all series that have these of the labels; how many that were. */
  removeMatching(labels: Partial<LabelsOf<S>>): number {
    const matches = this.finder.matcher(labels);
    return this.table.labelNames.length === 0 ? 0 : this.table.removeWhere(matches);
  }

  /** Drops all series. A metric without labels goes back to its initial value instead. */
  clear(): void {
    if (this.table.labelNames.length === 0) this.reset();
    else this.table.removeWhere(this.finder.matcher({}));
  }

  /** Puts every series back to its initial value; children stay. */
  reset(): void {
    for (const row of this.table.rows(this.finder.matcher({}))) this.table.clear(row);
  }

  /** The children that there are now, with their labels, in order of creation. */
  children(): { readonly labels: Readonly<Record<string, string>>; readonly child: Child }[] {
    return Array.from(this.table.rows(this.finder.matcher({})), (row) => {
      const texts = this.table.texts(row);
      const labels = Object.fromEntries(texts.map((text, index) => [this.table.labelNames[index], text]));
      return { labels, child: this.childAt(row) };
    });
  }

  get isPassive(): boolean {
    return this.update === undefined;
  }

  prepare(context: CollectContext): void | Promise<void> {
    const updated = this.update?.(context);
    return isThenable(updated) ? this.settleAfter(updated) : this.settle();
  }

  private async settleAfter(updated: PromiseLike<unknown>): Promise<void> {
    await updated;
    this.settle();
  }

  pin(): void {
    this.table.pin();
  }

  unpin(): void {
    this.table.unpin();
  }

  encode(encoder: Encoder, from: number, to: number): void {
    const rows = this.numbers && this.cursor.numberRows(this.numbers);
    const isDone = rows !== undefined && encoder.numbers?.(rows, from + 1, to + 1);
    if (!isDone) this.encodeEach(encoder, from, to);
  }

  private encodeEach(encoder: Encoder, from: number, to: number): void {
    const { table, cursor } = this;
    for (let row = from + 1; row <= to; row++) {
      if (!table.has(row)) continue;
      cursor.goTo(row);
      this.encodeRow(encoder, cursor, row);
    }
  }

  /** What is due before rows are shown: to drop series that have been idle for long. */
  protected settle(): void {
    this.table.dropExpired();
  }

  protected abstract makeChild(row: number): Child;
  protected abstract encodeRow(encoder: Encoder, point: Point, row: number): void;

  /** The column of values of a metric whose series are a number each, and nothing else. */
  protected get numbers(): NumberColumn | undefined {
    return undefined;
  }

  /** What else shapes a metric of this type, as plain data. */
  protected get shape(): unknown {
    return null;
  }

  protected get droppedExemplars(): number {
    return 0;
  }

  /** Registers the metric; the last step of a subclass' constructor. */
  protected start({ registry, labelNames = [], initialize = false }: MetricOptions<LabelSchema, never>): void {
    if (this.table.labelNames.length === 0) this.table.add([]);
    if (initialize) for (const labels of labelProduct(labelNames, this.name)) this.finder.row(labels);
    if (registry !== null) (registry ?? defaultRegistry).register(this);
  }

  /** The row for labels; without any, that of a metric that needs none. */
  protected row(labels?: Partial<Labels> | null): number {
    return labels === undefined ? this.finder.rowWithoutLabels() : this.finder.row(labels);
  }

  /** The child for labels; without any, that of a metric that needs none. */
  protected target(labels?: Partial<Labels> | null): Child {
    return this.childAt(this.row(labels));
  }

  /** This metric, with some of the labels given. Types are the caller's matter. */
  protected curried(labels: Partial<Labels>): this {
    const finder = new CurriedFinder(this.finder, labels);
    const { labelNames } = finder;
    return Object.assign(Object.create(Object.getPrototypeOf(this)), this, { finder, labelNames });
  }

  /**
   * Makes these the series of this metric, or of what is bound of it. `textsOf()` made the texts; `update` is called with the
   * row of each, which is valid until the next.
   */
  protected replaceRows(all: readonly (readonly string[])[], update: (row: number, index: number) => void): void {
    if (this.table.labelNames.length === 0) throw new TypeError(`${this.name} has no labels.`);
    const kept = new Set(all.map((texts) => this.table.index.findAll(texts)));
    for (const row of kept) this.table.touch(row); // New series must not take the place of one that is kept.
    const isOurs = this.finder.matcher({});
    this.table.removeWhere((row) => isOurs(row) && !kept.has(row));
    // Found again, and one after another: rows move as others are removed.
    for (const [index, texts] of all.entries()) update(this.finder.rowOfTexts(texts), index);
  }

  private childAt(row: number): Child {
    return this.table.handleOf(row) ?? this.table.keepHandle(this.makeChild(row));
  }

  private byName(labels: readonly (LabelInput | Labels)[]): Labels {
    const first = labels[0];
    // Labels come as one object or as values; the first says which.
    if (typeof first !== 'object') return this.finder.byName(labels as readonly LabelInput[]);
    if (labels.length > 1) throw this.mixedError();
    return first;
  }

  private mixedError(): TypeError {
    return new TypeError(`${this.name} takes its labels as one object or as values, not both.`);
  }
}
