import type { Flags } from '../command-line/flag.ts';
import { CommandError, UsageError } from '../command-line/usage-error.ts';
import type { Logger } from '../model/logger.ts';
import { checkOptionNames } from '../model/option-names.ts';
import { asError, thrownStack, thrownText } from '../model/thrown.ts';
import { currentOverrides, overridesMistake } from '../registry/current-overrides.ts';
import { defaultRegistry } from '../registry/default-registry.ts';
import type { Gatherer } from '../registry/gathering.ts';
import { Scheduler } from '../scheduler/scheduler.ts';
import { WebConfigFile } from '../web-config/web-config-file.ts';
import { createCollectors, mergeGatherers } from './collector-selection.ts';
import { isDelivering, startDeliveries } from './deliveries.ts';
import { type ExporterMetrics, startExporterMetrics } from './exporter-metrics.ts';
import { EXPORTER_OPTIONS, type ExporterOptions, type RunningExporter } from './exporter-options.ts';
import { rateLimitedLogger } from './log/rate-limited-logger.ts';
import { createLogger } from './log/structured-logger.ts';
import { runOneShot } from './one-shot-commands.ts';
import { exitOnSignals, exitOnUncaught } from './process-lifecycle.ts';
import { type Program, printAndExit, readProgram } from './program.ts';
import { ExporterServer, type ExporterServerOptions } from './server/exporter-server.ts';
import { inheritedSockets } from './server/listen.ts';
import { type ListenAddress, urlOf } from './server/listen-address.ts';
import type { Background } from './server/readiness.ts';

/** Implements `runExporter()`, which loads this module on demand. */
export async function startExporter<const F extends Flags = Record<never, never>>(
  options: ExporterOptions<F>,
): Promise<RunningExporter> {
  try {
    return await run(options);
  } catch (thrown) {
    const error = asError(thrown);
    const message = error instanceof CommandError ? error.message : thrownStack(thrown);
    const hint = error instanceof UsageError ? ' See --help.' : '';
    process.stderr.write(`${options.name}: error: ${message}${hint}\n`);
    process.exit(1);
  }
}

async function run<F extends Flags>(options: ExporterOptions<F>): Promise<RunningExporter> {
  checkOptionNames('runExporter()', options, EXPORTER_OPTIONS);
  const program = readProgram(options);
  const output = await runOneShot(program);
  if (output !== undefined) printAndExit(output);
  const { values } = program.parsed;
  const logger = startLog(program);
  useOverrides(logger);
  options.scheduler?.useLogger?.(logger);
  const lifecycle: Lifecycle = { stop: async () => {}, reload: async () => {} };
  // Before anything else: the first process of a container ignores signals that it does not listen for.
  const stopProcess = exitOnSignals({
    logger,
    timeoutMs: shutdownLimitMs(program),
    stop: () => lifecycle.stop(),
    reload: () => lifecycle.reload(),
  });
  await options.setup?.(program.ownFlags);
  const webConfig = await loadWebConfig(values['web.config.file'], logger);
  lifecycle.reload = () => reload(options, webConfig, logger);
  const parts = { logger, webConfig, reload: lifecycle.reload, quit: () => stopProcess({ reason: '/-/quit' }) };
  return await serve(program, parts, lifecycle);
}

/** The longest time that a graceful shutdown can take. */
function shutdownLimitMs<F extends Flags>({ parsed: { values } }: Program<F>): number {
  const { 'web.shutdown-delay': delay, 'web.linger': linger, 'web.shutdown-timeout': timeout } = values;
  // Tasks end before scrapers are waited for, and the last values are delivered when the server has closed.
  const stages = 1 + Number(linger > 0) + Number(isDelivering(values));
  return delay + linger + stages * timeout;
}

/** Functions that signals call. They do nothing until there is something to stop or to reload. */
interface Lifecycle {
  stop: () => Promise<void>;
  reload: () => Promise<void>;
}

/** Starts the log, which from now on also reports uncaught errors. */
function startLog<F extends Flags>({ parsed: { values, unknownVariables, serviceVariables } }: Program<F>): Logger {
  const logger = rateLimitedLogger(createLogger({ level: values['log.level'], format: values['log.format'] }));
  exitOnUncaught(logger);
  if (serviceVariables.length > 0) {
    const variables = serviceVariables.join(' ');
    logger.debug('Ignoring environment variables that Kubernetes set for a Service.', { variables });
  }
  for (const variable of unknownVariables) logger.warn(`Ignoring environment variable ${variable}: no such flag.`);
  return logger;
}

/** Lets the log report overrides that do not fit. Metrics created before have read them. */
function useOverrides(logger: Logger): void {
  const mistake = overridesMistake();
  if (mistake !== undefined) throw new CommandError(mistake);
  const overrides = currentOverrides();
  if (overrides !== undefined) overrides.logger = logger;
}

async function loadWebConfig(path: string, logger: Logger): Promise<WebConfigFile | undefined> {
  if (path === '') return undefined;
  try {
    return await WebConfigFile.load(path, logger);
  } catch (error) {
    throw new CommandError(`--web.config.file: ${path}: ${thrownText(error)}`);
  }
}

async function reload<F extends Flags>(
  options: ExporterOptions<F>,
  webConfig: WebConfigFile | undefined,
  logger: Logger,
): Promise<void> {
  try {
    await webConfig?.reload();
    await options.reload?.();
    logger.info('Reloaded the configuration.');
  } catch (error) {
    logger.error('Reloading the configuration failed; invalid parts stay as they were.', { err: error });
    throw error;
  }
}

