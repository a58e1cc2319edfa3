import { callUserCode } from '../../model/thrown.ts';
import type { CollectorFailure } from '../../registry/gathering.ts';
import { type FailureCause, HandlerMetrics } from './handler-metrics.ts';
import type { HandlerOptions } from './handler-options.ts';

/** Reports what a handler does: to its metrics and to the listener for failures. */
export class ScrapeReports {
  readonly metrics: HandlerMetrics | undefined;
  readonly #onError: HandlerOptions['onError'];

  constructor({ selfMetrics, onError }: HandlerOptions) {
    this.metrics = selfMetrics && new HandlerMetrics(selfMetrics);
    this.#onError = onError;
  }

  /** Reports a collector or family that is left out. Ignores errors of the listener: there is nowhere to report them. */
  partFailed(failure: CollectorFailure, cause: FailureCause): void {
    this.metrics?.partFailed(cause);
    callUserCode(() => this.#onError?.(failure));
  }

  /** Reports a scrape that failed as a whole. Returns the body of the response with status 500. */
  scrapeFailed(error: Error): string {
    const failure = { collector: 'registry', error };
    this.partFailed(failure, 'gathering');
    return textOfFailures([failure]);
  }
}

/** Names what failed but not why: an error message may contain secrets. Those belong in the log. */
export function textOfFailures(failures: readonly CollectorFailure[]): string {
  const names = [...new Set(failures.map(({ collector }) => collector))].slice(0, 20);
  return `An error has occurred while serving metrics:\n\n${names.map((name) => `${name} failed\n`).join('')}`;
}
