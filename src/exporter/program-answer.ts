import type { Flags } from '../command-line/flag.ts';
import { CommandError } from '../command-line/usage-error.ts';
import type { Logger } from '../model/logger.ts';
import { thrownText } from '../model/thrown.ts';
import { saysTls, WebConfigFile, webConfigMistake } from '../web-config/web-config-file.ts';
import { runCommand } from './commands.ts';
import type { Program } from './program.ts';

/** What to print where a command, or a check of the configuration, was asked for; undefined where it is to serve. */
export async function answerOf<F extends Flags>(program: Program<F>): Promise<string | undefined> {
  const { values, operands } = program.parsed;
  if (operands.length > 0) return await runCommand(operands, commandContext(program));
  return values['config.check'] ? await checked(program) : undefined;
}

/** The web configuration, if there is one. Throws a CommandError where it cannot be used. */
export async function loadWebConfig(path: string, logger: Logger): Promise<WebConfigFile | undefined> {
  if (path === '') return undefined;
  try {
    return await WebConfigFile.load(path, logger);
  } catch (error) {
    throw new CommandError(`--web.config.file: ${path}: ${thrownText(error)}`);
  }
}

function commandContext<F extends Flags>({ options, parsed: { values }, prefix }: Program<F>) {
  const [address = { port: options.defaultPort }] = values['web.listen-address'];
  const path = values['web.config.file'];
  // A file that went bad does not say what the exporter speaks, which keeps the last good one.
  const isTls = async () => (path === '' ? [false] : (await saysTls(path)) ? [true, false] : [false, true]);
  return { address, prefix, isTls };
}

async function checked<F extends Flags>({ options, parsed: { values }, own }: Program<F>): Promise<string> {
  const path = values['web.config.file'];
  const mistakes = [
    path === '' ? undefined : await webConfigMistake(path),
    ...((await options.checkConfig?.(own)) ?? []),
  ].filter((mistake) => mistake !== undefined);
  if (mistakes.length > 0) throw new CommandError(`the configuration has mistakes:\n${mistakes.join('\n')}`);
  return 'The configuration has no mistakes.\n';
}
