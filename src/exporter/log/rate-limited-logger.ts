import { dataOf, isObject, ownData } from '../../model/inert.ts';
import type { Logger, LogMethod } from '../../model/logger.ts';

export interface RateLimitOptions {
  /** How long a line that was written keeps its likes back; 60,000 by default. */
  readonly intervalMs?: number;
  /** Milliseconds that never go back; `performance.now()` by default. */
  readonly now?: () => number;
}

interface Written {
  readonly at: number;
  suppressed: number;
}

const MOST_KEYS = 1000;
const MOST_FIELDS = 100;

/**
 * Writes warnings and errors of one message about one collector once in a while; the next one that is written says in
 * `suppressed` how many were not. A target that is down must not fill the disk.
 */
export function rateLimitedLogger(logger: Logger, options: RateLimitOptions = {}): Logger {
  const { intervalMs = 60_000, now = () => performance.now() } = options;
  const written = new Map<string, Written>();
  const limited =
    (write: LogMethod): LogMethod =>
    (message, fields = {}) => {
      const key = keyOf(message, fields);
      const last = written.get(key);
      if (last !== undefined && now() - last.at < intervalMs) {
        last.suppressed++;
        return;
      }
      forgetOldest(written);
      written.delete(key);
      written.set(key, { at: now(), suppressed: 0 });
      write(message, last !== undefined && last.suppressed > 0 ? withCount(fields, last.suppressed) : fields);
    };
  return {
    debug: (...line) => logger.debug(...line),
    info: (...line) => logger.info(...line),
    warn: limited((...line) => logger.warn(...line)),
    error: limited((...line) => logger.error(...line)),
  };
}

/** Only texts count: anything else would have to be asked for one. */
function keyOf(message: unknown, fields: unknown): string {
  const collector = isObject(fields) ? dataOf(fields, 'collector') : undefined;
  return JSON.stringify([message, collector].map((part) => (typeof part === 'string' ? part : '')));
}

function withCount(fields: object, suppressed: number): Readonly<Record<string, unknown>> {
  return { ...Object.fromEntries(ownData(fields, MOST_FIELDS)), suppressed };
}

function forgetOldest(written: Map<string, Written>): void {
  if (written.size < MOST_KEYS) return;
  const [oldest] = written.keys();
  if (oldest !== undefined) written.delete(oldest);
}
