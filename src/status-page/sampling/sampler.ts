import { EventLoopBudget } from '../../model/event-loop-budget.ts';
import { asError, callUserCode } from '../../model/thrown.ts';
import { type Gatherer, Gathering } from '../../registry/gathering.ts';
import type { Clock, ClockTimer } from '../../scheduler/clock.ts';
import { TimeRing } from '../history/time-ring.ts';
import type { GcPause, ProcessState } from '../protocol.ts';
import { CollectorStates } from './collector-states.ts';
import { FamilyTable } from './family-table.ts';
import type { ProcessProbe } from './process-probe.ts';
import type { SampleGrid } from './sample-grid.ts';

/** Length of the history. */
export const HISTORY_MS = 15 * 60_000;
/** Points of a line at most: shorter intervals have a shorter history. */
const MAX_POINTS = 900;
/** Time between two points of the history of a series. */
const SERIES_STEP_MS = 10_000;
/** A sample must take at most this part of the time, so that the page never costs more. */
const MAX_LOAD = 0.05;
/** Series encoded between two looks at the clock. */
const ROWS_PER_STEP = 256;
/** Pauses that are remembered. */
const MAX_PAUSES = 2000;
const TIMEOUT_MS = 5000;
/** A slow collector is asked again after this time, because all others wait for it. */
const REST_MS = 15_000;
/** Duration from which a collector is slow. */
const SLOW_SECONDS = 1;
/** After this many intervals without a sample, differences to the one before mean nothing. */
const MAX_MISSED = 10;

export interface SamplerOptions {
  readonly registry: Gatherer;
  readonly clock: Clock;
  /** When samples are due. */
  readonly grid: SampleGrid;
  /** Measures this process; undefined if the metrics are those of another one. */
  readonly probe: ProcessProbe | undefined;
}

/** Gathers the registry while a page is watching, and keeps the history of its values. */
export class Sampler {
  readonly table = new FamilyTable();
  readonly collectors = new CollectorStates();
  readonly times: TimeRing;
  readonly seriesTimes = new TimeRing(HISTORY_MS / SERIES_STEP_MS);
  /** Milliseconds since the epoch; 0 before the first sample. */
  time = 0;
  process: ProcessState | undefined;
  readonly processLines = new Map<string, Float32Array>();
  gcPauses: GcPause[] = [];
  gatherMs = 0;
  workMs = 0;
  /** Why the registry could not be gathered. */
  problem: Error | undefined;
  readonly #options: SamplerOptions;
  readonly #listeners = new Set<() => void>();
  readonly #budget = new EventLoopBudget();
  #begunAt = 0;
  #sampledAt = Number.NEGATIVE_INFINITY;
  #seriesAt = Number.NEGATIVE_INFINITY;
  #timer: ClockTimer | undefined;
  #running: Promise<void> | undefined;
  /** When slow collectors may be asked again, by the clock. */
  readonly #restingUntil = new Map<string, number>();

  constructor(options: SamplerOptions) {
    this.#options = options;
    this.times = new TimeRing(Math.min(MAX_POINTS, Math.ceil(HISTORY_MS / options.grid.intervalMs)));
  }

  get intervalMs(): number {
    return this.#options.grid.intervalMs;
  }

  get isWatched(): boolean {
    return this.#listeners.size > 0;
  }

  /** Samples until the returned function is called, and calls back after each sample. */
  watch(listener: () => void): () => void {
    const own = () => listener(); // The same listener may watch twice.
    this.#listeners.add(own);
    const { probe, clock } = this.#options;
    if (this.#listeners.size === 1) {
      probe?.start();
      void this.#sample();
    }
    return () => {
      if (!this.#listeners.delete(own) || this.isWatched) return;
      probe?.stop();
      if (this.#timer !== undefined) clock.clearTimeout(this.#timer);
      this.#timer = undefined;
    };
  }

  /** Samples unless the latest sample is younger than an interval. Never rejects. */
  async refresh(): Promise<void> {
    if (this.#running === undefined && this.#options.clock.now() - this.#sampledAt < this.intervalMs) return;
    await this.#sample();
  }

  /** Joins a sample that is in progress. */
  #sample(): Promise<void> {
    this.#running ??= this.#gather().finally(() => {
      this.#running = undefined;
      this.#schedule();
    });
    return this.#running;
  }

