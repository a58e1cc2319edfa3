import type { Encoder } from '../model/encoder.ts';
import type { Point } from '../model/family.ts';
import type { Labels } from '../model/labels.ts';
import type { OptionNames } from '../model/option-names.ts';
import { Metric } from './metric.ts';
import type { MetricShape } from './metric-definition.ts';
import { METRIC_OPTIONS, type MetricOptions } from './metric-options.ts';
import { NumberColumn } from './series/column.ts';
import type { LabelName, LabelSchema, SomeLabels, WithLabels, Without } from './series/label-schema.ts';
import type { Handle, SeriesTable } from './series/series-table.ts';

/** Options of a {@link StateSet}. */
export interface StateSetOptions<State extends string, S extends LabelSchema = readonly []>
  extends Omit<MetricOptions<S, StateSet<State, S>>, 'unit'> {
  /** All possible states, each once. */
  readonly states: readonly State[];
  /**
   * How `collectWorkers()` shows the state set if several workers have it: each with a label `worker`, or the one that was set
   * last.
   *
   * @defaultValue `'perWorker'`
   */
  readonly acrossWorkers?: 'perWorker' | 'mostRecent';
}

const STATE_SET_OPTIONS: OptionNames<StateSetOptions<string>> = {
  ...METRIC_OPTIONS,
  states: true,
  acrossWorkers: true,
};

/**
 * Which states of a closed list are active. Each state is a series with the value 0 or 1 and a label that has the
 * metric's name.
 *
 * @example
 * ```ts
 * import { StateSet } from 'zeroprom';
 *
 * const phase = new StateSet({ name: 'job_phase', help: 'Phase of the job.', states: ['waiting', 'running', 'done'] });
 * phase.switchTo('running');
 * ```
 */
export class StateSet<const State extends string, const S extends LabelSchema = readonly []> extends Metric<
  S,
  StateSetChild<State>
> {
  /** @internal */
  protected readonly series: StateSetSeries<State>;

  /**
   * Creates the state set and registers it, unless `registry` is `null`.
   *
   * @throws {TypeError | RangeError} if an option is invalid.
   * @throws {Error} if the registry has a metric with a conflicting name.
   */
  constructor(options: StateSetOptions<State, S>) {
    const { name: reservedLabel, acrossWorkers } = options ?? {};
    super({ type: 'stateset', optionNames: STATE_SET_OPTIONS, reservedLabel, acrossWorkers }, options);
    const Series = acrossWorkers === 'mostRecent' ? RecentStateSetSeries : StateSetSeries;
    this.series = new Series(this.name, this.table, options.states);
    this.start(options);
  }

  /**
   * Activates or deactivates one state and keeps the others: `set(state, active)`, or with labels `set(labels, state,
   * active)`. `active` is true by default.
   *
   * @throws {RangeError} for an unknown state.
   * @throws {TypeError} if `active` is not a boolean, or the labels are not those of the state set.
   */
  set(...values: WithLabels<S, [state: State, active?: boolean]>): void;
  set(first: Labels | State, second?: State | boolean, third?: boolean): void {
    // The types follow from the signature above.
    if (typeof first === 'object') this.series.set(this.finder.row(first), second as State, third);
    else this.series.set(this.onlyRow || this.row(), first, second as boolean | undefined);
  }

  /**
   * Activates one state and deactivates all others: `switchTo(state)`, or with labels `switchTo(labels, state)`.
   *
   * @throws {RangeError} for an unknown state.
   * @throws {TypeError} if the labels are not those of the state set.
   */
  switchTo(...values: WithLabels<S, [state: State]>): void;
  switchTo(first: Labels | State, second?: State): void {
    // As in set().
    if (typeof first === 'object') this.series.switchTo(this.row(first), second as State);
    else this.series.switchTo(this.row(), first);
  }

  /**
   * Returns this state set with some of its labels bound. Calls on the result give only the others.
   *
   * @throws {TypeError | RangeError} if the state set does not have such labels or values, or they are bound already.
   */
  curry<Names extends LabelName<S>>(labels: SomeLabels<S, Names>): StateSet<State, Without<S, Names>> {
    // The result is this state set, seen with the remaining labels.
    return this.curried(labels) as unknown as StateSet<State, Without<S, Names>>;
  }

  /** @internal */
  protected override get shape(): MetricShape {
    return { states: this.series.states };
  }

  /** @internal */
  protected override makeChild(row: number): StateSetChild<State> {
    return new StateSetChild(this.series, row);
  }

  /** @internal */
  protected override encodeRow(encoder: Encoder, point: Point, row: number): void {
    this.series.encode(encoder, point, row);
  }
}

