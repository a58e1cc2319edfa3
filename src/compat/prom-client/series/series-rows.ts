import { ObjectColumn } from '../../../metrics/series/column.ts';
import type { LabelIndex } from '../../../metrics/series/label-index.ts';
import { type Handle, SeriesTable } from '../../../metrics/series/series-table.ts';
import type { LabelInput } from '../../../model/labels.ts';
import { checkDeclared, type LabelObject, type NameOrder, NO_LABELS, setOwn } from './label-arguments.ts';

/** Stands for a label that a series does not have. No label has this value, because the values of labels are made well-formed. */
const ABSENT = `\ud800${Math.random()}`;

/** Labels as an index takes them. It does not contain values of other types, so these lead to row 0. */
export type IndexLabels = Readonly<Record<string, LabelInput>>;

/** A handle without a series. It is in no table, so its row stays 0. */
const NOWHERE: Handle = { row: 0 };

/**
 * The series of a metric with the labels of prom-client: any subset of the declared names, shown as in the call that made the
 * series. Complete sets of labels lead to their row through the table's index; the rest is here.
 */
export class SeriesRows {
  readonly table: SeriesTable;
  /** Finds the row of a complete set of labels, as hot paths ask for it. */
  readonly index: LabelIndex;
  /** Whether series can have labels. */
  readonly hasLabels: boolean;
  /** The series without labels. */
  bare: Handle = NOWHERE;
  readonly #nameOrder: NameOrder;
  /** Without duplicates. */
  readonly #names: readonly string[];
  /** The places of the names in alphabetical order. */
  readonly #sorted: readonly number[];
  /** Names of labels that series have although they were not declared. */
  readonly #undeclared = new Set<string>();
  /** Labels as given, for series that do not have a string for each name in the declared order. */
  readonly #shown = new ObjectColumn<LabelObject>();
  /** Values of the labels to find. Reused, because allocating an array for each call would take longer than the rest. */
  readonly #wanted: LabelInput[];

