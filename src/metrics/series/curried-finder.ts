import type { LabelInput, Labels } from '../../model/labels.ts';
import { type RowFinder, trimmed } from './series-finder.ts';

/** Finds the rows of a metric some of whose labels are bound: adds those to the labels of each call. */
export class CurriedFinder implements RowFinder {
  readonly metricName: string;
  /** Names of the labels that calls still give, in order. */
  readonly labelNames: readonly string[];
  readonly #finder: RowFinder;
  readonly #bound: Partial<Labels>;

  /** Throws a TypeError or RangeError for labels or values that `finder` would not accept. */
  constructor(finder: RowFinder, bound: Partial<Labels>) {
    this.metricName = finder.metricName;
    this.#bound = { ...bound };
    this.labelNames = finder.labelNames.filter((name) => !Object.hasOwn(this.#bound, name));
    this.#finder = finder;
    finder.matcher(this.#bound); // Only for its checks.
  }

  row(labels: Partial<Labels> | null): number {
    return this.#finder.row(this.#complete(labels));
  }

  rowWithoutLabels(): number {
    return this.row({});
  }

  rowOfValues(first: LabelInput, second?: LabelInput, third?: LabelInput): number {
    return this.rowOfAll(trimmed(first, second, third));
  }

  rowOfAll(values: readonly (LabelInput | undefined)[]): number {
    return this.row(this.byName(values));
  }

  findExisting(labels: Partial<Labels>): number {
    return this.#finder.findExisting(this.#complete(labels));
  }

  byName(values: readonly (LabelInput | undefined)[], names = this.labelNames): Labels {
    return this.#finder.byName(values, names);
  }

  texts(labels: Partial<Labels>): string[] {
    return this.#finder.texts(this.#complete(labels));
  }

  matcher(labels: Partial<Labels>): (row: number) => boolean {
    return this.#finder.matcher(this.#complete(labels));
  }

  rowOfTexts(texts: readonly string[]): number {
    return this.#finder.rowOfTexts(texts);
  }

  #complete(labels: Partial<Labels> | null): Partial<Labels> {
    for (const name of Object.keys(labels ?? {})) {
      if (Object.hasOwn(this.#bound, name))
        throw new TypeError(`${this.metricName}: label ${name} is bound by curry().`);
    }
    return { ...labels, ...this.#bound };
  }
}
