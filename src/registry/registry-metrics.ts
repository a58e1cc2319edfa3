import type { DirectCollector, Losses } from '../model/collector.ts';
import type { MetricFamily } from '../model/family.ts';

/** How it went with a collector, or with a metric that has to be brought up to date. */
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

/** What a registry tells of its collectors and metrics; nothing where there is nothing to tell. */
export class RegistryMetrics {
  readonly #errors = new Map<string, number>();

  /** How it went with the collectors of this scrape. Those with one name are told of together. */
  ofCollectors(outcomes: readonly CollectorOutcome[]): MetricFamily[] {
    const statuses = new Map<string, Status>();
    for (const { name, seconds, isSuccess } of outcomes) {
      const status = statuses.get(name) ?? { success: 1, seconds: 0, errors: this.#errors.get(name) ?? 0 };
      if (!isSuccess) {
        status.success = 0;
        status.errors++;
      }
      status.seconds = Math.max(status.seconds, seconds);
      statuses.set(name, status);
      this.#errors.set(name, status.errors);
    }
    return statuses.size === 0 ? [] : collectorFamilies(statuses);
  }

  /** Whether it has been told of. */
  has(name: string): boolean {
    return this.#errors.has(name);
  }

  /** Forgets a collector that is no longer there. */
  forget(name: string): void {
    this.#errors.delete(name);
  }

  /** What metrics had to leave out; those of one name are told of together. */
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

const LOSSES: readonly [name: string, help: string, key: keyof Losses][] = [
  [
    'zeroprom_series_dropped_total',
    'Updates that were counted in the overflow series, because the metric has as many others as it may.',
    'overflowed',
  ],
  ['zeroprom_series_expired_total', 'Series that were dropped because nobody touched them.', 'expired'],
  ['zeroprom_exemplars_dropped_total', 'Exemplars that were dropped for being too long or no labels.', 'exemplars'],
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
      help: 'How long the collector took in this scrape.',
      type: 'gauge',
      points: points(({ seconds }) => seconds),
    },
    {
      name: 'zeroprom_collector_errors_total',
      help: 'Scrapes in which the collector failed.',
      type: 'counter',
      points: points(({ errors }) => errors),
    },
  ];
}
