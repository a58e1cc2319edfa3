import { checkedDescriptor } from '../model/checked-descriptor.ts';
import type { CollectContext, DirectCollector, DroppedCounts } from '../model/collector.ts';
import type { Encoder } from '../model/encoder.ts';
import type { Descriptor, Point } from '../model/family.ts';
import type { LabelInput, Labels } from '../model/labels.ts';
import { checkOptionNames } from '../model/option-names.ts';
import { processWide } from '../registry/default-catalog.ts';
import { type Details, type MetricShape, SHARING_VERSION, type SharedMetric } from './metric-definition.ts';
import { fullName } from './metric-name.ts';
import { type MetricKind, type MetricOptions, ttlOf } from './metric-options.ts';
import { isThenable } from './on-settled.ts';
import { overriddenShape } from './overridden-shape.ts';
import { NumberColumn } from './series/column.ts';
import { CurriedFinder } from './series/curried-finder.ts';
import { type LabelArguments, labelsByName, mixedArguments } from './series/label-arguments.ts';
import { type LabelName, type LabelSchema, type LabelsOf, labelNamesOf, labelProduct } from './series/label-schema.ts';
import { constValuesOf, RowCursor } from './series/row-cursor.ts';
import { ONLY_ROW, type RowFinder, SeriesFinder } from './series/series-finder.ts';
import { type Handle, type LabeledChild, Lost, SeriesTable } from './series/series-table.ts';

// Fields are protected and not #private, because curry() copies them to another object with the same series. What only
// the package uses is stripped from the declarations, so that editors do not offer it; start() checks that it is a
// DirectCollector.
/** Common part of all metric types: series by label values, which can be found, listed and removed. */
export abstract class Metric<S extends LabelSchema, Child extends Handle> {
  /** The full name, with the suffixes that type and unit require. */
  readonly name: string;
  /** Name, help, type and unit. */
  readonly descriptor: Descriptor;
  /** Names of the labels that calls give, in order. After `curry()`, those that are not bound. */
  readonly labelNames: readonly LabelName<S>[];
  /** @internal */
  protected readonly table: SeriesTable<Child>;
  // Updates read these two fields themselves instead of calling row(): there an engine sees the objects of all metric
  // types and reads each field several times slower.
  /** Finds rows by labels. @internal */
  protected readonly finder: RowFinder;
  /** The row for calls without labels; 0 if `row()` has to look it up or to throw. @internal */
  protected readonly onlyRow: number;
  /** @internal */
  protected readonly constValues: ReadonlyMap<string, string>;
  /** @internal */
  protected readonly cursor: RowCursor;
  /** @internal */
  protected readonly update: ((context: CollectContext) => unknown) | undefined;

  /** @internal */
  protected constructor(
    { type, optionNames, reservedLabel, hasStart = false, acrossWorkers }: MetricKind,
    // `collect` is called with this object; each metric type declares the parameter.
    options: MetricOptions<S, never>,
  ) {
    checkOptionNames(typeof options?.name === 'string' ? options.name : 'A metric', options, optionNames);
    const { help, labelNames: schema = [], constLabels = {}, unit, normalize = {}, logger, collect } = options;
    const name = fullName(options.name, type, unit);
    const { maxSeries = options.maxSeries } = overriddenShape(name, options.registry) ?? {};
    const names = labelNamesOf(schema, name, reservedLabel);
    this.name = name;
    this.descriptor = checkedDescriptor({ name, help, type, unit, acrossWorkers });
    // labelNamesOf() read them from the schema, whose type has the same names.
    this.labelNames = names as readonly LabelName<S>[];
    this.table = new SeriesTable(names);
    this.finder = new SeriesFinder(this.table, { name, schema, normalize, maxSeries, logger });
    this.onlyRow = names.length === 0 ? ONLY_ROW : 0;
    this.constValues = constValuesOf(constLabels, names, name, reservedLabel);
    // Some runtimes have no clock while modules are loaded.
    const isTimed = hasStart && Date.now() > 0;
    const startTimes = isTimed ? this.table.addColumn(new NumberColumn(1, () => Date.now() / 1000)) : undefined;
    this.cursor = new RowCursor(this.constValues, this.table, startTimes);
    const ttlMs = ttlOf(options.ttlMs, name);
    if (ttlMs < Number.POSITIVE_INFINITY && names.length > 0) this.table.expireAfter(ttlMs);
    this.update = collect && ((context) => collect(this as never, context));
  }

