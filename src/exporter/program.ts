import { informationFlag, type ParsedArguments, parseArguments } from '../command-line/arguments.ts';
import type { Flags, FlagValues } from '../command-line/flag.ts';
import { helpText } from '../command-line/help.ts';
import { type Build, versionText } from './build.ts';
import { COMMANDS } from './commands.ts';
import { collectorFlags, exporterFlags } from './exporter-flags.ts';
import { defaultCollectorFlags } from './exporter-metrics.ts';
import type { ExporterOptions } from './exporter-options.ts';
import { parsePrefix } from './server/paths.ts';

type CommonFlags = ReturnType<typeof exporterFlags>;

/** What was asked for, and what it is asked of. */
export interface Program<F extends Flags> {
  readonly options: ExporterOptions<F>;
  readonly build: Build;
  readonly parsed: ParsedArguments<CommonFlags>;
  /** The values of the exporter's own flags. */
  readonly own: FlagValues<F>;
  readonly prefix: string;
}

/** Reads the arguments; ends the process where they only ask what there is. */
export function readProgram<F extends Flags>(options: ExporterOptions<F>): Program<F> {
  const { name, description = '', version = 'unknown', revision = 'unknown' } = options;
  const build = { name, version, revision };
  const flags = {
    ...exporterFlags(options.defaultPort, options.createdLines),
    ...collectorFlags({ ...defaultCollectorFlags(options), ...options.collectors }),
    ...options.flags,
  };
  const args = process.argv.slice(2);
  const information = informationFlag(args);
  if (information === 'version') print(versionText(build));
  if (information === 'help') {
    const paragraphs = description === '' ? [] : [description];
    print(
      helpText({
        usage: `${name} [flags] [command]`,
        description: paragraphs,
        flags,
        prefix: name,
        commands: COMMANDS,
      }),
    );
  }
  const parsed = parseArguments(flags, args, { env: process.env, prefix: name });
  // Those of every exporter and its own stand side by side, under their own names.
  const common = parsed as ParsedArguments<CommonFlags>;
  return { options, build, parsed: common, own: parsed.values as unknown as FlagValues<F>, prefix: prefixOf(common) };
}

function prefixOf({ values }: ParsedArguments<CommonFlags>): string {
  if (values['web.route-prefix'] !== '') return values['web.route-prefix'];
  const external = values['web.external-url'];
  return external === '' ? '' : parsePrefix(new URL(external).pathname);
}

/** Ends the process with what it was asked for. */
export function print(text: string): never {
  process.stdout.write(text);
  process.exit(0);
}
