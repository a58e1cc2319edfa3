import { Counter } from '../../metrics/counter.ts';
import { Gauge } from '../../metrics/gauge.ts';
import type { Registry } from '../../registry/registry.ts';

/** Why something is missing from a scrape. */
export type FailureCause = 'gathering' | 'encoding';

/** Counted instead of a status code if the client disconnected before its response was complete. */
export const DISCONNECTED = 499;

const CODES = ['200', '400', '499', '500', '503'] as const;

/** The metrics of a handler about its own scrapes. Handlers that share a registry share the series. */
export class HandlerMetrics {
  readonly #requests;
  readonly #inFlight;
  readonly #errors;
  readonly #omitted;

  constructor(registry: Registry) {
    this.#requests = registry.getOrCreate(Counter<{ readonly code: typeof CODES }>, {
      name: 'metrics_handler_requests_total',
      help: 'Total number of scrapes by HTTP status code; 499 if the client disconnected before the end of the response.',
      labelNames: { code: CODES },
      initialize: true,
    });
    this.#inFlight = registry.getOrCreate(Gauge<readonly []>, {
      name: 'metrics_handler_requests_in_flight',
      help: 'Number of scrapes in flight.',
    });
    this.#errors = registry.getOrCreate(Counter<{ readonly cause: readonly FailureCause[] }>, {
      name: 'metrics_handler_errors_total',
      help: 'Total number of collectors and families left out of a scrape.',
      labelNames: { cause: ['gathering', 'encoding'] },
      initialize: true,
    });
    this.#omitted = registry.getOrCreate(Counter<readonly []>, {
      name: 'metrics_handler_omitted_samples_total',
      help: 'Total number of samples left out of a scrape because its format forbids their values.',
    });
  }

  scrapeStarted(): void {
    this.#inFlight.inc();
  }

  scrapeEnded(status: number): void {
    const code = CODES.find((known) => known === String(status)) ?? '500';
    this.#inFlight.dec();
    this.#requests.inc({ code });
  }

  partFailed(cause: FailureCause): void {
    this.#errors.inc({ cause });
  }

  samplesOmitted(count: number): void {
    this.#omitted.inc(count);
  }
}
