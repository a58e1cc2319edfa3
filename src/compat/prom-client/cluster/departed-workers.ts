import { aggregateInto, type JsonMetric } from '../registry/aggregators.ts';
import { Registry } from '../registry/registry.ts';

/** Keeps what members counted that are gone or late, as far as they told, so that sums never go down. */
export class DepartedWorkers {
  /** The last metrics of each member, by its id. */
  readonly #last = new Map<unknown, readonly JsonMetric[]>();
  #sums: readonly JsonMetric[] = [];

  /** Counts, summed over all members that are gone. */
  get sums(): readonly JsonMetric[] {
    return this.#sums;
  }

  told(member: unknown, metrics: readonly JsonMetric[]): void {
    this.#last.set(member, metrics.filter(isCount));
  }

  /** The counts that the member told last. */
  last(member: unknown): readonly JsonMetric[] {
    return this.#last.get(member) ?? [];
  }

  /** The member is gone; `metrics` is what it leaves, by default the counts that it told last. */
  left(member: unknown, metrics: readonly JsonMetric[] = this.last(member)): void {
    this.#last.delete(member);
    const summed = aggregateInto(new Registry(), [this.#sums, metrics]).getMetricsAsArray();
    // The metrics of an aggregated registry are what they show.
    this.#sums = summed.map((metric) => metric.get() as JsonMetric);
  }
}

/** Gauges of a process that is gone mean nothing any more, and neither do quantiles. */
export function isCount({ type, aggregator = 'sum' }: JsonMetric): boolean {
  return (type === 'counter' || type === 'histogram') && aggregator === 'sum';
}
