import type { Point } from '../../model/family.ts';
import type { NumberRows } from '../../model/label-set.ts';
import { type LabelValues, onlyValue } from '../../model/label-values.ts';
import { type Labels, labelText } from '../../model/labels.ts';
import { checkLabelName } from '../../model/naming.ts';
import type { NumberColumn } from './column.ts';
import type { SeriesTable } from './series-table.ts';

/** Shows the rows of a metric one after another as one reused point: constant labels first, then those of the row. */
export class RowCursor implements Point {
  readonly labels: {
    readonly names: readonly string[];
    readonly values: readonly LabelValues[];
    readonly ids: Int32Array;
  };
  readonly timestamp = undefined;
  #row = 0;
  readonly #table: SeriesTable;
  readonly #constCount: number;
  readonly #startTimes: NumberColumn | undefined;

  constructor(constValues: ReadonlyMap<string, string>, table: SeriesTable, startTimes: NumberColumn | undefined) {
    const values = [...Array.from(constValues.values(), onlyValue), ...table.index.values];
    this.labels = { names: [...constValues.keys(), ...table.labelNames], values, ids: new Int32Array(values.length) };
    this.#table = table;
    this.#constCount = constValues.size;
    this.#startTimes = startTimes;
  }

  /** A getter, because few formats read it, and copying a number per row would take as long as copying all labels. */
  get startTimestamp(): number | undefined {
    return this.#startTimes?.data[this.#row];
  }

  /**
   * Returns all rows as they are stored, with the numbers of a column; undefined without labels or with constant ones.
   */
  numberRows(column: NumberColumn): NumberRows | undefined {
    const { names, values } = this.labels;
    if (names.length === 0 || this.#constCount > 0) return undefined;
    const { ids } = this.#table.index;
    return { names, values, ids, numbers: column.data, startTimestamps: this.#startTimes?.data };
  }

  /** Moves to a row. */
  goTo(row: number): void {
    this.#row = row;
    this.#table.index.read(row, this.labels.ids, this.#constCount);
  }
}

/** Checks the constant labels of a metric and returns them as texts. */
export function constValuesOf(
  constLabels: Labels,
  labelNames: readonly string[],
  metricName: string,
  reservedLabel: string | undefined,
): ReadonlyMap<string, string> {
  const known = new Set(labelNames);
  const entries = Object.entries(constLabels).map(([name, value]) => {
    checkLabelName(name, metricName);
    if (name === reservedLabel || known.has(name)) {
      throw new RangeError(`${metricName}: constant label "${name}" is already a label of the metric.`);
    }
    return [name, labelText(value, name, metricName)] as const;
  });
  return new Map(entries);
}
