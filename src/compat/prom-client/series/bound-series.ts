import type { Handle } from '../../../metrics/series/series-table.ts';
import type { LabelInput } from '../../../model/labels.ts';
import { type LabelObject, labelsOfArguments } from './label-arguments.ts';
import type { SeriesRows } from './series-rows.ts';

/** The series with the labels given to `labels()`. The first update creates it, also after it was removed. */
export class BoundSeries implements Handle {
  /** Kept up to date by the table, if this is the handle of the series. */
  row = 0;
  /** The handle of the series: this, or the one that the table already had. Its row is 0 if the series does not exist. */
  handle: Handle = this;
  readonly #rows: SeriesRows;
  readonly #declared: readonly string[];
  readonly #values: readonly unknown[];
  #labels: LabelObject | undefined = undefined;

  /** `values` are the arguments of `labels()`. Throws unless there is one for each name. */
  constructor(rows: SeriesRows, values: readonly unknown[], declared: readonly string[]) {
    this.#rows = rows;
    this.#declared = declared;
    this.#values = values;
    if (typeof values[0] === 'object' || values.length !== declared.length) {
      this.#labels = labelsOfArguments(declared, values);
    }
  }

  /** Created on first use: with a value for each name, the series is found without it. */
  get labels(): LabelObject {
    this.#labels ??= labelsOfArguments(this.#declared, this.#values);
    return this.#labels;
  }

  /** Throws if a label was not declared. */
  check(): void {
    if (this.#labels !== undefined) this.#rows.check(this.#labels, this.#declared);
  }

  /** Returns the row, creating it on first use. Throws if a label was not declared. */
  find(): number {
    if (this.handle.row !== 0) return this.handle.row;
    const isByPosition = this.#labels === undefined && this.#rows.hasLabels;
    // The index contains neither values of other types nor undefined, which stands for a label that was not given.
    const known = isByPosition ? this.#rows.index.findAll(this.#values as readonly LabelInput[]) : 0;
    this.row = known || this.#rows.row(this.labels, this.#declared);
    this.handle = this.#rows.handle(this);
    return this.handle.row;
  }
}
