import { CommandError } from '../../command-line/usage-error.ts';
import { DEFAULT_MAX_REQUESTS } from '../../http/scrape/request-limit.ts';
import { thrownText } from '../../model/thrown.ts';
import type { Task } from '../../scheduler/task.ts';
import { ScrapeThread } from '../../workers/scrape-thread/scrape-thread.ts';
import { checkPlatform } from '../../workers/scrape-thread/start-scrape-thread.ts';
import type { ThreadSettings } from '../../workers/scrape-thread/thread-settings.ts';
import type { ExporterServerOptions } from '../server/exporter-server.ts';
import type { ListenAddress } from '../server/listen-address.ts';
import { SHUTDOWN_TIMEOUT_MS } from '../server/server-limits.ts';
import type { RouteConnection } from './route-server.ts';

/** Time between two reports on the tasks to the thread. */
const REPORT_MS = 250;
const REPORT_TIMEOUT_MS = 10_000;

/** The tasks of the main thread, as it reports them to the scrape thread. */
export type ReportedTasks = readonly Pick<Task, 'name' | 'status'>[];

/** Settings that only the server in a thread has. */
export type ThreadServerSettings = Pick<
  ThreadSettings,
  'webConfigFile' | 'unhealthyAfterMs' | 'log' | 'hasScrapeMetrics' | 'hasProcessMetrics'
>;

/** The HTTP server of an exporter in a thread of its own: the same as `ExporterServer`, which runs in that thread. */
export class ThreadServer {
  readonly #options: ExporterServerOptions;
  readonly #settings: ThreadServerSettings;
  #thread: ScrapeThread | undefined = undefined;
  /** The start of the scheduler, which another thread does not repeat. */
  #started: Promise<unknown> | undefined = undefined;
  #timer: NodeJS.Timeout | undefined = undefined;
  /** The tasks as they were reported last, as text. */
  #reported = '';

  constructor(options: ExporterServerOptions, settings: ThreadServerSettings) {
    this.#options = options;
    this.#settings = settings;
  }

  /**
   * Listens on all addresses, then starts the scheduler in this thread. Returns the addresses with the actual ports.
   *
   * @throws {CommandError} if an address cannot be used.
   */
  async start(addresses: readonly ListenAddress[]): Promise<readonly ListenAddress[]> {
    const { registry, scheduler, reload, quit, logger, name } = this.#options;
    try {
      checkPlatform();
      this.#thread = await ScrapeThread.start(registry, this.#threadSettings(addresses), {
        handlers: {
          startTasks: async () => {
            this.#started ??= Promise.resolve(scheduler?.start());
            await this.#started;
            return this.#tasks();
          },
          stopTasks: async (timeout: number) => void (await scheduler?.stop({ timeout })),
          runTask: (task: string) => this.#runTask(task),
          reload: () => reload?.(),
          quit: () => quit?.(),
          connect: await this.#connect(),
        },
        onFailure: (err, restartInMs) => {
          if (restartInMs !== undefined) {
            logger.error('The scrape thread has ended; starting it again.', { err, restartInMs });
            return;
          }
          logger.error('The scrape thread has ended; the exporter stops.', { err });
          quit?.();
        },
      });
    } catch (thrown) {
      throw new CommandError(`${name}: ${thrownText(thrown)}`);
    }
    this.#report();
    this.#timer = setInterval(() => this.#report(), REPORT_MS).unref();
    const bound = this.#thread.addresses;
    return addresses.map((address, index) => {
      const port = bound[index]?.port;
      return 'port' in address && port !== undefined ? { ...address, port } : address;
    });
  }

  /** Completes the responses in flight and waits for running tasks, as `ExporterServer.stop()` does. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#thread?.stop();
  }

  async #connect(): Promise<(connection: RouteConnection) => void> {
    const { routes = {}, prefix = '', logger } = this.#options;
    if (Object.keys(routes).length === 0) return () => {};
    const { routeServer } = await import('./route-server.ts');
    return routeServer(routes, { prefix, logger });
  }

  /** Starts a run of a task. */
  #runTask(name: string): void {
    const task = this.#options.scheduler?.tasks?.find((one) => one.name === name);
    if (task?.runNow === undefined) throw new Error(`Task ${JSON.stringify(name)} does not exist or cannot be run.`);
    void task.runNow();
  }

  #report(): void {
    const tasks = this.#tasks();
    const text = JSON.stringify(tasks);
    if (text === this.#reported) return;
    this.#reported = text;
    this.#thread?.call('tasks', tasks, REPORT_TIMEOUT_MS).catch(() => {
      this.#reported = ''; // Reported again.
    });
  }

  /** The tasks as plain data. */
  #tasks(): ReportedTasks {
    return (this.#options.scheduler?.tasks ?? []).map(({ name, status }) => {
      const { lastError } = status;
      return { name, status: { ...status, lastError: lastError && new Error(thrownText(lastError)) } };
    });
  }

  #threadSettings(listen: readonly ListenAddress[]): ThreadSettings {
    const { name, description, version, telemetryPath, prefix = '', scrape = {}, routes = {} } = this.#options;
    const { isHealthPublic = false, isLifecycleEnabled = false, allowedHosts = [], scheduler } = this.#options;
    const { maxRequests = DEFAULT_MAX_REQUESTS, statusPage } = this.#options;
    const { shutdownDelayMs = 0, lingerMs = 0, shutdownTimeoutMs = SHUTDOWN_TIMEOUT_MS } = this.#options;
    return {
      ...this.#settings,
      listen,
      name,
      description,
      version,
      path: telemetryPath,
      prefix,
      maxRequests,
      routes: Object.keys(routes),
      scrape,
      isHealthPublic,
      isLifecycleEnabled,
      allowedHosts,
      shutdownDelayMs,
      lingerMs,
      shutdownTimeoutMs,
      hasTasks: scheduler?.tasks !== undefined,
      isReporting: false,
      isLogForwarded: false,
      restarts: 0,
      statusPage: statusPage && { ...statusPage, isThreaded: true },
    };
  }
}