  /** @internal */
  get rowCount(): number {
    return this.table.lastRow;
  }

  /** @internal */
  get isEmpty(): boolean {
    return this.table.size === 0;
  }

  /** @internal */
  get seriesLabelNames(): readonly string[] {
    return this.cursor.labels.names;
  }

  /** @internal */
  get schema(): string {
    return JSON.stringify([this.descriptor, this.seriesLabelNames, [...this.constValues.values()], this.shape]);
  }

  /** @internal */
  get shared(): SharedMetric {
    const { descriptor, shape, table, details } = this;
    const constLabels = Object.fromEntries(this.constValues);
    const definition = { descriptor, labelNames: table.labelNames, constLabels, shape };
    return { version: SHARING_VERSION, definition, table, details };
  }

  /** @internal */
  get losses(): DroppedCounts {
    const { lost } = this.table;
    return { overflowed: lost[Lost.overflowed]!, expired: lost[Lost.expired]!, exemplars: lost[Lost.exemplars]! };
  }

  /**
   * Returns the child for these labels, creating it on first use: `labels({ method, code })`, or by position in the
   * order of `labelNames`, `labels(method, code)`. Keep it: using a child is far cheaper than finding it.
   *
   * @throws {TypeError} if labels are missing, unknown or not a string, number or boolean.
   * @throws {RangeError} if the closed list of a label does not contain the value.
   *
   * @example
   * ```ts
   * import { Counter } from 'zeroprom';
   *
   * const requests = new Counter({ name: 'requests_total', help: 'Requests.', labelNames: ['method', 'code'] });
   * const ok = requests.labels('GET', 200);
   * for (let i = 0; i < 1000; i++) ok.inc();
   * ```
   */
  labels(...labels: LabelArguments<S>): Child;
  labels(first?: LabelInput | Labels, second?: LabelInput, third?: LabelInput, ...others: LabelInput[]): Child {
    if (first === undefined || typeof first === 'object') {
      if (second !== undefined || third !== undefined || others.length > 0) throw mixedArguments(this.name);
      return this.childAt(this.row(first));
    }
    // Passed one by one unless there are many, so that an engine need not allocate an array for the call.
    const row =
      others.length === 0
        ? this.finder.rowOfValues(first, second, third)
        : this.finder.rowOfAll([first, second, third, ...others]);
    return this.childAt(row);
  }

  /**
   * Removes the series with these labels. Its child keeps working, but is no longer exposed.
   *
   * @returns whether there was such a series.
   * @throws {TypeError | RangeError} if the labels or their values are not those of the metric.
   */
  remove(...labels: LabelArguments<S>): boolean;
  remove(...labels: readonly (LabelInput | Labels)[]): boolean {
    const row = this.finder.findExisting(labelsByName(labels, this.finder));
    if (row !== 0) this.table.remove(row);
    return row !== 0;
  }

  /**
   * Removes all series that have these labels, which may be only some of the metric's.
   *
   * @returns the number of removed series.
   * @throws {TypeError | RangeError} if the labels or their values are not those of the metric.
   */
  removeMatching(labels: Partial<LabelsOf<S>>): number {
    const matches = this.finder.matcher(labels);
    return this.table.labelNames.length === 0 ? 0 : this.table.removeWhere(matches);
  }

  /** Removes all series. A metric without labels is reset to its initial value instead. */
  clear(): void {
    if (this.table.labelNames.length === 0) this.reset();
    else this.table.removeWhere(this.finder.matcher({}));
  }

