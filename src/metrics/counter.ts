import type { Encoder } from '../model/encoder.ts';
import type { Point } from '../model/family.ts';
import type { Labels } from '../model/labels.ts';
import { type ExemplarSource, Exemplars } from './exemplars/exemplars.ts';
import { Metric } from './metric.ts';
import type { MetricOptions } from './metric-options.ts';
import { callThen } from './on-settled.ts';
import { NumberColumn } from './series/column.ts';
import type { LabelName, LabelSchema, SomeLabels, WithLabels, Without } from './series/label-schema.ts';
import type { Handle, SeriesTable } from './series/series-table.ts';

export interface CounterOptions<S extends LabelSchema = readonly []> extends MetricOptions<S, Counter<S>> {
  /** Asked now and then for an exemplar, for updates that come without one. */
  readonly exemplarSource?: ExemplarSource;
}

/** Which errors count; all of them by default. */
export type ErrorFilter = (error: unknown) => boolean;

/** A number that only goes up: requests, errors, bytes. Its name ends in `_total`. */
export class Counter<const S extends LabelSchema = readonly []> extends Metric<S, CounterChild> {
  protected readonly series: CounterSeries;

  constructor(options: CounterOptions<S>) {
    super({ type: 'counter', hasStart: true }, options);
    this.series = new CounterSeries(
      this.name,
      this.table,
      new Exemplars(this.table, { source: options.exemplarSource }),
    );
    this.start(options);
  }

  /**
   * Adds 1, or a number that is finite and not negative: otherwise a RangeError, and the value stays. The exemplar's
   * labels, such as `{ trace_id }`, lead to what was counted; the exemplar is dropped where they are too long.
   */
  inc(...values: WithLabels<S, [value?: number, exemplarLabels?: Labels]>): void;
  inc(first?: Labels | number, second?: number | Labels, third?: Labels): void {
    // The signature above says what stands where.
    if (typeof first === 'object') this.series.add(this.finder.row(first), second as number | undefined, third);
    else this.series.add(this.onlyRow || this.row(), first, second as Labels | undefined);
  }

  /**
   * Follows a counter that lives elsewhere: adds what it gained since the last call. Where it went down it has begun
   * again from zero, so all of it is new.
   */
  incTo(...values: WithLabels<S, [total: number]>): void;
  incTo(first: Labels | number, second?: number): void {
    // The signature above asks for a number; follow() says so where there is none.
    if (typeof first === 'object') this.series.follow(this.row(first), second as number);
    else this.series.follow(this.row(), first);
  }

  /** Calls `fn` and counts if it throws or, where asynchronous, rejects; the error goes on to the caller. */
  countErrors<T>(...call: WithLabels<S, [fn: () => T, filter?: ErrorFilter]>): T;
  countErrors<T>(first: Labels | (() => T), second?: (() => T) | ErrorFilter, third?: ErrorFilter): T {
    if (typeof first === 'function') return this.target().countErrors(first, second as ErrorFilter | undefined);
    return this.target(first).countErrors(second as () => T, third);
  }

  /** This counter with some of the labels given: calls on what it returns give the others. */
  curry<Names extends LabelName<S>>(labels: SomeLabels<S, Names>): Counter<Without<S, Names>> {
    // It is this counter; its labels are those that are left.
    return this.curried(labels) as unknown as Counter<Without<S, Names>>;
  }

  protected override get droppedExemplars(): number {
    return this.series.exemplars.dropped;
  }

  protected override get numbers(): NumberColumn | undefined {
    return this.series.exemplars.isEmpty ? this.series : undefined;
  }

  protected override makeChild(row: number): CounterChild {
    return new CounterChild(this.series, row);
  }

  protected override encodeRow(encoder: Encoder, point: Point, row: number): void {
    encoder.counter(point, this.series.data[row] ?? 0, this.series.exemplars.read(row, 0));
  }
}

/** One series of a counter. Its methods are those of `Counter`, without labels. */
export class CounterChild implements Handle {
  row: number;
  readonly #series: CounterSeries;

  constructor(series: CounterSeries, row: number) {
    this.row = row;
    this.#series = series;
  }

  inc(value?: number, exemplarLabels?: Labels): void {
    this.#series.add(this.row, value, exemplarLabels);
  }

  incTo(total: number): void {
    this.#series.follow(this.row, total);
  }

  countErrors<T>(fn: () => T, filter: ErrorFilter = () => true): T {
    return callThen(fn, (error) => {
      if (error !== undefined && counts(filter, error.thrown)) this.inc();
    });
  }
}

/** A filter that throws itself must not take the place of the error that it looks at. */
function counts(filter: ErrorFilter, thrown: unknown): boolean {
  try {
    return filter(thrown);
  } catch {
    return false;
  }
}

/** The column of a counter's values, and what the counter does to a row: one object, as each step to the value counts. */
class CounterSeries extends NumberColumn {
  readonly exemplars: Exemplars;
  readonly #name: string;
  readonly #table: SeriesTable;
  /** Nothing is to be done but to add. */
  readonly #isPlain: boolean;
  /** The totals that were followed, from the first one on. */
  #followed: NumberColumn | undefined = undefined;

  constructor(name: string, table: SeriesTable, exemplars: Exemplars) {
    super(1);
    table.addColumn(this);
    this.exemplars = exemplars;
    this.#name = name;
    this.#table = table;
    this.#isPlain = !table.tracksUse && !exemplars.isSampling;
  }

  // Whatever is out of the ordinary is one condition: this is the call that there is most of.
  add(row: number, value = 1, exemplarLabels?: Labels): void {
    const isRight = value >= 0 && value < Number.POSITIVE_INFINITY && typeof value === 'number';
    if (isRight && this.#isPlain && exemplarLabels === undefined) this.data[row]! += value;
    else this.#addChecked(row, value, exemplarLabels);
  }

  #addChecked(row: number, value: number, exemplarLabels: Labels | undefined): void {
    if (typeof value !== 'number') throw new TypeError(`Counter ${this.#name} takes a number, not ${typeof value}.`);
    if (!(value >= 0 && value < Number.POSITIVE_INFINITY)) {
      throw new RangeError(`Counter ${this.#name} cannot go down or beyond all numbers: inc(${value}).`);
    }
    this.data[row]! += value;
    this.#table.touch(row);
    if (exemplarLabels !== undefined || this.exemplars.isSampling) {
      this.exemplars.record(row, 0, value, exemplarLabels);
    }
  }

  follow(row: number, total: number): void {
    if (typeof total !== 'number') {
      throw new TypeError(`Counter ${this.#name}: incTo() takes a number, not ${typeof total}.`);
    }
    if (!(total >= 0 && total < Number.POSITIVE_INFINITY)) {
      throw new RangeError(`Counter ${this.#name} cannot go down or beyond all numbers: incTo(${total}).`);
    }
    this.#followed ??= this.#table.addColumn(new NumberColumn(1));
    const last = this.#followed.data[row] ?? 0;
    this.add(row, total < last ? total : total - last);
    this.#followed.data[row] = total;
  }
}