/**
 * The states of one label set of a {@link StateSet}, as `labels()` returns it.
 *
 * @example
 * ```ts
 * import { StateSet } from 'zeroprom';
 *
 * const phase = new StateSet({
 *   name: 'job_phase',
 *   help: 'Phase of each job.',
 *   labelNames: ['job'],
 *   states: ['waiting', 'done'],
 * });
 * const backup = phase.labels('backup');
 * backup.switchTo('done');
 * ```
 */
export class StateSetChild<State extends string> implements Handle {
  /** @internal */
  row: number;
  readonly #series: StateSetSeries<State>;

  /** @internal */
  constructor(series: StateSetSeries<State>, row: number) {
    this.row = row;
    this.#series = series;
  }

  /**
   * Activates or deactivates one state, by default activates it, and keeps the others.
   *
   * @throws {RangeError} for an unknown state.
   * @throws {TypeError} if `active` is not a boolean.
   */
  set(state: State, active?: boolean): void {
    this.#series.set(this.row, state, active);
  }

  /**
   * Activates one state and deactivates all others.
   *
   * @throws {RangeError} for an unknown state.
   */
  switchTo(state: State): void {
    this.#series.switchTo(this.row, state);
  }
}

/** The series of a state set and the operations on them. */
class StateSetSeries<State extends string> {
  readonly #name: string;
  readonly #table: SeriesTable;
  readonly states: readonly State[];
  /** Index of each state. */
  readonly #indexes: ReadonlyMap<string, number>;
  readonly #values: NumberColumn;

  constructor(name: string, table: SeriesTable, states: readonly State[]) {
    this.states = statesOf(states, name);
    this.#indexes = new Map(this.states.map((state, index) => [state, index]));
    this.#name = name;
    this.#table = table;
    this.#values = table.addColumn(new NumberColumn(states.length));
  }

  set(row: number, state: State, active = true): void {
    if (typeof active !== 'boolean') {
      throw new TypeError(`${this.#name}: set() takes a boolean for state ${state}, got ${typeof active}.`);
    }
    this.#values.data[row * this.states.length + this.#indexOf(state)] = active ? 1 : 0;
    this.#table.touch(row);
  }

  switchTo(row: number, state: State): void {
    const index = this.#indexOf(state);
    const base = row * this.states.length;
    this.#values.data.fill(0, base, base + this.states.length);
    this.#values.data[base + index] = 1;
    this.#table.touch(row);
  }

  encode(encoder: Encoder, point: Point, row: number): void {
    const width = this.states.length;
    encoder.stateSet(point, {
      states: this.states,
      enabled: this.#values.data.subarray(row * width, (row + 1) * width),
    });
  }

  #indexOf(state: State): number {
    const index = this.#indexes.get(state);
    if (index !== undefined) return index;
    throw new RangeError(
      `${this.#name}: unknown state ${JSON.stringify(state)}; use one of ${this.states.join(', ')}.`,
    );
  }
}

/** The series of a state set of which only the most recently set states of all workers are shown. */
class RecentStateSetSeries<State extends string> extends StateSetSeries<State> {
  /** Unix seconds; 0 if no state was ever set. */
  readonly #setTimes: NumberColumn;

  constructor(name: string, table: SeriesTable, states: readonly State[]) {
    super(name, table, states);
    this.#setTimes = table.addColumn(new NumberColumn(1));
  }

  override set(row: number, state: State, active?: boolean): void {
    super.set(row, state, active);
    this.#setTimes.data[row] = Date.now() / 1000;
  }

  override switchTo(row: number, state: State): void {
    super.switchTo(row, state);
    this.#setTimes.data[row] = Date.now() / 1000;
  }

  override encode(encoder: Encoder, { labels, timestamp, startTimestamp }: Point, row: number): void {
    super.encode(encoder, { labels, timestamp, startTimestamp, setTimestamp: this.#setTimes.data[row] }, row);
  }
}

function statesOf<State extends string>(states: readonly State[], metricName: string): readonly State[] {
  if (!Array.isArray(states) || states.length === 0) {
    throw new TypeError(`${metricName}: states must be a non-empty array of strings.`);
  }
  const seen = new Set<string>();
  for (const state of states) {
    if (typeof state !== 'string') throw new TypeError(`${metricName}: a state must be a string, got ${typeof state}.`);
    if (seen.has(state)) throw new RangeError(`${metricName}: duplicate state ${state}.`);
    seen.add(state);
  }
  return [...states];
}
