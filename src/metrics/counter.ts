import type { Encoder } from '../model/encoder.ts';
import type { Point } from '../model/family.ts';
import type { Labels } from '../model/labels.ts';
import { NumberColumn } from './column.ts';
import type { LabelSchema, WithLabels } from './label-schema.ts';
import { Metric, type MetricOptions } from './metric.ts';
import type { Handle } from './series-table.ts';

export type CounterOptions<S extends LabelSchema = readonly []> = MetricOptions<S>;

/** A number that only goes up: requests, errors, bytes. Its name ends in `_total`. */
export class Counter<const S extends LabelSchema = readonly []> extends Metric<S, CounterChild> {
  readonly #values: NumberColumn;

  constructor(options: CounterOptions<S>) {
    super('counter', options);
    this.#values = this.table.addColumn(new NumberColumn(1));
    this.start(options.registry);
  }

  /** Adds 1, or a number that is finite and not negative: otherwise a RangeError, and the value stays. */
  inc(...values: WithLabels<S, [value?: number]>): void;
  inc(first?: Labels | number, second?: number): void {
    if (typeof first === 'object') add(this.name, this.#values, this.row(first), second);
    else add(this.name, this.#values, this.onlyRow(), first);
  }

  protected override child(row: number): CounterChild {
    return new CounterChild(this.name, this.#values, row);
  }

  protected override encodeRow(encoder: Encoder, point: Point, row: number): void {
    encoder.counter(point, this.#values.data[row] ?? 0);
  }
}

/** One series of a counter. */
export class CounterChild implements Handle {
  row: number;
  readonly #name: string;
  readonly #values: NumberColumn;

  constructor(name: string, values: NumberColumn, row: number) {
    this.row = row;
    this.#name = name;
    this.#values = values;
  }

  /** As `Counter.inc()`. */
  inc(value?: number): void {
    add(this.#name, this.#values, this.row, value);
  }
}

function add(name: string, values: NumberColumn, row: number, value = 1): void {
  if (typeof value !== 'number') throw new TypeError(`Counter ${name}: inc() takes a number, not ${typeof value}.`);
  if (!(value >= 0 && value < Number.POSITIVE_INFINITY)) {
    throw new RangeError(`Counter ${name} cannot go down or beyond all numbers: inc(${value}).`);
  }
  values.data[row]! += value;
}
