import { Counter } from '../../metrics/counter.ts';
import type { DirectCollector } from '../../model/collector.ts';

/** Why the values of a worker are missing or old. */
export type ErrorReason = 'late' | 'unreadable' | 'conflict' | 'quantiles' | 'overflow' | 'save' | 'gather';

/** Counts problems with workers that do not fail scrapes. */
export class WorkerErrors {
  readonly #errors = new Counter({
    name: 'zeroprom_worker_errors_total',
    help: 'Total number of problems with workers that did not fail the scrape.',
    labelNames: ['worker', 'reason'],
    registry: null,
  });

  /** The metrics to expose. */
  get metrics(): readonly DirectCollector[] {
    return [this.#errors];
  }

  /** Counts a problem with a worker, or with all of them. */
  count(worker: number | undefined, reason: ErrorReason): void {
    this.#errors.inc({ worker: worker ?? 'all', reason });
  }
}
