import { defaultRegistry } from '../registry/default-registry.ts';
import type { Gatherer } from '../registry/gathering.ts';
import { version as packageVersion } from '../version.ts';
import { type Background, ExporterServer } from './exporter-server.ts';
import { type Flags, type FlagValues, helpText, parseArguments, UsageError } from './flags.ts';
import { unhealthyReason } from './healthcheck.ts';
import { parseListenAddress, urlOf } from './listen.ts';
import { createLogger, logFormats, logLevels } from './logger.ts';

export interface ExporterOptions<F extends Flags = Flags> {
  /** As in `example_exporter`; variables of the environment begin with it. */
  readonly name: string;
  /** The port where nobody asks for another. */
  readonly defaultPort: number;
  /** What it exports, for people. */
  readonly description?: string;
  /** The exporter's own version. */
  readonly version?: string;
  /** The default registry by default. */
  readonly registry?: Gatherer;
  /** Started once the server listens, stopped with it. */
  readonly scheduler?: Background;
  /** The exporter's own flags, beside those that every exporter has. */
  readonly flags?: F;
  /** Called with the values of `flags` before anything starts: the place to build what depends on them. */
  readonly setup?: (values: FlagValues<F>) => void | Promise<void>;
}

/** An exporter that runs. */
export interface RunningExporter {
  /** Where this machine reaches it. */
  readonly url: string;
  stop(): Promise<void>;
}

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

async function run<F extends Flags>(options: ExporterOptions<F>): Promise<RunningExporter> {
  const { name, description = '', version = 'unknown', registry = defaultRegistry, scheduler } = options;
  const flags = { ...commonFlags(options.defaultPort), ...options.flags };
  const { values, asked, commands } = parseArguments(flags, process.argv.slice(2), process.env, name);
  if (asked !== undefined)
    print(asked === 'help' ? helpText(name, description, flags, name) : versionText(name, version));
  const address = values['web.listen-address'];
  if (commands.length > 0) await runCommand(commands, address);

  const logger = createLogger({ level: values['log.level'], format: values['log.format'] });
  // What is beside the common flags are the exporter's own.
  await options.setup?.(values as unknown as FlagValues<F>);
  const telemetryPath = values['web.telemetry-path'];
  const server = new ExporterServer({ name, description, version, registry, telemetryPath, scheduler, logger });
  stopOnSignal(server, logger.info);
  const { port } = await server.start(address);
  const url = urlOf({ ...address, port });
  logger.info(`Starting ${name}.`, { version, node: process.version });
  logger.info('Listening.', { url: url + telemetryPath });
  return { url, stop: () => server.stop() };
}

function commonFlags(defaultPort: number) {
  return {
    'web.listen-address': {
      help: 'Where to listen, as host:port; without a host on all interfaces.',
      default: `:${defaultPort}`,
      parse: parseListenAddress,
    },
    'web.telemetry-path': { help: 'Path under which metrics are served.', default: '/metrics', parse: parsePath },
    'log.level': { help: 'Lowest level that is logged.', default: 'info', parse: oneOf(logLevels) },
    'log.format': { help: 'How log lines are written.', default: 'logfmt', parse: oneOf(logFormats) },
  } satisfies Flags;
}

function parsePath(text: string): string {
  if (/^\/[^?#\s]+$/.test(text)) return text;
  throw new RangeError(
    `${JSON.stringify(text)} is no path for metrics: begin with /, and leave / to the landing page.`,
  );
}

function oneOf<const T extends string>(choices: readonly T[]): (text: string) => T {
  return (text) => {
    const choice = choices.find((candidate) => candidate === text);
    if (choice === undefined) throw new RangeError(`${JSON.stringify(text)} is none of ${choices.join(', ')}.`);
    return choice;
  };
}

async function runCommand(commands: readonly string[], address: ReturnType<typeof parseListenAddress>): Promise<never> {
  const [command] = commands;
  if (command !== 'healthcheck' || commands.length > 1) {
    throw new UsageError(`unknown command ${commands.join(' ')}; the one there is is healthcheck.`);
  }
  const reason = await unhealthyReason(address);
  if (reason !== undefined) throw new UsageError(`unhealthy: ${reason}`);
  return print('healthy\n');
}

function print(text: string): never {
  process.stdout.write(text);
  process.exit(0);
}

function versionText(name: string, version: string): string {
  const platform = `${process.platform}/${process.arch}`;
  return `${name}, version ${version} (zeroprom ${packageVersion}, node ${process.version}, ${platform})\n`;
}

/** The process ends by `exit()`: as PID 1 of a container it would not die of its own signal. */
function stopOnSignal(server: ExporterServer, log: (message: string, fields?: Record<string, unknown>) => void): void {
  let stopping = false;
  for (const [signal, number] of [
    ['SIGTERM', 15],
    ['SIGINT', 2],
  ] as const) {
    process.on(signal, () => {
      if (stopping) process.exit(128 + number);
      stopping = true;
      log('Stopping.', { signal });
      server.stop().then(
        () => process.exit(0),
        (error: unknown) => {
          process.stderr.write(`${String(error)}\n`);
          process.exit(1);
        },
      );
    });
  }
}
