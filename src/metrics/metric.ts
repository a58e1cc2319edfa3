import type { CollectContext, DirectCollector, Losses } from '../model/collector.ts';
import type { Encoder } from '../model/encoder.ts';
import type { Descriptor, MetricType, Point } from '../model/family.ts';
import type { LabelInput, Labels } from '../model/labels.ts';
import { defaultRegistry } from '../registry/default-registry.ts';
import { fullName } from './metric-name.ts';
import { type MetricOptions, ttlOf } from './metric-options.ts';
import { isThenable } from './on-settled.ts';
import { NumberColumn } from './series/column.ts';
import {
  checkLabels,
  type LabelArguments,
  type LabelName,
  type LabelSchema,
  type LabelsOf,
  labelNamesOf,
  labelProduct,
} from './series/label-schema.ts';
import { Cursor, constValuesOf } from './series/row-cursor.ts';
import { givenOf, SeriesFinder } from './series/series-finder.ts';
import { type Handle, SeriesTable } from './series/series-table.ts';

/** The row of a metric without labels, there from the start. */
const ONLY_ROW = 1;

/** What leads from the labels of a call to a row. */
interface RowFinder {
  row(labels: Partial<Labels> | null): number;
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
 * Fields are protected and not #private, because `curry()` copies them to another object that stands for the same series.
 */
export abstract class Metric<S extends LabelSchema, Child extends Handle> implements DirectCollector {
  readonly name: string;
  readonly descriptor: Descriptor;
  /** Names of the labels that calls give, in order. */
  readonly labelNames: readonly LabelName<S>[];
  protected readonly table: SeriesTable<Child>;
  protected readonly finder: SeriesFinder;
  // Updates ask these two themselves, and not row(): there an engine sees the objects of all types of metrics, and reads
  // each field several times slower.
  /** For labels as calls give them: the finder, if `curry()` has given none. */
  protected readonly rows: RowFinder;
  /** The row for calls without labels; 0 where `row()` is to look, or to throw. */
  protected readonly onlyRow: number;
  /** Labels that `curry()` has given already. */
  protected readonly bound: Labels | undefined = undefined;
  protected readonly constValues: ReadonlyMap<string, string>;
  protected readonly cursor: Cursor;
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
    this.rows = this.finder;
    this.onlyRow = names.length === 0 ? ONLY_ROW : 0;
    this.constValues = constValuesOf(constLabels, names, name, reservedLabel);
    const startTimes = hasStart ? this.table.addColumn(new NumberColumn(1, () => Date.now() / 1000)) : undefined;
    this.cursor = new Cursor(this.constValues, this.table, startTimes);
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
      if (second !== undefined || third !== undefined || others.length > 0) throw this.finder.mixedError;
      return this.childAt(this.row(first));
    }
    // In an array only where there are many, and spread, so that an engine need not make one for the call.
    const isUsual = this.bound === undefined && others.length === 0;
    const row = isUsual
      ? this.finder.rowOfValues(first, second, third)
      : this.rowOfAll(first, second, third, ...others);
    return this.childAt(row);
  }

  /** Drops the series with these labels; whether it was there. Its child keeps working, and is not exported. */
  remove(...labels: LabelArguments<S>): boolean;
  remove(...labels: readonly (LabelInput | Labels)[]): boolean {
    const row = this.finder.known(this.withBound(this.named(labels)));
    if (row !== 0) this.table.remove(row);
    return row !== 0;
  }

  /** Drops all series that have these of the labels; how many that were. */
  removeMatching(labels: Partial<LabelsOf<S>>): number {
    const matches = this.matcher(labels);
    return this.table.labelNames.length === 0 ? 0 : this.table.removeWhere(matches);
  }

  /** Drops all series. A metric without labels goes back to its initial value instead. */
  clear(): void {
    if (this.table.labelNames.length === 0) this.reset();
    else this.table.removeWhere(this.matcher({}));
  }

  /** Puts every series back to its initial value; children stay. */
  reset(): void {
    for (const row of this.table.rows(this.matcher({}))) this.table.clear(row);
  }

  /** The children that there are now, with their labels, in order of creation. */
  children(): { readonly labels: Readonly<Record<string, string>>; readonly child: Child }[] {
    return Array.from(this.table.rows(this.matcher({})), (row) => {
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
    if (labels !== undefined || this.bound !== undefined) return this.rows.row(labels ?? null);
    if (this.table.labelNames.length > 0) checkLabels(undefined, this.table.labelNames, this.name);
    return ONLY_ROW;
  }

  /** The child for labels; without any, that of a metric that needs none. */
  protected target(labels?: Partial<Labels> | null): Child {
    return this.childAt(this.row(labels));
  }

  /** This metric, with some of the labels given. Types are the caller's matter. */
  protected curried(labels: Partial<Labels>): this {
    const bound = { ...this.withBound(labels) };
    this.finder.someTexts(bound); // For its checks.
    const labelNames = this.labelNames.filter((name) => !Object.hasOwn(bound, name));
    const rows: RowFinder = { row: (given) => this.finder.row(curried.withBound(given ?? {})) };
    const curried: this = Object.assign(Object.create(Object.getPrototypeOf(this)), this, { bound, labelNames, rows });
    return curried;
  }

  /** Whether a row has these labels and those that are bound. Good until rows are added or removed. */
  protected matcher(labels: Partial<Labels>): (row: number) => boolean {
    return this.table.index.matcher(this.finder.someTexts(this.withBound(labels)));
  }

  /** Labels as texts, checked, those that are bound among them. */
  protected textsOf(labels: Partial<Labels>): string[] {
    return this.finder.texts(this.withBound(labels));
  }

  /**
   * Makes these the series of this metric, or of what is bound of it. `textsOf()` made the texts; `update` is called with the
   * row of each, which is valid until the next.
   */
  protected replaceRows(all: readonly (readonly string[])[], update: (row: number, index: number) => void): void {
    if (this.table.labelNames.length === 0) throw new TypeError(`${this.name} has no labels.`);
    const kept = new Set(all.map((texts) => this.table.index.findAll(texts)));
    for (const row of kept) this.table.touch(row); // New series must not take the place of one that is kept.
    const isOurs = this.matcher({});
    this.table.removeWhere((row) => isOurs(row) && !kept.has(row));
    // Found again, and one after another: rows move as others are removed.
    for (const [index, texts] of all.entries()) update(this.finder.rowOfTexts(texts), index);
  }

  private rowOfAll(first: LabelInput, second?: LabelInput, third?: LabelInput, ...others: LabelInput[]): number {
    const values = givenOf(first, second, third, others);
    return this.bound === undefined ? this.finder.rowOfAll(values) : this.row(this.named(values));
  }

  private childAt(row: number): Child {
    return this.table.handleOf(row) ?? this.table.keepHandle(this.makeChild(row));
  }

  private named(labels: readonly (LabelInput | undefined | Labels)[]): Labels {
    const first = labels[0];
    // Labels come as one object or as values; the first says which.
    if (typeof first !== 'object') return this.finder.named(labels as readonly LabelInput[], this.labelNames);
    if (labels.length > 1) throw this.finder.mixedError;
    return first;
  }

  private withBound(labels: Partial<Labels>): Labels {
    // What is undefined will be refused as a value.
    if (this.bound === undefined) return labels as Labels;
    for (const name of Object.keys(labels)) {
      if (Object.hasOwn(this.bound, name)) throw new TypeError(`${this.name}: label ${name} is bound by curry().`);
    }
    return { ...(labels as Labels), ...this.bound };
  }
}
