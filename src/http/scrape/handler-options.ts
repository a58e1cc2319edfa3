import type { FormatOptions } from '../../exposition/encoding/format.ts';
import { checkMilliseconds } from '../../model/number-option.ts';
import { checkOptionNames, type OptionNames } from '../../model/option-names.ts';
import type { CollectorFailure, Gatherer } from '../../registry/gathering.ts';
import type { Registry } from '../../registry/registry.ts';
import type { WriteLimits } from '../response/write-limits.ts';

/** How scrapes are answered: the options that `metricsHandler()` and `runExporter()` have in common. */
export interface ScrapeOptions extends FormatOptions {
  /**
   * Maximum time that collectors may take, in milliseconds.
   *
   * @defaultValue the scrape timeout that the scraper sends, less a tenth and at most half a second; `10_000` if it
   * sends none
   */
  readonly timeoutMs?: number | undefined;
  /**
   * How a scrape is answered if some of its collectors fail: without them (`continue`), or with status 500
   * (`http-error`).
   *
   * @defaultValue `'continue'`
   */
  readonly errorMode?: 'continue' | 'http-error' | undefined;
  /**
   * Whether bodies are compressed for clients that accept gzip, or zstd from Node.js 22.15 on.
   *
   * @defaultValue `true`, except in `metricsFetchHandler()` under Next.js, which drops the `Content-Encoding` of
   * responses and compresses them itself
   */
  readonly compress?: boolean | undefined;
}

export const SCRAPE_OPTIONS: OptionNames<ScrapeOptions> = {
  timeoutMs: true,
  errorMode: true,
  compress: true,
  createdLines: true,
};

/** Options of `metricsHandler()` and `metricsFetchHandler()`. */
export interface HandlerOptions extends ScrapeOptions {
  /**
   * Registry, or merged registries, to expose.
   *
   * @defaultValue `defaultRegistry`
   */
  readonly registry?: Gatherer;
  /**
   * Called once for each collector or family that failed, and if the registry itself failed. Errors and rejections of
   * the function are ignored.
   */
  readonly onError?: (failure: CollectorFailure) => void;
  /**
   * Maximum number of concurrent scrapes; further ones are answered with status 503. 0 for no limit.
   *
   * @defaultValue `40`
   */
  readonly maxRequests?: number | undefined;
  /**
   * Registry for the `metrics_handler_*` metrics of the handler itself.
   *
   * @defaultValue they are not registered
   */
  readonly selfMetrics?: Registry | undefined;
  /** How long a client may take to read its response. */
  readonly writeLimits?: Partial<WriteLimits>;
}

const HANDLER_OPTIONS: OptionNames<HandlerOptions> = {
  ...SCRAPE_OPTIONS,
  registry: true,
  onError: true,
  maxRequests: true,
  selfMetrics: true,
  writeLimits: true,
};

/** Throws if an option is unknown or invalid, rather than failing at the first scrape. */
export function checkHandlerOptions(handler: string, options: HandlerOptions): void {
  checkOptionNames(handler, options, HANDLER_OPTIONS);
  const { timeoutMs, errorMode = 'continue', writeLimits: { idleMs, totalMs } = {} } = options;
  checkMilliseconds('timeoutMs', timeoutMs);
  checkMilliseconds('writeLimits.idleMs', idleMs);
  checkMilliseconds('writeLimits.totalMs', totalMs);
  if (errorMode !== 'continue' && errorMode !== 'http-error') {
    throw new RangeError(`errorMode must be continue or http-error, got ${String(errorMode)}.`);
  }
}
