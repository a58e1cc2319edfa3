import { informationFlag, type ParsedArguments, parseArguments } from '../command-line/arguments.ts';
import type { Flags, FlagValues } from '../command-line/flag.ts';
import { helpText } from '../command-line/help.ts';
import { version as packageVersion } from '../model/version.ts';
import type { Setting } from '../status-page/protocol.ts';
import { deliveryFlags } from './deliveries.ts';
import { collectorFlags, exporterFlags } from './exporter-flags.ts';
import { defaultCollectorFlags } from './exporter-metrics.ts';
import type { ExporterOptions } from './exporter-options.ts';
import { parsePrefix } from './server/paths.ts';
import { settingsOf } from './settings.ts';

type CommonFlags = ReturnType<typeof exporterFlags>;

/** An exporter as it was started: its options and its parsed arguments. */
export interface Program<F extends Flags> {
  readonly options: ExporterOptions<F>;
  readonly build: ProgramBuild;
  readonly parsed: ParsedArguments<CommonFlags>;
  /** Values of the flags that the exporter defines itself. */
  readonly ownFlags: FlagValues<F>;
  /** Prefix of all paths: empty, or as in `/exporter`. */
  readonly prefix: string;
  /** The configuration, without secrets. */
  readonly settings: readonly Setting[];
}

interface ProgramBuild {
  readonly name: string;
  readonly version: string;
  readonly revision: string;
}

const COMMANDS = {
  healthcheck: 'Check whether a running exporter with the same flags is healthy; exit code 0 if so, otherwise 1.',
  'hash-password [bcrypt]': 'Read a password from standard input and print its hash for the web configuration file.',
};

/** Parses the arguments of the process; ends it after `--help` and `--version`. */
export function readProgram<F extends Flags>(options: ExporterOptions<F>): Program<F> {
  const { name, description = '', version = 'unknown', revision = 'unknown' } = options;
  const build = { name, version, revision };
  const flags = {
    ...exporterFlags(options.defaultPort, options),
    ...deliveryFlags,
    ...collectorFlags({ ...defaultCollectorFlags(options), ...options.collectors }),
    ...options.flags,
  };
  const args = process.argv.slice(2);
  const information = informationFlag(args);
  if (information === 'version') {
    const details = `zeroprom ${packageVersion}, node ${process.version}, ${process.platform}/${process.arch}`;
    printAndExit(`${name}, version ${version} (${details}, revision ${revision})\n`);
  }
  if (information === 'help') {
    const paragraphs = description === '' ? [] : [description];
    const usage = `${name} [flags] [command]`;
    printAndExit(helpText({ usage, description: paragraphs, flags, prefix: name, commands: COMMANDS }));
  }
  const parsed = parseArguments(flags, args, { env: process.env, prefix: name });
  // The flags of all exporters and those of this one are parsed together.
  const common = parsed as ParsedArguments<CommonFlags>;
  const ownFlags = parsed.values as unknown as FlagValues<F>;
  const { 'web.route-prefix': routePrefix, 'web.external-url': externalUrl } = common.values;
  const defaultPrefix = () => (externalUrl === '' ? '' : parsePrefix(new URL(externalUrl).pathname));
  const settings = settingsOf(flags, parsed.given);
  return { options, build, parsed: common, ownFlags, prefix: routePrefix || defaultPrefix(), settings };
}

/** Writes the output of a program that does not start a server, and ends the process. */
export function printAndExit(text: string): never {
  process.stdout.write(text);
  process.exit(0);
}
