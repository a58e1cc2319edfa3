import { informationFlag } from '../command-line/arguments.ts';
import { helpText } from '../command-line/help.ts';
import { CommandError, UsageError } from '../command-line/usage-error.ts';
import { closestName } from '../model/closest-name.ts';
import { thrownStack, thrownText } from '../model/thrown.ts';
import { version } from '../model/version.ts';
import { check } from './check/check.ts';
import { escapeInvisible } from './command/colors.ts';
import type { Command } from './command/command.ts';
import type { CommandIo } from './command/command-io.ts';
import { convert } from './convert/convert.ts';
import { diff } from './diff/diff.ts';
import { init } from './init/init.ts';
import { shownName } from './input/server-name.ts';
import { migrate } from './migrate/migrate.ts';
import { page } from './page/page.ts';
import { scrape } from './scrape/scrape.ts';

const commands: readonly Command[] = [check, scrape, convert, diff, init, migrate, page];

/** Runs a command line and resolves with the exit code; `ioFor` returns the streams for the command with that name. */
export async function runCli(args: readonly string[], ioFor: (commandName: string) => CommandIo): Promise<number> {
  const [name = 'help', ...rest] = args;
  const command = commands.find((candidate) => candidate.name === name);
  const base = ioFor(command === undefined ? '' : name);
  // Messages quote from inputs and name them.
  const complain: CommandIo['complain'] = (message) => base.complain(escapeInvisible(message));
  const io: CommandIo = Object.assign(Object.create(base), { complain });
  if (command !== undefined) return runCommand(command, rest, io);
  switch (name === 'help' ? 'help' : informationFlag([name])) {
    case 'help':
      return print(io, commands.find((candidate) => candidate.name === rest[0])?.help() ?? overview());
    case 'version':
      return print(io, `${version}\n`);
    default:
      io.complain(`unknown command ${JSON.stringify(shownName(name))}; ${hintFor(name)}`);
      return 1;
  }
}

async function runCommand(command: Command, args: readonly string[], io: CommandIo): Promise<number> {
  const information = informationFlag(args);
  if (information !== undefined) return print(io, information === 'help' ? command.help() : `${version}\n`);
  try {
    return await command.run(args, io);
  } catch (error) {
    const hint = error instanceof UsageError ? ` See zeroprom ${command.name} --help.` : '';
    if (error instanceof CommandError) io.complain(error.message.replaceAll('\n', ' ') + hint);
    else {
      // A bug: reported with its place in the program.
      const [, place = ''] = thrownStack(error).split('\n');
      io.complain(`${thrownText(error)} ${place.trim()}`.trimEnd());
    }
    return command.errorCode;
  }
}

function overview(): string {
  return helpText({
    usage: 'zeroprom COMMAND [flags] [INPUT]...',
    description: [
      'Checks, shows, converts and compares Prometheus metrics, generates exporters, and migrates projects from prom-client.',
    ],
    commands: Object.fromEntries(commands.map(({ name, summary }) => [name, summary])),
    footer:
      'zeroprom COMMAND --help shows the flags of a command. An input is a file, an http(s) URL, host:port, a port, unix:PATH, or - for standard input.',
  });
}

function hintFor(name: string): string {
  const closest = closestName(
    name,
    commands.map((command) => command.name),
  );
  return closest === undefined ? 'see zeroprom --help.' : `did you mean ${closest}?`;
}

async function print(io: CommandIo, text: string): Promise<number> {
  await io.write(text);
  return 0;
}
