import { SCRAPE_OPTIONS, type ScrapeOptions } from '../../http/scrape/handler-options.ts';
import { DEFAULT_MAX_REQUESTS } from '../../http/scrape/request-limit.ts';
import type { Logger } from '../../model/logger.ts';
import { builtinModule } from '../../model/missing-api.ts';
import { numberOption } from '../../model/number-option.ts';
import { checkOptionNames, type OptionNames } from '../../model/option-names.ts';
import { callUserCode } from '../../model/thrown.ts';
import { defaultRegistry } from '../../registry/default-registry.ts';
import type { CollectorFailure, Gatherer } from '../../registry/gathering.ts';
import type { LogLine, ThreadAddress } from './thread-settings.ts';

/** Options of {@link startScrapeThread}. */
export interface ScrapeThreadOptions extends ScrapeOptions {
  /**
   * Address to listen on: a port, or text such as `':9464'`, `'127.0.0.1:9464'` or `'unix:/run/app.sock?mode=0660'`. Port 0
   * is any free port.
   */
  readonly listen: string | number;
  /**
   * Registry, or merged registries, to serve.
   *
   * @defaultValue `defaultRegistry`
   */
  readonly registry?: Gatherer;
  /**
   * Path of the metrics.
   *
   * @defaultValue `'/metrics'`
   */
  readonly path?: string;
  /**
   * Maximum number of concurrent scrapes; further ones are answered with status 503. 0 for no limit.
   *
   * @defaultValue `40`
   */
  readonly maxRequests?: number;
  /**
   * Path of a web configuration file for TLS, authentication, headers and a rate limit.
   *
   * @defaultValue none
   */
  readonly webConfigFile?: string;
  /**
   * Time in milliseconds for which the event loop of the calling thread may be blocked before `/-/healthy` is answered with
   * status 503; 0 for no limit.
   *
   * @defaultValue `0`
   */
  readonly unhealthyAfterMs?: number;
  /**
   * Logger for warnings and errors of the server, such as a failed TLS handshake. It is called in the calling thread.
   *
   * @defaultValue lines on standard error, also while the calling thread is blocked
   */
  readonly logger?: Logger;
  /**
   * Called in the calling thread for each collector that failed in a scrape, and if the scrape thread ends by itself. It is then
   * started again.
   *
   * @defaultValue failures are ignored
   */
  readonly onError?: (failure: CollectorFailure) => void;
}

const THREAD_OPTIONS: OptionNames<ScrapeThreadOptions> = {
  ...SCRAPE_OPTIONS,
  listen: true,
  registry: true,
  path: true,
  maxRequests: true,
  webConfigFile: true,
  unhealthyAfterMs: true,
  logger: true,
  onError: true,
};

/** A running scrape thread, returned by {@link startScrapeThread}. */
export interface RunningScrapeThread {
  /** Where it listens. */
  readonly address: ThreadAddress;
  /** Answers the scrapes in flight, within 8 s, and ends the thread. */
  stop(): Promise<void>;
}

const SHUTDOWN_TIMEOUT_MS = 8000;

/**
 * Serves metrics from a thread of its own, which answers while the event loop of the calling thread is blocked. The thread
 * reads the values of metrics in shared memory. Custom collectors, `collect` callbacks, exemplars and quantiles still need the
 * calling thread: while it is blocked, such collectors are left out, and the last known exemplars and quantiles are shown.
 *
 * The page also has `nodejs_eventloop_blocked_seconds`, how long the calling thread has been blocked. The thread keeps the
 * process alive until `stop()` is called.
 *
 * @throws {TypeError | RangeError} if an option is invalid.
 * @throws {Error} if the address cannot be used, in a cluster worker, and without `SharedArrayBuffer`.
 *
 * @example
 * ```ts
 * import { Counter } from 'zeroprom';
 * import { startScrapeThread } from 'zeroprom/workers';
 *
 * const jobs = new Counter({ name: 'jobs_total', help: 'Total number of jobs.' });
 * const { address, stop } = await startScrapeThread({ listen: 0 });
 * jobs.inc();
 * const response = await fetch(`${address.url}/metrics`);
 * console.log((await response.text()).includes('jobs_total 1')); // true
 * await stop();
 * ```
 */
export async function startScrapeThread(options: ScrapeThreadOptions): Promise<RunningScrapeThread> {
  checkOptionNames('startScrapeThread()', options, THREAD_OPTIONS);
  const { registry = defaultRegistry, path = '/metrics', maxRequests = DEFAULT_MAX_REQUESTS } = options;
  const { webConfigFile = '', unhealthyAfterMs, onError = () => {} } = options;
  const { timeoutMs, errorMode, compress, createdLines, logger } = options;
  checkPlatform();
  const { ScrapeThread } = await import('./scrape-thread.ts');
  const fail = (failure: CollectorFailure) => callUserCode(() => onError(failure));
  const thread = await ScrapeThread.start(
    registry,
    {
      listen: [listenText(options.listen)],
      name: 'Metrics',
      description: '',
      version: process.version,
      path,
      prefix: '',
      maxRequests,
      routes: [],
      scrape: { timeoutMs, errorMode, compress, createdLines },
      webConfigFile,
      isHealthPublic: false,
      isLifecycleEnabled: false,
      allowedHosts: [],
      unhealthyAfterMs: numberOption(unhealthyAfterMs, {
        name: 'unhealthyAfterMs',
        byDefault: 0,
        isAllowed: (milliseconds) => milliseconds >= 0,
        rule: 'a number of milliseconds of at least 0',
      }),
      shutdownDelayMs: 0,
      lingerMs: 0,
      shutdownTimeoutMs: SHUTDOWN_TIMEOUT_MS,
      isLogForwarded: logger !== undefined,
      restarts: 0,
      log: { level: 'warn', format: 'logfmt' },
      hasTasks: false,
      isReporting: true,
      statusPage: undefined,
      hasScrapeMetrics: false,
      hasProcessMetrics: false,
    },
    {
      handlers: {
        failed: ({ collector, message }: { collector: string; message: string }) =>
          fail({ collector, error: new Error(message) }),
        log: ({ level, message, fields }: LogLine) => callUserCode(() => logger?.[level](message, fields)),
      },
      onFailure: (error) => fail({ collector: 'scrape thread', error }),
    },
  );
  const [address] = thread.addresses;
  if (address === undefined) throw new Error('The scrape thread does not listen.');
  return { address, stop: () => thread.stop() };
}

/** Checks that a scrape thread can serve this process. */
export function checkPlatform(): void {
  if (typeof SharedArrayBuffer === 'undefined') {
    throw new Error('A scrape thread needs SharedArrayBuffer, which this runtime does not have; use metricsHandler().');
  }
  const cluster = builtinModule('node:cluster');
  if (cluster?.isWorker) {
    throw new Error('A scrape thread must be started in the primary of a cluster, not in a worker.');
  }
}

function listenText(listen: unknown): string {
  if (typeof listen === 'number') return `:${listen}`;
  if (typeof listen === 'string') return listen;
  throw new TypeError(`listen must be a port or an address such as ':9464', got ${typeof listen}.`);
}
