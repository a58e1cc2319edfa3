/** The program of a scrape thread: serves the registries of the main thread, also while that is blocked. */
import { writeSync } from 'node:fs';
import { workerData } from 'node:worker_threads';
import { metricPrefix } from '../../collectors/build-info.ts';
import { collectProcess } from '../../collectors/collect-process.ts';
import { Counter } from '../../metrics/counter.ts';
import { Gauge } from '../../metrics/gauge.ts';
import type { MetricFamily } from '../../model/family.ts';
import { thrownText } from '../../model/thrown.ts';
import { currentOverrides, setOverrides } from '../../registry/current-overrides.ts';
import { type CollectorFailure, type Gatherer, Gathering } from '../../registry/gathering.ts';
import { Overrides } from '../../registry/overrides.ts';
import { Registry } from '../../registry/registry.ts';
import { SchedulerCollector } from '../../scheduler/scheduler-collector.ts';
import { WebConfigFile } from '../../web-config/web-config-file.ts';
import type { ThreadAddress, ThreadData } from '../../workers/scrape-thread/thread-settings.ts';
import { readRegistries } from '../../workers/shared-tables/registry-link.ts';
import { registerReloads } from '../exporter-metrics.ts';
import { rateLimitedLogger } from '../log/rate-limited-logger.ts';
import { createLogger } from '../log/structured-logger.ts';
import { ExporterServer } from '../server/exporter-server.ts';
import { parseListenAddress, urlOf } from '../server/listen-address.ts';
import { parseTelemetryPath } from '../server/paths.ts';
import type { Background } from '../server/readiness.ts';
import type { StatusPageSettings } from '../server/status-page-route.ts';
import { forwardingListener } from './forward-request.ts';
import { forwardingLogger } from './forwarding-logger.ts';
import type { ReportedTasks } from './thread-server.ts';

const CALL_TIMEOUT_MS = 10_000;
const STANDARD_ERROR = 2;

const { port, status: memory, settings, overrides }: ThreadData = workerData; // The thread that starts this program passes it.
setOverrides(overrides && new Overrides(overrides, true));
const { name, description, version, prefix, maxRequests, scrape, isHealthPublic, isLifecycleEnabled } = settings;

/** The tasks of the main thread as it has last told. */
let tasks: ReportedTasks = [];

const { mirror, status, calls } = readRegistries(port, memory, {
  handlers: {
    start,
    stop: () => server?.stop(),
    tasks: (told: typeof tasks) => {
      tasks = told;
    },
  },
});
port.ref();

// Standard error of a worker thread goes through the event loop of the main thread.
const logger = rateLimitedLogger(
  settings.isLogForwarded
    ? forwardingLogger((line) => tell('log', line))
    : createLogger({ ...settings.log, write: (line) => void writeSync(STANDARD_ERROR, line) }),
);
const followed = currentOverrides();
if (followed !== undefined) followed.logger = logger;
const own = new Registry({ selfMetrics: false });
new Gauge({
  name: 'nodejs_eventloop_blocked_seconds',
  unit: 'seconds',
  help: 'How long the event loop of the main thread has been blocked in seconds; 0 if it is not.',
  registry: own,
  collect: (gauge) => gauge.set(status.blockedMs / 1000),
});
new Counter({
  name: 'nodejs_scrape_thread_restarts_total',
  help: 'Total number of times that the scrape thread was started again because it had ended.',
  registry: own,
}).inc(settings.restarts);
if (settings.hasProcessMetrics) collectProcess({ registry: own });
/** The main thread, with the age of its values that are not in shared memory. */
const main: Gatherer = {
  get collectorNames() {
    return mirror.collectorNames;
  },
  get workers() {
    return mirror.workers;
  },
  gather: async (options) => {
    const gathering = await mirror.gather(options);
    const { valuesAgeMs } = mirror;
    // Like metrics, it is not a part of selected collectors.
    if (valuesAgeMs === undefined || options?.collect !== undefined) return gathering;
    return new Gathering([...gathering.entries, ageFamily(valuesAgeMs)], gathering.failures);
  },
};

let webConfig: WebConfigFile | undefined;
let server: ExporterServer | undefined;

/** The scheduler of the exporter, in the main thread. */
const scheduler: Background = {
  get tasks() {
    if (!settings.hasTasks) return undefined;
    return tasks.map((task) => ({
      ...task,
      runNow: () => calls.call('runTask', task.name, { timeoutMs: CALL_TIMEOUT_MS }),
    }));
  },
  start: async () => {
    // From the same version of this package.
    tasks = (await calls.call('startTasks', undefined, { timeoutMs: CALL_TIMEOUT_MS })) as ReportedTasks;
  },
  stop: ({ timeout }) => calls.call('stopTasks', timeout, { timeoutMs: timeout + CALL_TIMEOUT_MS }),
};

async function start(): Promise<readonly ThreadAddress[]> {
  const addresses = settings.listen.map((listen) => (typeof listen === 'string' ? parseListenAddress(listen) : listen));
  if (settings.webConfigFile !== '') webConfig = await WebConfigFile.load(settings.webConfigFile, logger);
  if (settings.hasScrapeMetrics && webConfig !== undefined) registerReloads(metricPrefix(name), webConfig, own);
  if (settings.hasScrapeMetrics && settings.hasTasks) own.register(new SchedulerCollector(() => tasks));
  server = new ExporterServer({
    name,
    description,
    version,
    registry: Registry.merge(main, own),
    telemetryPath: parseTelemetryPath(settings.path),
    prefix,
    routes: Object.fromEntries(settings.routes.map((path) => [path, forwardingListener(calls, status)])),
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
    // The main thread of the same version has set it.
    statusPage: settings.statusPage as StatusPageSettings | undefined,
    ...(settings.isReporting ? { onCollectorError: report } : {}),
    reload: async () => void (await calls.call('reload', undefined, { timeoutMs: CALL_TIMEOUT_MS })),
    quit: () => tell('quit', undefined),
    scheduler: settings.isReporting ? undefined : scheduler,
  });
  const bound = await server.start(addresses);
  const scheme = webConfig?.current.tls === undefined ? 'http' : 'https';
  return bound.map((address) => ({ url: urlOf(address, scheme), port: 'port' in address ? address.port : undefined }));
}

function ageFamily(milliseconds: number): MetricFamily {
  return {
    name: 'nodejs_main_thread_values_age_seconds',
    unit: 'seconds',
    help: 'Age in seconds of the values that only the main thread can read, such as heap sizes.',
    type: 'gauge',
    points: [{ labels: {}, value: milliseconds / 1000 }],
  };
}

function report({ collector, error }: CollectorFailure): void {
  tell('failed', { collector, message: thrownText(error) });
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
