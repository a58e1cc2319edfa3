import type { MetricFamily } from '../../model/family.ts';
import { isCumulative, isHistogram } from '../../model/sample-names.ts';
import { flatSeries, seriesText } from '../document/flat-series.ts';
import { withMemoryChecks } from '../input/memory-limit.ts';

/** Maximum number of points of a curve. */
const MAX_CURVE_LENGTH = 24;

/** Current value of a family and how it has changed. */
export interface Trend {
  /** Sum of all series; for histograms and summaries, the number of observations. */
  readonly value: number;
  /** Increase per second since the previous scrape; undefined for types that may decrease, and at the first scrape. */
  readonly rate: number | undefined;
  /** Recent rates, or recent values of types that may decrease. */
  readonly curve: readonly number[];
}

interface History {
  readonly values: ReadonlyMap<string, number>;
  readonly curve: readonly number[];
}

/** Keeps the history of families from scrape to scrape, and drops those that are no longer exposed. */
export class Trends {
  #histories = new Map<string, History>();
  #lastTime: number | undefined;

  /** Adds a scrape and returns the trends by family name. `time` is in milliseconds. */
  update(families: readonly MetricFamily[], time: number): Map<string, Trend> {
    const seconds = this.#lastTime === undefined ? undefined : (time - this.#lastTime) / 1000;
    const histories = new Map<string, History>();
    const trends = new Map<string, Trend>();
    for (const family of families) {
      const before = this.#histories.get(family.name);
      const values = valuesOf(family);
      let value = 0;
      for (const seriesValue of values.values()) value += seriesValue;
      const rate =
        isCumulative(family.type) && before && seconds ? increase(before.values, values) / seconds : undefined;
      const next = isCumulative(family.type) ? rate : value;
      const curve = [...(before?.curve ?? []), ...(next === undefined ? [] : [next])].slice(-MAX_CURVE_LENGTH);
      histories.set(family.name, { values, curve });
      trends.set(family.name, { value, rate, curve });
    }
    this.#histories = histories;
    this.#lastTime = time;
    return trends;
  }
}

function valuesOf(family: MetricFamily): Map<string, number> {
  const { name, type } = family;
  const values = new Map<string, number>();
  const isDistribution = isHistogram(type) || type === 'summary';
  for (const series of withMemoryChecks(flatSeries(family))) {
    // For histograms and summaries, only the number of observations is summed up.
    if (!isDistribution || series.name === `${name}_count`) values.set(seriesText(series), series.value);
  }
  return values;
}

/** Series that decreased or are new have started from 0. */
function increase(before: ReadonlyMap<string, number>, after: ReadonlyMap<string, number>): number {
  let total = 0;
  for (const [series, value] of after) {
    const last = before.get(series) ?? 0;
    total += value < last ? value : value - last;
  }
  return total;
}
