import type { Encoder } from '../model/encoder.ts';
import type { Point } from '../model/family.ts';
import { NumberColumn } from './series/column.ts';
import type { SeriesTable } from './series/series-table.ts';

// Extends the column rather than holding it: each indirection on the way to a value is measurable.
/** The values of a gauge's series, and the operations on them. */
export class GaugeSeries extends NumberColumn {
  protected readonly name: string;
  readonly #table: SeriesTable;

  constructor(name: string, table: SeriesTable) {
    super(1);
    table.addColumn(this);
    this.name = name;
    this.#table = table;
  }

  set(row: number, value: number | undefined): void {
    this.data[row] = this.check(value);
    this.#table.touch(row);
  }

  add(row: number, sign: 1 | -1, value = 1): void {
    this.data[row]! += sign * this.check(value);
    this.#table.touch(row);
  }

  encode(encoder: Encoder, point: Point, row: number): void {
    encoder.gauge(point, this.data[row] ?? 0);
  }

  check(value: unknown): number {
    if (typeof value !== 'number') throw new TypeError(`Gauge ${this.name} takes a number, got ${typeof value}.`);
    return value;
  }
}

/** The series of a gauge of which only the most recently set value of all workers is shown. */
export class RecentGaugeSeries extends GaugeSeries {
  /** Unix seconds; 0 if the value was never set. */
  readonly #setTimes: NumberColumn;

  constructor(name: string, table: SeriesTable) {
    super(name, table);
    this.#setTimes = table.addColumn(new NumberColumn(1));
  }

  override set(row: number, value: number | undefined): void {
    super.set(row, value);
    this.#setTimes.data[row] = Date.now() / 1000;
  }

  override encode(encoder: Encoder, { labels, timestamp, startTimestamp }: Point, row: number): void {
    const point = { labels, timestamp, startTimestamp, setTimestamp: this.#setTimes.data[row] };
    encoder.gauge(point, this.data[row] ?? 0);
  }

  override add(): void {
    throw new TypeError(
      `Gauge ${this.name} can only be set, because it shows the most recent value of all workers; use acrossWorkers: 'sum' to increase it.`,
    );
  }
}
