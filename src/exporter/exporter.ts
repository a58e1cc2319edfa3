import type { Flags } from '../command-line/flag.ts';
import { CommandError, UsageError } from '../command-line/usage-error.ts';
import type { Logger } from '../model/logger.ts';
import { asError, thrownStack } from '../model/thrown.ts';
import { defaultRegistry } from '../registry/default-registry.ts';
import type { Registry } from '../registry/registry.ts';
import type { WebConfigFile } from '../web-config/web-config-file.ts';
import { createCollectors, merged } from './collector-selection.ts';
import { startOwnMetrics } from './exporter-metrics.ts';
import type { ExporterOptions, RunningExporter } from './exporter-options.ts';
import { createLogger } from './log/logger.ts';
import { rateLimitedLogger } from './log/rate-limited-logger.ts';
import { endWithSignals, endWithUncaught } from './process-lifecycle.ts';
import { type Program, print, readProgram } from './program.ts';
import { answerOf, loadWebConfig } from './program-answer.ts';
import { ExporterServer } from './server/exporter-server.ts';
import { type ListenAddress, urlOf } from './server/listen-address.ts';
import { inheritedSockets } from './server/systemd.ts';

/** `runExporter()`, whose contract stands where it is loaded from: run-exporter.ts. */
export async function runExporter<const F extends Flags = Record<never, never>>(
  options: ExporterOptions<F>,
): Promise<RunningExporter> {
  try {
    return await run(options);
  } catch (thrown) {
    const error = asError(thrown);
    const message = error instanceof CommandError ? error.message : thrownStack(thrown);
    process.stderr.write(`${options.name}: error: ${message}${error instanceof UsageError ? ' See --help.' : ''}\n`);
    process.exit(1);
  }
}

async function run<F extends Flags>(options: ExporterOptions<F>): Promise<RunningExporter> {
  const program = readProgram(options);
  const answer = await answerOf(program);
  if (answer !== undefined) print(answer);
  const logger = startLog(program);
  const life: Life = { stop: async () => {}, reload: async () => {} };
  // From here on: as the first process of a container it would not hear a signal that it does not listen to.
  const end = endWithSignals({
    logger,
    timeoutMs: stopMs(program),
    stop: () => life.stop(),
    reload: () => life.reload(),
  });
  await options.setup?.(program.own);
  const webConfig = await loadWebConfig(program.parsed.values['web.config.file'], logger);
  life.reload = () => reloaded(options, webConfig, logger);
  const parts = { logger, webConfig, reload: life.reload, quit: () => end({ reason: '/-/quit' }) };
  return await serve(program, parts, life);
}

/** What signals do: nothing is there to be stopped before there is a server. */
interface Life {
  stop: () => Promise<void>;
  reload: () => Promise<void>;
}

/** The log, which hears of errors that nobody catches from now on. */
function startLog<F extends Flags>({ parsed: { values, unknownVariables, serviceVariables } }: Program<F>): Logger {
  const logger = rateLimitedLogger(createLogger({ level: values['log.level'], format: values['log.format'] }));
  endWithUncaught(logger);
  if (serviceVariables.length > 0) {
    logger.debug('The variables of a Kubernetes Service are ignored.', { variables: serviceVariables.join(' ') });
  }
  for (const variable of unknownVariables) logger.warn(`There is no flag for the variable ${variable}.`);
  return logger;
}

function stopMs<F extends Flags>({ parsed: { values } }: Program<F>): number {
  return values['web.shutdown-delay'] + values['web.shutdown-timeout'];
}

async function serve<F extends Flags>(program: Program<F>, parts: Parts, life: Life): Promise<RunningExporter> {
  const { values } = program.parsed;
  const own = await startOwnMetrics(program.options, program.parsed, parts.webConfig);
  const server = await createServer(program, parts, own?.registry);
  life.stop = () => server.stop().finally(() => own?.stop());
  const sockets = values['web.systemd-socket'] ? inheritedSockets(process.env, process.pid) : undefined;
  const bound = await server.start(sockets ?? values['web.listen-address']);
  const { logger, webConfig } = parts;
  const urls = announce(program, bound, logger, webConfig?.current.tls === undefined ? 'http' : 'https');
  return { url: urls[0] ?? '', urls, stop: life.stop };
}

interface Parts {
  readonly logger: Logger;
  readonly webConfig: WebConfigFile | undefined;
  readonly reload: () => Promise<void>;
  readonly quit: () => void;
}

async function createServer<F extends Flags>(
  program: Program<F>,
  parts: Parts,
  own: Registry | undefined,
): Promise<ExporterServer> {
  const { options, build, parsed, prefix } = program;
  const { registry = defaultRegistry, collectors = {}, description = '', scheduler } = options;
  const { timeoutMs, errorMode, compress } = options;
  const { values } = parsed;
  return new ExporterServer({
    ...build,
    ...parts,
    description,
    registry: merged([registry, await createCollectors(collectors, parsed), own]),
    telemetryPath: values['web.telemetry-path'],
    prefix,
    scheduler,
    maxRequests: values['web.max-requests'],
    scrape: { timeoutMs, errorMode, compress, createdLines: values['web.created-lines'] },
    selfMetrics: own,
    isHealthOpen: values['web.health.no-auth'],
    isLifecycleEnabled: values['web.enable-lifecycle'],
    allowedHosts: values['web.allowed-host'],
    shutdownDelayMs: values['web.shutdown-delay'],
    shutdownTimeoutMs: values['web.shutdown-timeout'],
  });
}

/** Says in the log where it listens; gives the URLs. */
function announce<F extends Flags>(
  { build, prefix, parsed }: Program<F>,
  bound: readonly ListenAddress[],
  logger: Logger,
  scheme: 'http' | 'https',
): string[] {
  logger.info(`Starting ${build.name}.`, { version: build.version, revision: build.revision, node: process.version });
  if (process.getuid?.() === 0) logger.warn('It runs as root, and needs not to.');
  const urls = bound.map((address) => urlOf(address, scheme));
  for (const url of urls) logger.info('Listening.', { url: url + prefix + parsed.values['web.telemetry-path'] });
  return urls;
}

async function reloaded<F extends Flags>(
  { reload }: ExporterOptions<F>,
  webConfig: WebConfigFile | undefined,
  logger: Logger,
): Promise<void> {
  try {
    await webConfig?.reload();
    await reload?.();
    logger.info('Reloaded.');
  } catch (error) {
    logger.error('The configuration could not be reloaded; what could not be read stays as it was.', { err: error });
    throw error;
  }
}
