import type { LabelInput } from '../../../model/labels.ts';
import { checkDeclared, type LabelObject, labelsOfArguments } from './label-arguments.ts';
import { NOWHERE, type SeriesRows } from './series-rows.ts';

/** The series that `labels()` names. It is made at the first update, and again at the first one after it was removed. */
export class BoundSeries {
  /** Of the series, if it is there: its row is 0 otherwise. */
  handle = NOWHERE;
  readonly #rows: SeriesRows;
  readonly #declared: readonly string[];
  readonly #values: readonly unknown[];
  #labels: LabelObject | undefined = undefined;

  /** `values` are the arguments of `labels()`. Throws where there are more or fewer than there are names. */
  constructor(rows: SeriesRows, values: readonly unknown[], declared: readonly string[]) {
    this.#rows = rows;
    this.#declared = declared;
    this.#values = values;
    if (typeof values[0] === 'object' || values.length !== declared.length) {
      this.#labels = labelsOfArguments(declared, values);
    }
  }

  /** Made when it is asked for: a value for each name leads to the series without it. */
  get labels(): LabelObject {
    this.#labels ??= labelsOfArguments(this.#declared, this.#values);
    return this.#labels;
  }

  /** Throws where a label was not declared. */
  check(): void {
    if (this.#labels !== undefined) checkDeclared(this.#labels, this.#declared);
  }

  /** The row, made where there is none. Throws where a label was not declared. */
  row(): number {
    if (this.handle.row === 0)
      this.handle = this.#rows.handle(this.#find() || this.#rows.row(this.labels, this.#declared));
    return this.handle.row;
  }

  #find(): number {
    if (this.#labels !== undefined || !this.#rows.hasLabels) return 0;
    // Values of other kinds are in no index, and neither is undefined, which stands for a label that was not given.
    return this.#rows.index.findAll(this.#values as readonly LabelInput[]);
  }
}