  /** Resets every series to its initial value. Series and children remain. */
  reset(): void {
    for (const row of this.table.rows(this.finder.matcher({}))) this.table.clear(row);
  }

  /** Returns the children of all current series with their labels, in order of creation. */
  children(): LabeledChild<Child>[] {
    return Array.from(this.table.rows(this.finder.matcher({})), (row) => {
      const texts = this.table.texts(row);
      const labels = Object.fromEntries(texts.map((text, index) => [this.table.labelNames[index], text]));
      return { labels, child: this.childAt(row) };
    });
  }

  /** @internal */
  get isPassive(): boolean {
    return this.update === undefined;
  }

  /** @internal */
  prepare(context: CollectContext): void | Promise<void> {
    const updated = this.update?.(context);
    return isThenable(updated) ? this.settleAfter(updated) : this.settle();
  }

  /** @internal */
  private async settleAfter(updated: PromiseLike<unknown>): Promise<void> {
    await updated;
    this.settle();
  }

  /** @internal */
  pin(): void {
    this.table.pin();
  }

  /** @internal */
  unpin(): void {
    this.table.unpin();
  }

  /** @internal */
  measure(encoder: Encoder, from: number, to: number, isLast: boolean): boolean {
    const rows = this.numbers && this.cursor.numberRows(this.numbers);
    return rows !== undefined && (encoder.measure?.(rows, from + 1, to + 1, isLast) ?? false);
  }

  /** @internal */
  encode(encoder: Encoder, from: number, to: number): void {
    const rows = this.numbers && this.cursor.numberRows(this.numbers);
    if (rows !== undefined && encoder.numbers?.(rows, from + 1, to + 1)) return;
    const { table, cursor } = this;
    for (let row = from + 1; row <= to; row++) {
      if (!table.has(row)) continue;
      cursor.goTo(row);
      this.encodeRow(encoder, cursor, row);
    }
  }

  /** Called before rows are read: drops expired series. @internal */
  protected settle(): void {
    this.table.dropExpired();
  }

  /** @internal */
  protected abstract makeChild(row: number): Child;
  /** @internal */
  protected abstract encodeRow(encoder: Encoder, point: Point, row: number): void;

  /** The column of values, if each series is a single number and has nothing else. @internal */
  protected get numbers(): NumberColumn | undefined {
    return undefined;
  }

  /** @internal */
  protected get shape(): MetricShape {
    return {};
  }

  /** @internal */
  protected get details(): Details | undefined {
    return undefined;
  }

  /** Registers the metric. The last step of each subclass constructor. @internal */
  protected start({ registry, labelNames = [], initialize = false }: MetricOptions<LabelSchema, never>): void {
    if (this.table.labelNames.length === 0) this.table.add([]);
    if (initialize) for (const labels of labelProduct(labelNames, this.name)) this.finder.row(labels);
    if (registry !== null) (registry ?? processWide.catalog).register(this satisfies DirectCollector);
  }

  /** Returns the row for labels, or without labels the row of a metric that needs none. @internal */
  protected row(labels?: Partial<Labels> | null): number {
    return labels === undefined ? this.finder.rowWithoutLabels() : this.finder.row(labels);
  }

  /** Returns the child for labels, or without labels the child of a metric that needs none. @internal */
  protected target(labels?: Partial<Labels> | null): Child {
    return this.childAt(this.row(labels));
  }

  /** Returns this metric with some of its labels bound. The caller gives it its type. @internal */
  protected curried(labels: Partial<Labels>): this {
    const finder = new CurriedFinder(this.finder, labels);
    const { labelNames } = finder;
    return Object.assign(Object.create(Object.getPrototypeOf(this)), this, { finder, labelNames });
  }

  /** @internal */
  private childAt(row: number): Child {
    return this.table.handleOf(row) ?? this.table.keepHandle(this.makeChild(row));
  }
}
