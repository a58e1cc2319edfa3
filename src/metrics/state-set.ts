import type { Encoder } from '../model/encoder.ts';
import type { Point } from '../model/family.ts';
import type { Labels } from '../model/labels.ts';
import { Metric } from './metric.ts';
import type { MetricOptions } from './metric-options.ts';
import { NumberColumn } from './series/column.ts';
import type { LabelName, LabelSchema, SomeLabels, WithLabels, Without } from './series/label-schema.ts';
import type { Handle, SeriesTable } from './series/series-table.ts';

export interface StateSetOptions<State extends string, S extends LabelSchema = readonly []>
  extends Omit<MetricOptions<S, StateSet<State, S>>, 'unit'> {
  /** The states that there are, each once. */
  readonly states: readonly State[];
}

/** Which of a closed list of states hold, each as a series of 0 or 1 with the metric's name as its label. */
export class StateSet<const State extends string, const S extends LabelSchema = readonly []> extends Metric<
  S,
  StateSetChild<State>
> {
  protected readonly series: StateSetSeries<State>;

  constructor(options: StateSetOptions<State, S>) {
    super({ type: 'stateset', reservedLabel: options.name }, options);
    this.series = new StateSetSeries(this.name, this.table, options.states);
    this.start(options);
  }

  /** Says whether a state holds; the others stay. */
  set(...values: WithLabels<S, [state: State, holds?: boolean]>): void;
  set(first: Labels | State, second?: State | boolean, third?: boolean): void {
    // The signature above says what stands where.
    if (typeof first === 'object') this.series.set(this.finder.row(first), second as State, third);
    else this.series.set(this.onlyRow || this.row(), first, second as boolean | undefined);
  }

  /** This state holds, and no other. */
  switchTo(...values: WithLabels<S, [state: State]>): void;
  switchTo(first: Labels | State, second?: State): void {
    // As in set().
    if (typeof first === 'object') this.series.switchTo(this.row(first), second as State);
    else this.series.switchTo(this.row(), first);
  }

  /** This state set with some of the labels given: calls on what it returns give the others. */
  curry<Names extends LabelName<S>>(labels: SomeLabels<S, Names>): StateSet<State, Without<S, Names>> {
    // It is this state set; its labels are those that are left.
    return this.curried(labels) as unknown as StateSet<State, Without<S, Names>>;
  }

  protected override get shape(): unknown {
    return this.series.states;
  }

  protected override makeChild(row: number): StateSetChild<State> {
    return new StateSetChild(this.series, row);
  }

  protected override encodeRow(encoder: Encoder, point: Point, row: number): void {
    encoder.stateSet(point, this.series.read(row));
  }
}

/** One series of a state set. Its methods are those of `StateSet`, without labels. */
export class StateSetChild<State extends string> implements Handle {
  row: number;
  readonly #series: StateSetSeries<State>;

  constructor(series: StateSetSeries<State>, row: number) {
    this.row = row;
    this.#series = series;
  }

  set(state: State, holds?: boolean): void {
    this.#series.set(this.row, state, holds);
  }

  switchTo(state: State): void {
    this.#series.switchTo(this.row, state);
  }
}

/** What a state set does to a row. */
class StateSetSeries<State extends string> {
  readonly #name: string;
  readonly #table: SeriesTable;
  readonly states: readonly State[];
  /** The place of each state. */
  readonly #indexes: ReadonlyMap<string, number>;
  readonly #values: NumberColumn;

  constructor(name: string, table: SeriesTable, states: readonly State[]) {
    this.states = statesOf(states, name);
    this.#indexes = new Map(this.states.map((state, index) => [state, index]));
    this.#name = name;
    this.#table = table;
    this.#values = table.addColumn(new NumberColumn(states.length));
  }

  set(row: number, state: State, holds = true): void {
    if (typeof holds !== 'boolean') throw new TypeError(`${this.#name}: whether ${state} holds is true or false.`);
    this.#values.data[row * this.states.length + this.#indexOf(state)] = holds ? 1 : 0;
    this.#table.touch(row);
  }

  switchTo(row: number, state: State): void {
    const index = this.#indexOf(state);
    const base = row * this.states.length;
    this.#values.data.fill(0, base, base + this.states.length);
    this.#values.data[base + index] = 1;
    this.#table.touch(row);
  }

  read(row: number) {
    const width = this.states.length;
    return { states: this.states, enabled: this.#values.data.subarray(row * width, (row + 1) * width) };
  }

  #indexOf(state: State): number {
    const index = this.#indexes.get(state);
    if (index !== undefined) return index;
    throw new RangeError(`${this.#name} has no state ${JSON.stringify(state)}; it has ${this.states.join(', ')}.`);
  }
}

function statesOf<State extends string>(states: readonly State[], metricName: string): readonly State[] {
  if (!Array.isArray(states) || states.length === 0) throw new TypeError(`${metricName} needs a list of its states.`);
  const seen = new Set<string>();
  for (const state of states) {
    if (typeof state !== 'string') throw new TypeError(`${metricName}: a state is a string, not ${typeof state}.`);
    if (seen.has(state)) throw new RangeError(`${metricName}: state ${state} is given twice.`);
    seen.add(state);
  }
  return [...states];
}
