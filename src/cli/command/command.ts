import type { Console } from './command-io.ts';
import { definitionList, wrap } from './help.ts';
import { type CommandLine, type Options, readOptions } from './options.ts';

/** A command: what `--help` says of it, and what it does. */
export interface CommandDefinition<O extends Options> {
  readonly name: string;
  /** What the command takes beside options: `[INPUT]...`. */
  readonly operands: string;
  readonly summary: string;
  /** More for its own `--help`. */
  readonly description: string;
  readonly options: O;
  readonly exitCodes: ReadonlyMap<number, string>;
  /** For errors, those of the command line included. */
  readonly errorCode: number;
  /** Resolves with the exit code; rejects with a CommandError for what stops it. */
  run(line: CommandLine<O>, console: Console): Promise<number>;
}

/** A command without the types of its options. */
export interface Command {
  readonly name: string;
  readonly summary: string;
  readonly errorCode: number;
  help(): string;
  run(args: readonly string[], console: Console): Promise<number>;
}

export function defineCommand<const O extends Options>(definition: CommandDefinition<O>): Command {
  const { name, summary, errorCode, options } = definition;
  return {
    name,
    summary,
    errorCode,
    help: () => helpText(definition),
    run: (args, console) => definition.run(readOptions(options, args), console),
  };
}

/** The text of a command's `--help`. */
function helpText({ name, operands, summary, description, options, exitCodes }: CommandDefinition<Options>): string {
  const rows = Object.entries(options).map(([option, { placeholder, help }]) => {
    return [`--${option}${placeholder === undefined ? '' : valueText(placeholder)}`, help] as const;
  });
  return [
    `usage: zeroprom ${name} [options] ${operands}`,
    '',
    summary,
    '',
    ...wrap(description),
    '',
    'Options:',
    ...definitionList([...rows, ['--help', 'Show this text and exit.']]),
    '',
    'Exit codes:',
    ...definitionList([...exitCodes].map(([code, meaning]) => [String(code), meaning])),
    '',
  ].join('\n');
}

function valueText(placeholder: string): string {
  return placeholder.startsWith('[=') ? placeholder : ` ${placeholder}`;
}