async function serve<F extends Flags>(
  program: Program<F>,
  parts: ServerParts,
  lifecycle: Lifecycle,
): Promise<RunningExporter> {
  const { values } = program.parsed;
  const scheduler = new Scheduler({ logger: parts.logger, unref: true });
  const background = isDelivering(values)
    ? withTasksOf(scheduler, program.options.scheduler)
    : program.options.scheduler;
  const options = { ...program.options, ...(background && { scheduler: background }) };
  const exporterMetrics = await startExporterMetrics(options, program.parsed, {
    webConfig: parts.webConfig,
    isThreaded: values['web.scrape-thread'],
  });
  const selfMetrics = exporterMetrics?.registry;
  const ownRegistry = await ownRegistryOf(program);
  const registry = mergeGatherers([ownRegistry, selfMetrics]);
  const server = await createServer({ ...program, options }, parts, registry, exporterMetrics);
  const deliveryParts = { name: options.name, registry, ownRegistry, selfMetrics, logger: parts.logger, scheduler };
  const delivery = await startDeliveries(values, deliveryParts);
  const shutdown = onlyOnce(async () => await program.options.shutdown?.());
  lifecycle.stop = async () => {
    try {
      await server.stop();
    } finally {
      await delivery.stop({ timeout: values['web.shutdown-timeout'] });
      exporterMetrics?.stop();
      await shutdown();
    }
  };
  const sockets = values['web.systemd-socket'] ? inheritedSockets(process.env, process.pid) : undefined;
  const bound = await server.start(sockets ?? values['web.listen-address']);
  const { logger, webConfig } = parts;
  const urls = logListening(program, bound, logger, webConfig?.current.tls === undefined ? 'http' : 'https');
  return { url: urls[0] ?? '', urls, stop: lifecycle.stop };
}

/** Shows the tasks of a scheduler after those of the exporter. It is started and stopped elsewhere. */
function withTasksOf(scheduler: Scheduler, background: Background | undefined): Background {
  return {
    get tasks() {
      const own = background?.tasks ?? [];
      const names = new Set(own.map(({ name }) => name));
      return [...own, ...scheduler.tasks.filter(({ name }) => !names.has(name))];
    },
    start: () => background?.start(),
    stop: (options) => background?.stop(options),
  };
}

/** Calls it the first time, and returns the same promise afterwards. */
function onlyOnce(call: () => Promise<void>): () => Promise<void> {
  let called: Promise<void> | undefined;
  return () => {
    called ??= call();
    return called;
  };
}

interface ServerParts {
  readonly logger: Logger;
  readonly webConfig: WebConfigFile | undefined;
  readonly reload: () => Promise<void>;
  readonly quit: () => void;
}

/** The registry and the collectors of the exporter, without metrics about the exporter itself. */
async function ownRegistryOf<F extends Flags>({ options, parsed }: Program<F>): Promise<Gatherer> {
  const { registry = defaultRegistry, collectors = {} } = options;
  return mergeGatherers([registry, await createCollectors(collectors, parsed)]);
}

async function createServer<F extends Flags>(
  { options, build, parsed: { values }, prefix, settings }: Program<F>,
  parts: ServerParts,
  registry: Gatherer,
  metrics: ExporterMetrics | undefined,
): Promise<Pick<ExporterServer, 'start' | 'stop'>> {
  const { description = '', scheduler, timeoutMs, errorMode, compress, routes = {} } = options;
  const serverOptions: ExporterServerOptions = {
    ...build,
    ...parts,
    description,
    registry,
    telemetryPath: values['web.telemetry-path'],
    prefix,
    routes,
    scheduler,
    maxRequests: values['web.max-requests'],
    scrape: { timeoutMs, errorMode, compress, createdLines: values['web.created-lines'] },
    selfMetrics: metrics?.registry,
    isHealthPublic: values['web.health.no-auth'],
    isLifecycleEnabled: values['web.enable-lifecycle'],
    allowedHosts: values['web.allowed-host'],
    shutdownDelayMs: values['web.shutdown-delay'],
    lingerMs: values['web.linger'],
    statusPage: values['web.status-page']
      ? { isHistoryKept: values['web.status-history'], traceUrl: values['web.trace-url'] || undefined, settings }
      : undefined,
    shutdownTimeoutMs: values['web.shutdown-timeout'],
  };
  if (!values['web.scrape-thread']) {
    if (values['web.unhealthy-after'] > 0) throw new UsageError('--web.unhealthy-after needs --web.scrape-thread.');
    return new ExporterServer(serverOptions);
  }
  const { ThreadServer } = await import('./scrape-thread/thread-server.ts');
  return new ThreadServer(serverOptions, {
    webConfigFile: values['web.config.file'],
    unhealthyAfterMs: values['web.unhealthy-after'],
    log: { level: values['log.level'], format: values['log.format'] },
    hasScrapeMetrics: metrics !== undefined,
    hasProcessMetrics: metrics?.isProcessInThread ?? false,
  });
}

/** Logs where the exporter listens, and returns the URLs. */
function logListening<F extends Flags>(
  { build, prefix, parsed }: Program<F>,
  bound: readonly ListenAddress[],
  logger: Logger,
  scheme: 'http' | 'https',
): string[] {
  logger.info(`Starting ${build.name}.`, { version: build.version, revision: build.revision, node: process.version });
  if (process.getuid?.() === 0) logger.warn('Running as root is not required and not recommended.');
  const urls = bound.map((address) => urlOf(address, scheme));
  for (const url of urls) logger.info('Listening.', { url: url + prefix + parsed.values['web.telemetry-path'] });
  return urls;
}
