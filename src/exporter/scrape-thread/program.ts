/** The program of a scrape thread: serves the registries of the main thread, also while that is blocked. */
import { writeSync } from 'node:fs';
import { workerData } from 'node:worker_threads';
import { collectProcess } from '../../collectors/collect-process.ts';
import { Gauge } from '../../metrics/gauge.ts';
import { thrownText } from '../../model/thrown.ts';
import { Registry } from '../../registry/registry.ts';
import { WebConfigFile } from '../../web-config/web-config-file.ts';
import type { ThreadAddress, ThreadData } from '../../workers/scrape-thread/thread-settings.ts';
import { readRegistries } from '../../workers/shared-tables/registry-link.ts';
import { createLogger } from '../log/structured-logger.ts';
import { ExporterServer } from '../server/exporter-server.ts';
import { parseListenAddress, urlOf } from '../server/listen-address.ts';
import { parseTelemetryPath } from '../server/paths.ts';
import type { Background } from '../server/readiness.ts';

const CALL_TIMEOUT_MS = 10_000;
const STANDARD_ERROR = 2;

const { port, status: memory, settings }: ThreadData = workerData; // The thread that starts this program passes it.
const { name, description, version, prefix, maxRequests, scrape, isHealthPublic, isLifecycleEnabled } = settings;

/** The tasks of the main thread as it has last told. */
let tasks: NonNullable<Background['tasks']> = [];

const { mirror, status, calls } = readRegistries(port, memory, {
  start,
  stop: () => server?.stop(),
  reload: () => webConfig?.reload(),
  tasks: (told: typeof tasks) => {
    tasks = told;
  },
});
port.ref();

// Standard error of a worker thread goes through the event loop of the main thread.
const logger = createLogger({ ...settings.log, write: (line) => void writeSync(STANDARD_ERROR, line) });
const own = new Registry({ selfMetrics: false });
new Gauge({
  name: 'nodejs_eventloop_blocked_seconds',
  unit: 'seconds',
  help: 'How long the event loop of the main thread has been blocked in seconds; 0 if it is not.',
  registry: own,
  collect: (gauge) => gauge.set(status.blockedMs / 1000),
});
if (settings.hasProcessMetrics) collectProcess({ registry: own });
let webConfig: WebConfigFile | undefined;
let server: ExporterServer | undefined;

async function start(): Promise<readonly ThreadAddress[]> {
  const addresses = settings.listen.map(parseListenAddress);
  if (settings.webConfigFile !== '') webConfig = await WebConfigFile.load(settings.webConfigFile, logger);
  server = new ExporterServer({
    name,
    description,
    version,
    registry: Registry.merge(mirror, own),
    telemetryPath: parseTelemetryPath(settings.path),
    prefix,
    maxRequests,
    scrape,
    selfMetrics: settings.hasScrapeMetrics ? own : undefined,
    isHealthPublic,
    isLifecycleEnabled,
    allowedHosts: settings.allowedHosts,
    unhealthyReason,
    shutdownDelayMs: settings.shutdownDelayMs,
    lingerMs: settings.lingerMs,
    shutdownTimeoutMs: settings.shutdownTimeoutMs,
    logger,
    webConfig,
    onCollectorError: (failure) => tell('failed', { collector: failure.collector, message: thrownText(failure.error) }),
    reload: async () => void (await calls.call('reload', undefined, { timeoutMs: CALL_TIMEOUT_MS })),
    quit: () => tell('quit', undefined),
    scheduler: {
      get tasks() {
        return tasks;
      },
      start: () => {},
      stop: () => {},
    },
  });
  const bound = await server.start(addresses);
  const scheme = webConfig?.current.tls === undefined ? 'http' : 'https';
  return bound.map((address) => ({ url: urlOf(address, scheme), port: 'port' in address ? address.port : undefined }));
}

function tell(call: string, argument: unknown): void {
  calls.call(call, argument, { timeoutMs: CALL_TIMEOUT_MS }).catch((error: unknown) => {
    logger.warn('The main thread did not answer.', { call, err: error });
  });
}

function unhealthyReason(): string | undefined {
  const { unhealthyAfterMs } = settings;
  const { blockedMs } = status;
  if (unhealthyAfterMs === 0 || blockedMs <= unhealthyAfterMs) return undefined;
  return `the event loop has been blocked for ${(blockedMs / 1000).toFixed(1)} s`;
}
