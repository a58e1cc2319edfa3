import type { DirectCollector, DroppedCounts } from '../model/collector.ts';
import type { MetricFamily } from '../model/family.ts';

/** Result of a collector, or of updating a metric. */
export interface CollectorOutcome {
  readonly name: string;
  readonly seconds: number;
  readonly isSuccess: boolean;
}

interface Status {
  success: 0 | 1;
  seconds: number;
  errors: number;
}

/** Makes the families about a registry's own collectors and metrics; none if there is nothing to report. */
export class RegistryMetrics {
  readonly #errors = new Map<string, number>();

  /** Families about the collectors of this scrape. Those with one name are combined. `countsErrors` is false for other readers. */
  ofCollectors(outcomes: readonly CollectorOutcome[], countsErrors: boolean): MetricFamily[] {
    const statuses = new Map<string, Status>();
    for (const { name, seconds, isSuccess } of outcomes) {
      const status = statuses.get(name) ?? { success: 1, seconds: 0, errors: this.#errors.get(name) ?? 0 };
      if (!isSuccess) {
        status.success = 0;
        if (countsErrors) status.errors++;
      }
      status.seconds = Math.max(status.seconds, seconds);
      statuses.set(name, status);
      this.#errors.set(name, status.errors);
    }
    return statuses.size === 0 ? [] : collectorFamilies(statuses);
  }

  /** Whether a collector has been reported before. */
  has(name: string): boolean {
    return this.#errors.has(name);
  }

  /** Forgets a collector that is no longer registered. */
  forget(name: string): void {
    this.#errors.delete(name);
  }

  /** Families about what metrics dropped. Those with one name are combined. */
  ofMetrics(metrics: readonly DirectCollector[]): MetricFamily[] {
    return LOSSES.flatMap(([name, help, key]) => {
      const lost = new Map<string, number>();
      for (const { descriptor, losses } of metrics) {
        const value = losses?.[key] ?? 0;
        if (value > 0) lost.set(descriptor.name, (lost.get(descriptor.name) ?? 0) + value);
      }
      const points = [...lost].map(([metric, value]) => ({ labels: { metric }, value }));
      return points.length === 0 ? [] : [{ name, help, type: 'counter' as const, points }];
    });
  }
}

const LOSSES: readonly [name: string, help: string, key: keyof DroppedCounts][] = [
  [
    'zeroprom_series_dropped_total',
    'Total number of updates that went to the overflow series, because the metric has reached its maxSeries.',
    'overflowed',
  ],
  [
    'zeroprom_series_expired_total',
    'Total number of series dropped because they were not updated for the ttlMs of the metric.',
    'expired',
  ],
  [
    'zeroprom_exemplars_dropped_total',
    'Total number of exemplars dropped because they were too long or had invalid labels.',
    'exemplars',
  ],
];

function collectorFamilies(statuses: ReadonlyMap<string, Status>): MetricFamily[] {
  const points = (value: (status: Status) => number) =>
    [...statuses].map(([collector, status]) => ({ labels: { collector }, value: value(status) }));
  return [
    {
      name: 'zeroprom_collector_success',
      help: 'Whether the collector succeeded in this scrape.',
      type: 'gauge',
      points: points(({ success }) => success),
    },
    {
      name: 'zeroprom_collector_duration_seconds',
      unit: 'seconds',
      help: 'Duration of the collector in this scrape in seconds.',
      type: 'gauge',
      points: points(({ seconds }) => seconds),
    },
    {
      name: 'zeroprom_collector_errors_total',
      help: 'Total number of scrapes in which the collector failed.',
      type: 'counter',
      points: points(({ errors }) => errors),
    },
  ];
}
