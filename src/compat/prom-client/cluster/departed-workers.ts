import { aggregateInto, type JsonMetric } from '../registry/aggregators.ts';
import { Registry } from '../registry/registry.ts';

/** Keeps the last known counts of members that have ended or are late, so that sums never decrease. */
export class DepartedWorkers {
  /** The last metrics of each member, by its id. */
  readonly #last = new Map<unknown, readonly JsonMetric[]>();
  #sums: readonly JsonMetric[] = [];

  /** Counts, summed over all members that have ended. */
  get sums(): readonly JsonMetric[] {
    return this.#sums;
  }

  told(member: unknown, metrics: readonly JsonMetric[]): void {
    this.#last.set(member, metrics.filter(isCount));
  }

  /** The last known counts of the member. */
  last(member: unknown): readonly JsonMetric[] {
    return this.#last.get(member) ?? [];
  }

  /** The member has ended; `metrics` are its final counts, by default the last known ones. */
  left(member: unknown, metrics: readonly JsonMetric[] = this.last(member)): void {
    this.#last.delete(member);
    const summed = aggregateInto(new Registry(), [this.#sums, metrics]).getMetricsAsArray();
    // In an aggregated registry, get() is synchronous.
    this.#sums = summed.map((metric) => metric.get() as JsonMetric);
  }
}

/** Gauges and quantiles of a process are meaningless once it has ended. */
export function isCount({ type, aggregator = 'sum' }: JsonMetric): boolean {
  return (type === 'counter' || type === 'histogram') && aggregator === 'sum';
}
