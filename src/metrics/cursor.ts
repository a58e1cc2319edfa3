import type { Point } from '../model/family.ts';
import { type Labels, LabelValue } from '../model/labels.ts';
import { checkLabelName } from '../model/naming.ts';
import type { NumberColumn } from './column.ts';
import { labelText } from './label-schema.ts';
import type { SeriesTable } from './series-table.ts';

/** The one point through which all rows of a metric are shown: constant labels first, then those of the row. */
export class Cursor implements Point {
  readonly labels: { readonly names: readonly string[]; readonly values: LabelValue[] };
  readonly timestamp = undefined;
  startTimestamp: number | undefined = undefined;
  readonly #table: SeriesTable;
  readonly #constCount: number;
  readonly #startTimes: NumberColumn | undefined;

  constructor(constValues: ReadonlyMap<string, string>, table: SeriesTable, startTimes: NumberColumn | undefined) {
    const values = [...constValues.values()].map((text) => new LabelValue(text));
    this.labels = { names: [...constValues.keys(), ...table.labelNames], values };
    this.#table = table;
    this.#constCount = values.length;
    this.#startTimes = startTimes;
  }

  goTo(row: number): void {
    this.#table.index.read(row, this.labels.values, this.#constCount);
    if (this.#startTimes !== undefined) this.startTimestamp = this.#startTimes.data[row];
  }
}

/** The constant labels of a metric as texts, checked. */
export function constValuesOf(
  constLabels: Labels,
  labelNames: readonly string[],
  metricName: string,
  reservedLabel: string | undefined,
): ReadonlyMap<string, string> {
  const entries = Object.entries(constLabels).map(([name, value]) => {
    checkLabelName(name, metricName);
    if (name === reservedLabel || labelNames.includes(name)) {
      throw new RangeError(`${metricName}: constant label "${name}" is a label already.`);
    }
    return [name, labelText(value, name, metricName)] as const;
  });
  return new Map(entries);
}
