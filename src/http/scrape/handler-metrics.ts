import { Counter } from '../../metrics/counter.ts';
import { Gauge } from '../../metrics/gauge.ts';
import type { Registry } from '../../registry/registry.ts';

/** Why something is missing from a scrape. */
export type FailureCause = 'gathering' | 'encoding';

/** The codes that answers have, and 499 for scrapers that went away before theirs was complete. */
const CODES = ['200', '400', '405', '499', '500', '503'] as const;

/** What a handler tells of itself. */
export class HandlerMetrics {
  readonly #requests;
  readonly #inFlight;
  readonly #errors;
  readonly #omitted;

  /** Several handlers on one registry share the series. */
  constructor(registry: Registry) {
    this.#requests = registry.getOrCreate(Counter<{ readonly code: typeof CODES }>, {
      name: 'metrics_handler_requests_total',
      help: 'Scrapes by the HTTP status that they were answered with; 499 where the scraper went away before.',
      labelNames: { code: CODES },
      initialize: true,
    });
    this.#inFlight = registry.getOrCreate(Gauge<readonly []>, {
      name: 'metrics_handler_requests_in_flight',
      help: 'Scrapes that are being answered.',
    });
    this.#errors = registry.getOrCreate(Counter<{ readonly cause: readonly FailureCause[] }>, {
      name: 'metrics_handler_errors_total',
      help: 'Collectors and families that were left out of a scrape.',
      labelNames: { cause: ['gathering', 'encoding'] },
      initialize: true,
    });
    this.#omitted = registry.getOrCreate(Counter<readonly []>, {
      name: 'metrics_handler_omitted_samples_total',
      help: 'Total number of samples left out of a scrape because its format forbids their values.',
    });
  }

  began(): void {
    this.#inFlight.inc();
  }

  ended(status: number): void {
    const code = CODES.find((known) => known === String(status)) ?? '500';
    this.#inFlight.dec();
    this.#requests.inc({ code });
  }

  failed(cause: FailureCause): void {
    this.#errors.inc({ cause });
  }

  omitted(samples: number): void {
    this.#omitted.inc(samples);
  }
}
