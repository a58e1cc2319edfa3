import type { MetricFamily } from '../../model/family.ts';
import { type FlatSeries, flatSeries, seriesText } from '../document/flat-series.ts';
import { withMemoryChecks } from '../input/memory-limit.ts';

/** So many points a curve has at most. */
const LONGEST_CURVE = 24;

/** How a family stands, and how it has been going. */
export interface Trend {
  /** The sum of its series: of counters what was counted, of distributions how much was observed. */
  readonly value: number;
  /** Increase per second since the scrape before; undefined for what may go down, and at the first scrape. */
  readonly rate: number | undefined;
  /** The rates so far, or the values of what has none. */
  readonly curve: readonly number[];
}

interface History {
  readonly values: ReadonlyMap<string, number>;
  readonly curve: readonly number[];
}

/** Remembers families from scrape to scrape. What is gone from a scrape is forgotten. */
export class Trends {
  #histories = new Map<string, History>();
  #lastTime: number | undefined;

  /** The trends of a scrape's families by their names; `time` in milliseconds. */
  update(families: readonly MetricFamily[], time: number): Map<string, Trend> {
    const seconds = this.#lastTime === undefined ? undefined : (time - this.#lastTime) / 1000;
    const histories = new Map<string, History>();
    const trends = new Map<string, Trend>();
    for (const family of families) {
      const before = this.#histories.get(family.name);
      const values = valuesOf(family);
      const value = sum(values.values());
      const rate = isCumulative(family) && before && seconds ? increase(before.values, values) / seconds : undefined;
      const next = isCumulative(family) ? rate : value;
      const curve = [...(before?.curve ?? []), ...(next === undefined ? [] : [next])].slice(-LONGEST_CURVE);
      histories.set(family.name, { values, curve });
      trends.set(family.name, { value, rate, curve });
    }
    this.#histories = histories;
    this.#lastTime = time;
    return trends;
  }
}

function isCumulative({ type }: MetricFamily): boolean {
  return type === 'counter' || type === 'histogram' || type === 'summary';
}

function valuesOf(family: MetricFamily): Map<string, number> {
  const values = new Map<string, number>();
  for (const series of withMemoryChecks(flatSeries(family))) {
    if (counts(family, series)) values.set(seriesText(series), series.value);
  }
  return values;
}

/** Of distributions the number of observations only. */
function counts({ name, type }: MetricFamily, series: FlatSeries): boolean {
  const isDistribution = type === 'histogram' || type === 'gaugehistogram' || type === 'summary';
  return !isDistribution || series.name === `${name}_count`;
}

/** Series that fell began anew, and so did those that there were not before. */
function increase(before: ReadonlyMap<string, number>, after: ReadonlyMap<string, number>): number {
  return sum([...after].map(([series, value]) => value - fallen(before.get(series) ?? 0, value)));
}

function fallen(before: number, after: number): number {
  return after < before ? 0 : before;
}

function sum(values: Iterable<number>): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}
