import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';
import { rejectAmbiguous } from '../../http/ambiguous-requests.ts';
import { metricsHandler } from '../../http/handler.ts';
import { type Lingering, withLinger } from '../../http/linger.ts';
import { sendNothing, sendPage, sendText } from '../../http/response/short-answer.ts';
import type { ScrapeOptions } from '../../http/scrape/handler-options.ts';
import { LONGEST_DELAY_MS } from '../../model/duration.ts';
import type { Logger } from '../../model/logger.ts';
import { asError } from '../../model/thrown.ts';
import type { CollectorFailure, Gatherer } from '../../registry/gathering.ts';
import type { Registry } from '../../registry/registry.ts';
import type { Health } from '../../status-page/protocol.ts';
import type { WebConfigFile } from '../../web-config/web-config-file.ts';
import { withAccessControl } from './access-guard.ts';
import { countClientErrors } from './client-errors.ts';
import { dropExcessConnections } from './connection-limit.ts';
import { LANDING_POLICY, landingPage } from './landing-page.ts';
import { lifecycleRoutes } from './lifecycle-routes.ts';
import { listen } from './listen.ts';
import type { ListenAddress } from './listen-address.ts';
import { canonicalPath, PATHS, pathOf } from './paths.ts';
import { limitPipelining } from './pipelining.ts';
import { type Background, type Phase, reasonsNotReady } from './readiness.ts';
import { type Route, type Routes, routed } from './router.ts';
import { ScrapeLog } from './scrape-log.ts';
import { createSecureServer } from './secure-server.ts';
import { limitConnections, SERVER_LIMITS, type ServerLimits, SHUTDOWN_TIMEOUT_MS } from './server-limits.ts';
import { Shutdown } from './shutdown.ts';
import { type StatusPageRoute, type StatusPageSettings, statusPageRoute } from './status-page-route.ts';

export interface ExporterServerOptions {
  readonly name: string;
  readonly description: string;
  readonly version: string;
  readonly registry: Gatherer;
  readonly telemetryPath: string;
  /** Prefix of all paths: empty, or as in `/exporter`; in ASCII. */
  readonly prefix?: string;
  /** Further routes by path. */
  readonly routes?: Readonly<Record<string, RequestListener>>;
  readonly scheduler: Background | undefined;
  readonly logger: Logger;
  readonly maxRequests?: number;
  readonly scrape?: ScrapeOptions;
  /** Registry for metrics about scrapes; they are not registered by default. */
  readonly selfMetrics?: Registry | undefined;
  readonly isLifecycleEnabled?: boolean;
  /** Host names, in lower case, that lifecycle requests may use in addition to those of the machine. */
  readonly allowedHosts?: readonly string[];
  readonly reload?: () => Promise<void>;
  readonly quit?: () => void;
  /** How long to keep serving, not ready, before shutting down; 0 by default. */
  readonly shutdownDelayMs?: number;
  /** Maximum time to wait until all scrapers have read the final values; 0, the default, does not wait. */
  readonly lingerMs?: number;
  /** Options of the status page; without them, `/` is a page with links. */
  readonly statusPage?: StatusPageSettings | undefined;
  /** Maximum time to wait for in-flight scrapes and running tasks; 8,000 by default. */
  readonly shutdownTimeoutMs?: number;
  readonly limits?: ServerLimits;
  readonly webConfig?: WebConfigFile | undefined;
  /** Whether health and readiness need no password. */
  readonly isHealthPublic?: boolean;
  /** Returns why the exporter is not healthy; undefined if it is. */
  readonly unhealthyReason?: () => string | undefined;
  /** Called for each collector that failed in a scrape; by default it is logged. */
  readonly onCollectorError?: (failure: CollectorFailure) => void;
}

interface Listening {
  readonly server: Server;
  readonly shutdown: Shutdown;
}

/** HTTP server of an exporter: serves metrics, health and a landing page on one or several addresses. */
export class ExporterServer {
  readonly #options: ExporterServerOptions;
  readonly #listening: Listening[] = [];
  readonly #metrics: Lingering;
  readonly #scrapes = new ScrapeLog();
  readonly #statusPage: StatusPageRoute | undefined;
  #phase: Phase = 'starting';
  #stopped: Promise<void> | undefined = undefined;