  constructor(labelNames: readonly string[], nameOrder: NameOrder) {
    this.#nameOrder = nameOrder;
    this.#names = [...new Set(labelNames)];
    this.hasLabels = this.#names.length > 0;
    // A table without labels has one row that cannot be removed; one label that stays absent makes it an ordinary one.
    this.table = new SeriesTable(this.hasLabels ? this.#names : ['']);
    this.index = this.table.index;
    this.#sorted = [...this.#names].sort().map((name) => this.#names.indexOf(name));
    this.#wanted = this.table.labelNames.map(() => ABSENT);
    this.table.addColumn(this.#shown);
  }

  /** Whether series may have a label of that name. */
  mayHave(name: string): boolean {
    return this.#names.includes(name) || this.#undeclared.has(name);
  }

  /** Fast path: the row if the labels are complete and known, or 0. */
  complete(labels: LabelObject): number {
    return this.index.find(labels as IndexLabels);
  }

  /** Returns the row with these labels, creating it on first use. Throws if a label was not declared. */
  row(labels: LabelObject, declared: readonly string[]): number {
    const row = this.complete(labels) || this.#partial(labels);
    if (row !== 0) return row;
    this.check(labels, declared);
    return this.make(labels);
  }

  /** Throws if a label was not declared. */
  check(labels: LabelObject, declared: readonly string[]): void {
    checkDeclared(labels, declared, this.#nameOrder);
  }

  /** The row with these labels, or 0. */
  known(labels: LabelObject): number {
    return this.complete(labels) || this.#find(labels, this.#textsOf(labels));
  }

  /** As `row()`, but accepts undeclared labels: they are shown, but do not distinguish series. */
  make(labels: LabelObject): number {
    const texts = this.#textsOf(labels);
    const known = this.#find(labels, texts);
    if (known !== 0) return known;
    const row = this.table.add(texts);
    this.show(row, labels);
    this.#remember(labels, texts);
    if (texts.every((text) => text === ABSENT)) this.bare = this.handle({ row });
    return row;
  }

  /** Returns the row of the series without labels, creating it on first use. */
  bareRow(): number {
    return this.bare.row || this.make(NO_LABELS);
  }

  /** Returns the handle that the table keeps up to date for the row of this handle: an existing one, or this one. */
  handle(handle: Handle): Handle {
    return this.table.handleOf(handle.row) ?? this.table.keepHandle(handle);
  }

  /** Shows the series with these labels, which lead to it, from now on. */
  show(row: number, labels: LabelObject): void {
    const shown = this.#shown.data[row];
    const isInOrder = this.#areInOrder(labels);
    if (isInOrder && areTexts(labels)) {
      if (shown !== undefined) this.#shown.data[row] = undefined;
      return;
    }
    if (isInOrder && shown !== undefined && this.#areInOrder(shown) && areEqual(labels, shown)) return;
    this.#shown.data[row] = { ...labels };
    if (isInOrder) return;
    for (const name of Object.keys(labels)) if (!this.#names.includes(name)) this.#undeclared.add(name);
  }

  /** Returns the labels of a series unless they are a value for each name in the declared order, which encoders can copy. */
  unusualLabels(row: number): LabelObject | undefined {
    const shown = this.#shown.data[row];
    return shown === undefined || this.#areInOrder(shown) ? undefined : shown;
  }

  /** The labels of the series, a new object. */
  labels(row: number): Record<string, unknown> {
    const shown = this.#shown.data[row];
    if (shown !== undefined) return { ...shown };
    const labels: Record<string, unknown> = {};
    if (!this.hasLabels) return labels;
    const texts = this.table.texts(row);
    for (let index = 0; index < texts.length; index++) setOwn(labels, this.#names[index]!, texts[index]);
    return labels;
  }

  /** The key of prom-client's `hashMap`: `a:1,b:2,`. Different series may have the same. */
  key(row: number): string {
    const texts = this.table.texts(row);
    let key = '';
    for (const index of this.#sorted) if (texts[index] !== ABSENT) key += `${this.#names[index]}:${texts[index]},`;
    return key;
  }

  rows(): Generator<number, void, void> {
    return this.table.rows(() => true);
  }

  clear(): void {
    this.table.removeWhere(() => true);
  }

  /** The row with these labels if they are some of those declared first, with values that need no conversion; or 0. */
  #partial(labels: LabelObject): number {
    const wanted = this.#wanted.fill(ABSENT);
    for (const name in labels) {
      const index = this.#names.indexOf(name);
      const value = labels[name];
      if (index < 0) return 0;
      if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') wanted[index] = value;
      else if (value !== undefined) return 0;
    }
    return this.index.findAll(wanted);
  }

  #textsOf(labels: LabelObject): string[] {
    if (!this.hasLabels) return [ABSENT];
    return this.#names.map((name) => {
      const value = labels[name];
      // A template throws for symbols, as prom-client does.
      return value === undefined ? ABSENT : `${value}`.toWellFormed();
    });
  }

  #find(labels: LabelObject, texts: readonly string[]): number {
    const row = this.index.findAll(texts);
    if (row !== 0) this.#remember(labels, texts);
    return row;
  }

  /** Lets numbers and booleans lead to the row without converting them to strings each time. */
  #remember(labels: LabelObject, texts: readonly string[]): void {
    for (let index = 0; index < this.#names.length; index++) {
      const value = labels[this.#names[index]!];
      if (typeof value === 'number' || typeof value === 'boolean') this.index.alias(index, value, texts[index]!);
    }
  }

  /** Whether there is a value for each name, in the declared order, and nothing else. */
  #areInOrder(labels: LabelObject): boolean {
    const names = this.#names;
    let index = 0;
    for (const name in labels) if (name !== names[index++] || labels[name] === undefined) return false;
    return index === names.length;
  }
}

function areTexts(labels: LabelObject): boolean {
  for (const name in labels) if (typeof labels[name] !== 'string') return false;
  return true;
}

function areEqual(a: LabelObject, b: LabelObject): boolean {
  for (const name in a) if (a[name] !== b[name]) return false;
  return true;
}
