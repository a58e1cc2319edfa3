import { closestName } from '../command-line/suggestion.ts';
import { thrownStack, thrownText } from '../model/thrown.ts';
import { version } from '../model/version.ts';
import { check } from './check/check.ts';
import { printable } from './command/colors.ts';
import type { Command } from './command/command.ts';
import { CommandError, UsageError } from './command/command-error.ts';
import type { Console } from './command/command-io.ts';
import { definitionList } from './command/help.ts';
import { convert } from './convert/convert.ts';
import { diff } from './diff/diff.ts';
import { shownName } from './input/shown-name.ts';
import { scrape } from './scrape/scrape.ts';

const commands: readonly Command[] = [check, scrape, convert, diff];

/** Runs a command line and resolves with its exit code; `consoleFor` makes the console for the command of that name. */
export async function run(
  [name = '--help', ...args]: readonly string[],
  consoleFor: (commandName: string) => Console,
): Promise<number> {
  const command = commands.find((candidate) => candidate.name === name);
  const console = withSafeMessages(consoleFor(command === undefined ? '' : name));
  if (command !== undefined) return runCommand(command, args, console);
  if (name === '--version') return print(console, `${version}\n`);
  if (['help', '--help', '-h'].includes(name)) return help(args, console);
  console.complain(`unknown command ${JSON.stringify(shownName(name))}; ${hintFor(name)}`);
  return 1;
}

/** Messages name inputs and quote from them. */
function withSafeMessages(console: Console): Console {
  return Object.assign(Object.create(console), { complain: (message: string) => console.complain(printable(message)) });
}

async function runCommand(command: Command, args: readonly string[], console: Console): Promise<number> {
  if (asksForHelp(args)) return print(console, command.help());
  try {
    return await command.run(args, console);
  } catch (error) {
    const hint = error instanceof UsageError ? ` See zeroprom ${command.name} --help.` : '';
    console.complain(messageOf(error) + hint);
    return command.errorCode;
  }
}

/** What is no CommandError is a bug: the place in the program goes with it. */
function messageOf(error: unknown): string {
  if (error instanceof CommandError) return error.message.replaceAll('\n', ' ');
  const [, place = ''] = thrownStack(error).split('\n');
  return `${thrownText(error)} ${place.trim()}`.trimEnd();
}

function asksForHelp(args: readonly string[]): boolean {
  const end = args.indexOf('--');
  return (end < 0 ? args : args.slice(0, end)).some((arg) => arg === '--help' || arg === '-h');
}

async function help([name]: readonly string[], console: Console): Promise<number> {
  const command = commands.find((candidate) => candidate.name === name);
  return print(console, command?.help() ?? overview());
}

function overview(): string {
  return [
    'usage: zeroprom COMMAND [options] [INPUT]...',
    '',
    'Checks, shows, converts and compares Prometheus metrics.',
    '',
    'Commands:',
    ...definitionList(commands.map(({ name, summary }) => [name, summary])),
    '',
    'zeroprom COMMAND --help says more. An input is a file, an http(s) URL, host:port, or - for standard input.',
    '',
  ].join('\n');
}

function hintFor(name: string): string {
  const names = commands.map((command) => command.name);
  const meant = closestName(name, names);
  return meant === undefined ? 'see zeroprom --help.' : `did you mean ${meant}?`;
}

async function print(console: Console, text: string): Promise<number> {
  await console.write(text);
  return 0;
}
