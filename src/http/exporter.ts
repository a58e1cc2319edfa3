import type { Logger } from '../model/logger.ts';
import { defaultRegistry } from '../registry/default-registry.ts';
import type { Gatherer } from '../registry/gathering.ts';
import { Registry } from '../registry/registry.ts';
import { type Build, registerBuildInfo, versionText } from './build.ts';
import { COMMANDS, runCommand } from './commands.ts';
import type { ExporterOptions, RunningExporter } from './exporter-options.ts';
import { ExporterServer } from './exporter-server.ts';
import { parseArguments } from './flags/arguments.ts';
import { collectorFlags, DISABLE_DEFAULTS, exporterFlags } from './flags/exporter-flags.ts';
import { type Flags, type FlagValues, UsageError } from './flags/flag.ts';
import { helpText } from './flags/help.ts';
import { urlOf } from './listen-address.ts';
import { createLogger } from './logger.ts';
import { endWithSignals, endWithUncaught } from './process-end.ts';
import { rateLimitedLogger } from './rate-limited-logger.ts';
import { inheritedSockets } from './systemd.ts';

/**
 * The main function of an exporter: reads the command line and the environment, serves metrics, a landing page and health
 * until SIGTERM or SIGINT, then ends the process with exit code 0. A bad flag or a taken port ends it with one line on
 * stderr and exit code 1.
 */
export async function runExporter<const F extends Flags = Record<never, never>>(
  options: ExporterOptions<F>,
): Promise<RunningExporter> {
  try {
    return await run(options);
  } catch (error) {
    const message = error instanceof UsageError ? error.message : String(error instanceof Error ? error.stack : error);
    process.stderr.write(`${options.name}: error: ${message}\n`);
    process.exit(1);
  }
}

type OwnValues = FlagValues<ReturnType<typeof exporterFlags>>;

async function run<F extends Flags>(options: ExporterOptions<F>): Promise<RunningExporter> {
  const { name, description = '', version = 'unknown', revision = 'unknown', scheduler } = options;
  const build = { name, version, revision };
  const flags = {
    ...exporterFlags(options.defaultPort),
    ...collectorFlags(options.collectors ?? {}),
    ...options.flags,
  };
  const parsed = parseArguments(flags, process.argv.slice(2), process.env, name);
  if (parsed.asked === 'help') print(helpText(name, description, flags, name, COMMANDS));
  if (parsed.asked === 'version') print(versionText(build));
  // Those of every exporter stand among them under their own names; what is beside them are the exporter's own.
  const values = parsed.values as OwnValues;
  const ownValues = parsed.values as unknown as FlagValues<F>;
  const prefix = prefixOf(values);
  const [address = { port: options.defaultPort }] = values['web.listen-address'];
  if (parsed.commands.length > 0) {
    print(await runCommand(parsed.commands, { address, prefix, isTls: async () => false }));
  }
  if (values['config.check']) print(await checked(options, ownValues));

  const logger = rateLimitedLogger(createLogger({ level: values['log.level'], format: values['log.format'] }));
  endWithUncaught(logger);
  for (const variable of parsed.unknownVariables) logger.warn('There is no flag for this variable.', { variable });
  await options.setup?.(ownValues);
  const own = ownRegistry(options, build, values);
  const collectors = await createCollectors(options, parsed.values, ownValues, parsed.given);
  const reload = () => reloaded(options, logger);
  const server: ExporterServer = new ExporterServer({
    name,
    description,
    version,
    registry: merged([options.registry ?? defaultRegistry, collectors, own]),
    telemetryPath: values['web.telemetry-path'],
    prefix,
    scheduler,
    logger,
    maxRequests: values['web.max-requests'],
    selfMetrics: own,
    isLifecycleEnabled: values['web.enable-lifecycle'],
    reload,
    quit: () => end({ reason: '/-/quit' }),
    shutdownDelayMs: values['web.shutdown-delay'],
    shutdownTimeoutMs: values['web.shutdown-timeout'],
  });
  const end = endWithSignals({
    logger,
    stop: () => server.stop(),
    timeoutMs: values['web.shutdown-delay'] + values['web.shutdown-timeout'],
    reload,
  });
  const sockets = values['web.systemd-socket'] ? inheritedSockets(process.env, process.pid) : undefined;
  const bound = await server.start(sockets ?? values['web.listen-address']);
  logger.info(`Starting ${name}.`, { version, revision, node: process.version });
  if (process.getuid?.() === 0) logger.warn('It runs as root, and needs not to.');
  const urls = bound.map((each) => urlOf(each));
  for (const url of urls) logger.info('Listening.', { url: url + prefix + values['web.telemetry-path'] });
  return { url: urls[0] ?? '', urls, stop: () => server.stop() };
}

function prefixOf(values: OwnValues): string {
  if (values['web.route-prefix'] !== '') return values['web.route-prefix'];
  const external = values['web.external-url'];
  return external === '' ? '' : new URL(external).pathname.replace(/\/+$/, '');
}

async function checked<F extends Flags>(options: ExporterOptions<F>, values: FlagValues<F>): Promise<string> {
  const mistakes = (await options.checkConfig?.(values)) ?? [];
  if (mistakes.length > 0) throw new UsageError(`the configuration has mistakes:\n${mistakes.join('\n')}`);
  return 'The configuration has no mistakes.\n';
}

/** For what the exporter tells of itself, where it does. */
function ownRegistry<F extends Flags>(
  { defaultCollectors }: ExporterOptions<F>,
  build: Build,
  values: OwnValues,
): Registry | undefined {
  if (defaultCollectors === undefined || values['web.disable-exporter-metrics']) return undefined;
  const registry = new Registry({ selfMetrics: false });
  registerBuildInfo(build, registry);
  defaultCollectors(registry);
  return registry;
}

async function createCollectors<F extends Flags>(
  { collectors = {} }: ExporterOptions<F>,
  values: Readonly<Record<string, unknown>>,
  ownValues: FlagValues<F>,
  given: ReadonlySet<string>,
): Promise<Registry | undefined> {
  const registry = new Registry();
  for (const [name, { create }] of Object.entries(collectors)) {
    const flag = `collector.${name}`;
    const isOn = values[flag] === true && (given.has(flag) || values[DISABLE_DEFAULTS] !== true);
    if (!isOn) continue;
    const collector = await create(ownValues);
    registry.register({ name, collect: (context) => collector.collect(context) });
  }
  return Object.keys(collectors).length === 0 ? undefined : registry;
}

function merged(gatherers: readonly (Gatherer | undefined)[]): Gatherer {
  const all = gatherers.filter((gatherer) => gatherer !== undefined);
  const [only] = all;
  return all.length === 1 && only !== undefined ? only : Registry.merge(...all);
}

async function reloaded<F extends Flags>({ reload }: ExporterOptions<F>, logger: Logger): Promise<void> {
  try {
    await reload?.();
    logger.info('Reloaded.');
  } catch (error) {
    logger.error('The configuration could not be reloaded; all stays as it was.', { err: error });
    throw error;
  }
}

function print(text: string): never {
  process.stdout.write(text);
  process.exit(0);
}
