import { dataOf, isObject, ownData } from '../../model/inert.ts';
import type { Logger, LogMethod } from '../../model/logger.ts';
import { checkOptionNames, type OptionNames } from '../../model/option-names.ts';

/** Options of {@link rateLimitedLogger}. */
export interface RateLimitOptions {
  /**
   * Minimum time between two equal messages, in milliseconds.
   *
   * @defaultValue `60_000`
   */
  readonly intervalMs?: number;
  /**
   * Returns milliseconds of a monotonic clock.
   *
   * @defaultValue `performance.now`
   */
  readonly now?: () => number;
}

const RATE_LIMIT_OPTIONS: OptionNames<RateLimitOptions> = {
  intervalMs: true,
  now: true,
};

interface Written {
  readonly at: number;
  suppressed: number;
}

const MAX_KEYS = 1000;
const MAX_FIELDS = 100;

/**
 * Wraps a logger so that a target that is down does not fill the disk: each warning and error is written once per
 * interval for the same message and the same field `collector`. The field `suppressed` of the next one counts those
 * that were not written.
 *
 * @example
 * ```ts
 * import { createLogger, rateLimitedLogger } from 'zeroprom/exporter';
 *
 * const logger = rateLimitedLogger(createLogger(), { intervalMs: 10_000 });
 * for (let attempt = 0; attempt < 100; attempt++) logger.warn('Target is down.', { attempt }); // Writes one line.
 * ```
 */
export function rateLimitedLogger(logger: Logger, options: RateLimitOptions = {}): Logger {
  checkOptionNames('rateLimitedLogger()', options, RATE_LIMIT_OPTIONS);
  const { intervalMs = 60_000, now = () => performance.now() } = options;
  const written = new Map<string, Written>();
  const limited =
    (write: LogMethod): LogMethod =>
    (message, fields = {}) => {
      const key = messageKey(message, fields);
      const last = written.get(key);
      if (last !== undefined && now() - last.at < intervalMs) {
        last.suppressed++;
        return;
      }
      const [oldest] = written.keys();
      if (oldest !== undefined && written.size >= MAX_KEYS) written.delete(oldest);
      written.delete(key);
      written.set(key, { at: now(), suppressed: 0 });
      const suppressed = last?.suppressed ?? 0;
      write(message, suppressed === 0 ? fields : { ...Object.fromEntries(ownData(fields, MAX_FIELDS)), suppressed });
    };
  return {
    debug: (...line) => logger.debug(...line),
    info: (...line) => logger.info(...line),
    warn: limited((...line) => logger.warn(...line)),
    error: limited((...line) => logger.error(...line)),
  };
}

/** Ignores parts that are not strings: converting them could call code. */
function messageKey(message: unknown, fields: unknown): string {
  const collector = isObject(fields) ? dataOf(fields, 'collector') : undefined;
  return JSON.stringify([message, collector].map((part) => (typeof part === 'string' ? part : '')));
}