  constructor(options: ExporterServerOptions) {
    this.#options = options;
    this.#metrics = withLinger(this.#metricsHandler());
    const { statusPage } = options;
    const parts = { links: this.#links, health: () => this.#health, scrapes: () => this.#scrapes.records };
    this.#statusPage = statusPage && statusPageRoute(statusPage, options, parts);
  }

  /**
   * Listens on all addresses, then starts the scheduler. Returns the addresses with the actual ports.
   *
   * @throws {CommandError} if an address cannot be used; the server then listens on none.
   */
  async start(addresses: readonly ListenAddress[]): Promise<readonly ListenAddress[]> {
    const { prefix = '', logger } = this.#options;
    const onError = (path: string, err: unknown) => logger.error('A request failed.', { path, err });
    const listener = rejectAmbiguous(this.#protected(routed(withPrefix(prefix, this.#routes()), onError)));
    const bound: ListenAddress[] = [];
    try {
      for (const address of addresses) bound.push(await listen(await this.#serverFor(listener), address));
      await this.#options.scheduler?.start();
      await this.#statusPage?.start();
    } catch (error) {
      await this.#close(0);
      throw error;
    }
    if (this.#phase === 'starting') this.#phase = 'ready';
    return bound;
  }

  /**
   * Completes the responses in flight and waits for running tasks, both within the shutdown timeout, and closes
   * everything. With `lingerMs`, closes only after all scrapers have read the values that the tasks left. Further
   * calls return the same promise.
   */
  stop(): Promise<void> {
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  async #stop(): Promise<void> {
    const { shutdownDelayMs = 0, shutdownTimeoutMs = SHUTDOWN_TIMEOUT_MS, scheduler } = this.#options;
    this.#phase = 'stopping';
    const delayMs = Math.min(shutdownDelayMs, LONGEST_DELAY_MS);
    if (delayMs > 0) await new Promise((resolve) => setTimeout(resolve, delayMs));
    const stopScheduler = async () => scheduler?.stop({ timeout: shutdownTimeoutMs });
    const tasks = stopScheduler();
    const lingered = this.#linger(tasks);
    const ends = await Promise.allSettled([tasks, lingered.then(() => this.#close(shutdownTimeoutMs))]);
    // Only now, so that requests in flight are answered even if the scheduler cannot be stopped.
    for (const end of ends) if (end.status === 'rejected') throw asError(end.reason);
  }

  /** Waits until all scrapers have read what the tasks left. */
  async #linger(tasks: Promise<unknown>): Promise<void> {
    const { lingerMs: timeoutMs = 0, logger } = this.#options;
    if (timeoutMs === 0) return;
    await tasks.catch(() => {});
    logger.info('Waiting for the last scrapes.', { timeoutMs });
    const missing = await this.#metrics.linger({ timeoutMs });
    if (missing.length === 0) return;
    logger.warn('Not all scrapers have read the final values.', { missing: missing.join(', ') });
  }

  async #close(timeoutMs: number): Promise<void> {
    await this.#statusPage?.close(); // Its responses would never end.
    const open = this.#listening.filter(({ server }) => server.listening);
    await Promise.all(open.map(({ shutdown }) => shutdown.end(timeoutMs)));
  }

  async #serverFor(listener: RequestListener): Promise<Server> {
    const { logger, limits = SERVER_LIMITS, selfMetrics } = this.#options;
    const server = await this.#create(listener, limits);
    limitConnections(server, limits);
    limitPipelining(server);
    if (selfMetrics !== undefined) countClientErrors(server, selfMetrics);
    const { maxConnections } = limits;
    dropExcessConnections(server, maxConnections, () => {
      logger.warn('Too many connections; dropped one.', { maxConnections });
    });
    this.#listening.push({ server, shutdown: new Shutdown(server) });
    return server;
  }

  async #create(listener: RequestListener, limits: ServerLimits): Promise<Server> {
    const { webConfig, logger } = this.#options;
    const tls = webConfig?.current.tls;
    if (webConfig !== undefined && tls !== undefined) {
      return await createSecureServer(webConfig, tls, limits, listener, logger);
    }
    const { createServer } = await import('node:http');
    return createServer({ ...limits }, listener);
  }

  #protected(listener: RequestListener): RequestListener {
    const { webConfig, logger, isHealthPublic = false, prefix = '' } = this.#options;
    if (webConfig === undefined) return listener;
    const publicPaths = isHealthPublic ? [PATHS.healthy, PATHS.ready].map((path) => canonicalPath(prefix + path)) : [];
    const isPublic = ({ url = '' }: IncomingMessage) => publicPaths.includes(pathOf(url));
    return withAccessControl(listener, { file: webConfig, logger, isPublic });
  }

  #metricsHandler(): RequestListener {
    const { registry, logger, maxRequests, scrape, selfMetrics } = this.#options;
    const log = ({ collector, error }: CollectorFailure) =>
      logger.error('Collector failed.', { collector, err: error });
    return metricsHandler({
      ...scrape,
      registry,
      maxRequests,
      selfMetrics,
      onError: this.#options.onCollectorError ?? log,
    });
  }

  #routes(): Routes {
    const { telemetryPath, isLifecycleEnabled = false, allowedHosts = [], reload, quit } = this.#options;
    const { unhealthyReason = () => undefined } = this.#options;
    const lifecycle = lifecycleRoutes({
      isEnabled: isLifecycleEnabled,
      allowedHosts,
      reload: reload ?? (async () => {}),
      quit: quit ?? (() => {}),
    });
    return [
      [
        PATHS.landing,
        this.#statusPage?.route ?? { listener: (request, response) => this.#sendLinks(request, response) },
      ],
      [PATHS.icon, { listener: (_, response) => sendNothing(response) }],
      [
        PATHS.healthy,
        {
          listener: (request, response) => {
            const reason = unhealthyReason();
            if (reason === undefined) sendText(request, response, 200, 'Healthy.\n');
            else sendText(request, response, 503, `Unhealthy: ${reason}.\n`);
          },
        },
      ],
      [PATHS.ready, { listener: (request, response) => this.#answerReady(request, response) }],
      [telemetryPath, { listener: this.#recorded(this.#metrics.handler) }],
      ...lifecycle,
      ...Object.entries(this.#options.routes ?? {}).map(([path, listener]) => [path, { listener }] as const),
    ];
  }

  #answerReady(request: IncomingMessage, response: ServerResponse): void {
    const reasons = reasonsNotReady(this.#phase, this.#options.scheduler);
    if (reasons.length === 0) sendText(request, response, 200, 'Ready.\n');
    else sendText(request, response, 503, `Not ready: ${reasons.join('; ')}.\n`);
  }

  #recorded(listener: RequestListener): RequestListener {
    return this.#statusPage === undefined ? listener : this.#scrapes.recording(listener);
  }

  get #health(): Health {
    const unhealthy = this.#options.unhealthyReason?.();
    if (unhealthy !== undefined) return { state: 'unhealthy', reasons: [unhealthy] };
    const reasons = reasonsNotReady(this.#phase, this.#options.scheduler);
    return { state: reasons.length === 0 ? 'healthy' : 'not-ready', reasons };
  }

  get #links() {
    return [
      { path: `.${this.#options.telemetryPath}`, text: 'Metrics' },
      { path: `.${PATHS.healthy}`, text: 'Health' },
      { path: `.${PATHS.ready}`, text: 'Readiness' },
    ];
  }

  #sendLinks(request: IncomingMessage, response: ServerResponse): void {
    const { name, description, version, scheduler, registry } = this.#options;
    const tasks = (scheduler?.tasks ?? []).map(({ status }) => status);
    const collectors = registry.collectorNames ?? [];
    const page = { name, description, version, links: this.#links, tasks, collectors, now: Date.now() };
    if (!response.hasHeader('Content-Security-Policy')) response.setHeader('Content-Security-Policy', LANDING_POLICY);
    sendPage(request, response, landingPage(page));
  }
}

/** Moves all routes below a prefix, and redirects the root to it. */
function withPrefix(prefix: string, routes: Routes): Routes {
  if (prefix === '') return routes;
  const toLanding: Route = {
    listener: (request, response) => {
      response.setHeader('Location', `${prefix}/`);
      sendText(request, response, 302, 'Found.\n');
    },
  };
  const prefixed = routes.map(([path, route]) => [prefix + path, route] as const);
  return [['/', toLanding], [prefix, toLanding], ...prefixed];
}
