import { aggregate, type JsonMetric } from '../registry/aggregators.ts';
import type { Registered } from '../text/page.ts';

/** Keeps what workers counted that are gone, as far as they told, so that sums never go down. */
export class DepartedWorkers {
  /** What each worker told last, by its id. */
  readonly #last = new Map<unknown, readonly JsonMetric[]>();
  #sums: readonly JsonMetric[] = [];

  /** Counts, summed over all workers that are gone. */
  get sums(): readonly JsonMetric[] {
    return this.#sums;
  }

  told(worker: unknown, metrics: readonly JsonMetric[]): void {
    this.#last.set(worker, metrics.filter(isCount));
  }

  /** Returns what the worker told last. */
  left(worker: unknown): readonly JsonMetric[] {
    const last = this.#last.get(worker);
    if (last === undefined) return [];
    this.#last.delete(worker);
    const summed: Registered[] = aggregate([this.#sums, last]).getMetricsAsArray();
    // The metrics of an aggregated registry are what they show.
    this.#sums = summed.map((metric) => metric.get() as JsonMetric);
    return last;
  }
}

/** Gauges of a process that is gone mean nothing any more, and neither do quantiles. */
function isCount({ type, aggregator = 'sum' }: JsonMetric): boolean {
  return (type === 'counter' || type === 'histogram') && aggregator === 'sum';
}
