import type { RequestListener, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Logger } from '../model/logger.ts';
import type { Gatherer } from '../registry/gathering.ts';
import { metricsHandler } from './handler.ts';
import { landingPage } from './landing-page.ts';
import { type ListenAddress, listen } from './listen.ts';
import { routed, sendPage, sendText } from './routes.ts';
import { Shutdown } from './shutdown.ts';

/** As long as a scraper may need to read on, but within the ten seconds after which containers are killed. */
const SHUTDOWN_MS = 8_000;

const LIMITS = {
  headersTimeout: 10_000,
  requestTimeout: 30_000,
  connectionsCheckingInterval: 5_000,
  // Prometheus keeps its connection; at Node's 5 s every scrape would need a new one.
  keepAliveTimeout: 125_000,
};

/** Something that runs beside the server: begins and ends with it. */
export interface Background {
  start(): unknown;
  stop(options: { readonly timeout: number }): unknown;
}

export interface ExporterServerOptions {
  readonly name: string;
  readonly description: string;
  readonly version: string;
  readonly registry: Gatherer;
  readonly telemetryPath: string;
  readonly scheduler: Background | undefined;
  readonly logger: Logger;
}

/** An exporter's HTTP side: metrics, health and a landing page. */
export class ExporterServer {
  readonly #options: ExporterServerOptions;
  #server: Server | undefined;
  #shutdown: Shutdown | undefined;
  #state: 'starting' | 'ready' | 'stopping' = 'starting';

  constructor(options: ExporterServerOptions) {
    this.#options = options;
  }

  /** Listens, then starts the scheduler. Throws a UsageError where the address cannot be had. */
  async start(address: ListenAddress): Promise<AddressInfo> {
    const { createServer } = await import('node:http');
    const server = createServer(LIMITS, routed(this.#routes()));
    server.maxHeadersCount = 100;
    this.#shutdown = new Shutdown(server);
    this.#server = server;
    const bound = await listen(server, address);
    await this.#options.scheduler?.start();
    this.#state = 'ready';
    return bound;
  }

  /** Ends everything: responses under way are sent to their end, tasks that run are waited for, both within 8 s. */
  async stop(): Promise<void> {
    this.#state = 'stopping';
    await Promise.all([
      this.#options.scheduler?.stop({ timeout: SHUTDOWN_MS }),
      this.#server?.listening ? this.#shutdown?.end(SHUTDOWN_MS) : undefined,
    ]);
  }

  #routes(): ReadonlyMap<string, RequestListener> {
    const { registry, telemetryPath, logger } = this.#options;
    const metrics = metricsHandler({
      registry,
      onError: ({ collector, error }) => logger.error('A collector failed.', { collector, err: error }),
    });
    return new Map<string, RequestListener>([
      ['/', this.#landing()],
      ['/-/healthy', (request, response) => sendText(request, response, 200, 'Healthy.\n')],
      ['/-/ready', (request, response) => this.#answerReady(request, response)],
      [telemetryPath, metrics],
    ]);
  }

  #landing(): RequestListener {
    const { name, description, version, telemetryPath } = this.#options;
    const links = [
      { path: telemetryPath, text: 'Metrics' },
      { path: '/-/healthy', text: 'Health' },
      { path: '/-/ready', text: 'Readiness' },
    ];
    const page = landingPage({ name, description, version, links });
    return (request, response) => sendPage(request, response, page);
  }

  #answerReady(...[request, response]: Parameters<RequestListener>): void {
    if (this.#state === 'ready') sendText(request, response, 200, 'Ready.\n');
    else sendText(request, response, 503, `Not ready: ${this.#state}.\n`);
  }
}