  #schedule(): void {
    const { clock, grid } = this.#options;
    if (!this.isWatched) return;
    if (this.#timer !== undefined) clock.clearTimeout(this.#timer);
    // A gathering that takes longer than an interval is not repeated at once.
    const dueAt = grid.next(Math.max(this.#begunAt, this.#sampledAt - grid.intervalMs / 2));
    const delayMs = Math.max(dueAt - clock.now(), this.workMs / MAX_LOAD, 1);
    this.#timer = clock.setTimeout(() => {
      this.#timer = undefined;
      void this.#sample();
    }, delayMs);
    this.#timer.unref?.();
  }

  async #gather(): Promise<void> {
    const { registry, clock } = this.#options;
    this.#begunAt = clock.now();
    let gathering = new Gathering([], []);
    try {
      gathering = await registry.gather({ timeoutMs: TIMEOUT_MS, exclude: this.#resting, countsErrors: false });
      this.problem = undefined;
    } catch (thrown) {
      this.problem = asError(thrown);
    }
    this.gatherMs = clock.now() - this.#begunAt;
    await this.#read(gathering);
    for (const listener of [...this.#listeners]) callUserCode(listener);
  }

  async #read(gathering: Gathering): Promise<void> {
    const { clock, registry, probe } = this.#options;
    const now = clock.now();
    const passed = now - this.#sampledAt;
    this.time = clock.wall();
    this.#sampledAt = now;
    this.process = probe?.read();
    this.table.begin(passed <= MAX_MISSED * this.intervalMs ? passed / 1000 : undefined);
    let busyMs = 0;
    let turn = now;
    for (const _step of gathering.steps(this.table, ROWS_PER_STEP)) {
      if (!this.#budget.isOver) continue;
      busyMs += clock.now() - turn;
      await this.#budget.wait();
      turn = clock.now();
    }
    this.table.end(now / 1000);
    const context = { table: this.table, now: this.time, resting: this.#resting };
    this.collectors.update(registry.collectorNames ?? [], gathering.failures, context);
    this.#restSlow(now);
    this.#record(now);
    this.workMs = busyMs + clock.now() - turn;
  }

  get #resting(): ReadonlySet<string> {
    return new Set(this.#restingUntil.keys());
  }

  /** Lets slow collectors rest, so that the values of all others arrive every second. */
  #restSlow(now: number): void {
    const resting = this.#resting;
    for (const { name, state, seconds = 0 } of this.collectors.list) {
      const isSlow = state === 'late' || seconds >= SLOW_SECONDS;
      if (isSlow && !resting.has(name)) this.#restingUntil.set(name, now + REST_MS);
    }
    for (const [name, until] of this.#restingUntil) if (now >= until) this.#restingUntil.delete(name);
  }

  /** Adds the sample to the history. */
  #record(now: number): void {
    const { table, times, seriesTimes } = this;
    times.push(this.time);
    for (const record of table.records) record.writeLines(times, table.memory, table.isMissing(record));
    this.#recordProcess();
    if (now - this.#seriesAt < SERIES_STEP_MS) return;
    this.#seriesAt = now;
    seriesTimes.push(this.time);
    for (const record of table.records) record.writeSeries(seriesTimes, table.memory, table.isMissing(record));
  }

  #recordProcess(): void {
    if (this.process === undefined) return;
    const { gcPauses = [], ...numbers } = this.process;
    const { table, times, processLines } = this;
    const values: Readonly<Record<string, number | undefined>> = numbers;
    for (const name of Object.keys(values)) {
      const line = processLines.get(name) ?? table.memory.newLines(times, 1)?.[0];
      if (line !== undefined) processLines.set(name, line);
    }
    for (const [name, line] of processLines) line[times.slot] = values[name] ?? Number.NaN;
    this.gcPauses = [...this.gcPauses, ...gcPauses].slice(-MAX_PAUSES);
  }
}
