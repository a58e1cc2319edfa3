import type { Point } from '../../model/family.ts';
import type { NumberRows } from '../../model/label-set.ts';
import { type LabelValues, onlyValue } from '../../model/label-values.ts';
import type { Labels } from '../../model/labels.ts';
import { checkLabelName } from '../../model/naming.ts';
import type { NumberColumn } from './column.ts';
import { labelText } from './label-schema.ts';
import type { SeriesTable } from './series-table.ts';

/** The one point through which all rows of a metric are shown: constant labels first, then those of the row. */
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

  /** Read where it is wanted, which few formats do: to keep a number for each row takes as long as all labels. */
  get startTimestamp(): number | undefined {
    return this.#startTimes?.data[this.#row];
  }

  /** All rows as they are kept, with the numbers of a column; undefined where they have no labels, or constant ones. */
  numberRows(column: NumberColumn): NumberRows | undefined {
    const { names, values } = this.labels;
    if (names.length === 0 || this.#constCount > 0) return undefined;
    const { ids } = this.#table.index;
    return { names, values, ids, numbers: column.data, startTimestamps: this.#startTimes?.data };
  }

  goTo(row: number): void {
    this.#row = row;
    this.#table.index.read(row, this.labels.ids, this.#constCount);
  }
}

/** The constant labels of a metric as texts, checked. */
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
      throw new RangeError(`${metricName}: constant label "${name}" is a label already.`);
    }
    return [name, labelText(value, name, metricName)] as const;
  });
  return new Map(entries);
}
