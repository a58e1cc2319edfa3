import type { LabelValues } from '../../model/label-values.ts';
import { isSameNames, seriesKey } from '../../model/labels.ts';
import type { HistoryMemory } from '../history/history-memory.ts';

/** A series with a history, and its values in the latest sample. */
export interface TrackedSeries {
  readonly names: readonly string[];
  readonly values: readonly string[];
  /** Number of the sample that it was last seen in. */
  seen: number;
  /** Counters: the value; gauges: the value; histograms and summaries: the count. */
  last: number;
  /** Sum of the observations of a histogram or summary. */
  sum: number;
  /** Increase of `last` per second; NaN if unknown. */
  rate: number;
  /** Mean of the observations since the sample before; NaN if there were none. */
  mean: number;
  /** Enabled states of a state set. */
  enabled: readonly string[] | undefined;
  /** Created when its first point is due. */
  line: Float32Array | undefined;
}

/** How many series may be tracked, over all families. */
export class SeriesBudget {
  readonly #most: number;
  used = 0;

  constructor(most: number) {
    this.#most = most;
  }

  take(): boolean {
    if (this.used >= this.#most) return false;
    this.used++;
    return true;
  }

  release(count: number): void {
    this.used -= count;
  }
}

/** Limits for the series of all families together. */
export interface SeriesLimits {
  readonly budget: SeriesBudget;
  readonly memory: HistoryMemory;
}

/**
 * The tracked series of one family. A family usually shows the same series in the same order in each sample, so a series
 * is first compared with the one that is next; only if it is another one, it is looked up by its labels.
 */
export class FamilySeries {
  /** In the order of the latest sample. */
  list: TrackedSeries[] = [];
  /** Number of series that were not tracked in the latest sample. */
  untracked = 0;
  readonly #limits: SeriesLimits;
  #next: TrackedSeries[] = [];
  #position = 0;
  #added = 0;
  #index: Map<string, number> | undefined;
  #sample = 0;

  constructor(limits: SeriesLimits) {
    this.#limits = limits;
  }

  begin(sample: number): void {
    this.#sample = sample;
    this.#next = [];
    this.#position = 0;
    this.#index = undefined;
    this.#added = 0;
    this.untracked = 0;
  }

  /**
   * Returns the series with these labels; undefined if it is not tracked. The id of the value of label i is
   * `ids[offset + i]`. The values of a new series are NaN.
   */
  find(
    names: readonly string[],
    values: readonly LabelValues[],
    ids: Int32Array,
    offset: number,
  ): TrackedSeries | undefined {
    let series = this.list[this.#position];
    if (series !== undefined && isSame(series, names, values, ids, offset)) this.#position++;
    else series = this.#lookUp(names.map((name, index) => [name, values[index]!.texts[ids[offset + index]!]!]));
    if (series === undefined || series.seen === this.#sample) {
      this.untracked++;
      return undefined;
    }
    series.seen = this.#sample;
    this.#next.push(series);
    return series;
  }

  /** Forgets series that were not found since `begin()`. */
  end(): void {
    const { budget, memory } = this.#limits;
    const before = this.list;
    budget.release(before.length + this.#added - this.#next.length);
    this.list = this.#next;
    this.#next = [];
    this.#index = undefined;
    for (const series of before) if (series.seen !== this.#sample) memory.release([series.line]);
  }

  /** Forgets all series. */
  clear(): void {
    const { budget, memory } = this.#limits;
    budget.release(this.list.length);
    memory.release(this.list.map(({ line }) => line));
    this.list = [];
  }

  #lookUp(pairs: [name: string, value: string][]): TrackedSeries | undefined {
    if (this.list.length > 0) {
      this.#index ??= new Map(this.list.map((series, index) => [keyOf(series), index]));
      const found = this.#index.get(seriesKey([...pairs]));
      if (found !== undefined) {
        this.#position = found + 1;
        return this.list[found];
      }
    }
    if (!this.#limits.budget.take()) return undefined;
    this.#added++;
    return newSeries(pairs);
  }
}

function newSeries(pairs: readonly (readonly [name: string, value: string])[]): TrackedSeries {
  return {
    names: pairs.map(([name]) => name),
    values: pairs.map(([, value]) => value),
    seen: 0,
    last: Number.NaN,
    sum: Number.NaN,
    rate: Number.NaN,
    mean: Number.NaN,
    enabled: undefined,
    line: undefined,
  };
}

function isSame(
  series: TrackedSeries,
  names: readonly string[],
  values: readonly LabelValues[],
  ids: Int32Array,
  offset: number,
): boolean {
  if (!isSameNames(series.names, names)) return false;
  for (let index = 0; index < names.length; index++) {
    if (series.values[index] !== values[index]!.texts[ids[offset + index]!]) return false;
  }
  return true;
}

function keyOf({ names, values }: TrackedSeries): string {
  return seriesKey(names.map((name, index) => [name, values[index]!]));
}
