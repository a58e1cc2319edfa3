import { parseArguments } from '../../command-line/arguments.ts';
import type { Flags, FlagValues } from '../../command-line/flag.ts';
import { helpText } from '../../command-line/help.ts';
import type { CommandIo } from './command-io.ts';

/** Flags and operands of a command line. */
export interface CommandLine<F extends Flags> {
  readonly flags: FlagValues<F>;
  readonly operands: readonly string[];
}

/** A command: its help text and what it does. */
export interface CommandDefinition<F extends Flags> {
  readonly name: string;
  /** Operands as the usage line shows them: `[INPUT]...`. */
  readonly operands: string;
  /** One sentence, shown in the overview of all commands as well. */
  readonly summary: string;
  /** Paragraphs for the help text of the command. */
  readonly description: readonly string[];
  readonly flags: F;
  readonly exitCodes: ReadonlyMap<number, string>;
  /** Exit code for errors, including those of the command line. */
  readonly errorCode: number;
  /** Resolves with the exit code. Rejects with a CommandError for an expected failure. */
  run(line: CommandLine<F>, io: CommandIo): Promise<number>;
}

/** A command without the types of its flags. */
export interface Command {
  readonly name: string;
  readonly summary: string;
  readonly errorCode: number;
  /** Returns the text of `--help`. */
  help(): string;
  run(args: readonly string[], io: CommandIo): Promise<number>;
}

export function defineCommand<const F extends Flags>(definition: CommandDefinition<F>): Command {
  const { name, operands, summary, description, flags, exitCodes, errorCode } = definition;
  return {
    name,
    summary,
    errorCode,
    help: () =>
      helpText({
        usage: `zeroprom ${name} [flags] ${operands}`,
        description: [summary, ...description],
        flags,
        exitCodes,
      }),
    run: (args, io) => {
      const { values, operands } = parseArguments(flags, args);
      return definition.run({ flags: values, operands }, io);
    },
  };
}
