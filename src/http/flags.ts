import { nearestName } from './nearest-name.ts';

/** A flag that an exporter takes: `--name=value`, `--name value` or the environment. */
export interface Flag<T = unknown> {
  /** What it is for, one line of `--help`. */
  readonly help: string;
  /** The text that counts where nobody gives one. */
  readonly default: string;
  /** Turns the text into the value; what it throws becomes the error message. Texts stay texts without it. */
  readonly parse?: (text: string) => T;
}

export interface Flags {
  readonly [name: string]: Flag;
}

/** The values of flags, by name. */
export type FlagValues<F extends Flags> = {
  readonly [K in keyof F]: F[K] extends { readonly parse: (text: string) => infer T } ? T : string;
};

export interface ParsedArguments<F extends Flags> {
  readonly values: FlagValues<F>;
  /** `--help` or `--version`, which end the program before anything else counts. */
  readonly asked: 'help' | 'version' | undefined;
  /** What stands there without dashes. */
  readonly commands: readonly string[];
}

/** A mistake of whoever started the program. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/**
 * Reads the command line, and the environment for what it does not say: `--web.telemetry-path` is also
 * `PREFIX_WEB_TELEMETRY_PATH`. Throws a UsageError for what it does not know or cannot read.
 */
export function parseArguments<const F extends Flags>(
  flags: F,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  prefix: string,
): ParsedArguments<F> {
  const { given, commands, asked } = readArguments(flags, args);
  const values: Record<string, unknown> = {};
  for (const [name, flag] of Object.entries(flags)) {
    const variable = variableOf(name, prefix);
    const text = given.get(name) ?? env[variable] ?? flag.default;
    const source = given.has(name) ? `--${name}` : env[variable] === undefined ? `default of --${name}` : variable;
    values[name] = asked === undefined ? parseValue(flag, text, source) : undefined;
  }
  // The loop has put a value of each flag's own type there.
  return { values: values as FlagValues<F>, asked, commands };
}

/** The variable of the environment that stands for a flag. */
export function variableOf(flag: string, prefix: string): string {
  return `${prefix}_${flag}`.toUpperCase().replace(/[^A-Z0-9]/g, '_');
}

/** The text of `--help`. */
export function helpText(program: string, description: string, flags: Flags, prefix: string): string {
  const rows = Object.entries(flags).map(([name, { help, default: value }]) => [
    `  --${name}${value === '' ? '' : `=${value}`}`,
    `${help} [${variableOf(name, prefix)}]`,
  ]);
  const all = [...rows, ['  --help', 'Show this text and exit.'], ['  --version', 'Show the version and exit.']];
  const width = Math.max(...all.map(([left = '']) => left.length)) + 2;
  const lines = all.map(([left = '', right = '']) => left.padEnd(width) + right);
  return [
    `usage: ${program} [<flags>] [healthcheck]`,
    '',
    ...(description === '' ? [] : [description, '']),
    'Flags (or, in brackets, variables of the environment):',
    ...lines,
    '',
    'Commands:',
    '  healthcheck  Ask a running exporter with the same flags whether it is healthy; exit code 0 if so, 1 if not.',
    '',
  ].join('\n');
}

interface Given {
  readonly given: ReadonlyMap<string, string>;
  readonly commands: readonly string[];
  readonly asked: 'help' | 'version' | undefined;
}

function readArguments(flags: Flags, args: readonly string[]): Given {
  const given = new Map<string, string>();
  const commands: string[] = [];
  const rest = [...args];
  for (let arg = rest.shift(); arg !== undefined; arg = rest.shift()) {
    if (!arg.startsWith('-')) {
      commands.push(arg);
      continue;
    }
    const [, name = '', inline] = /^--?([^=]*)(?:=(.*))?$/s.exec(arg) ?? [];
    if (name === 'help' || name === 'h') return { given, commands, asked: 'help' };
    if (name === 'version') return { given, commands, asked: 'version' };
    if (!Object.hasOwn(flags, name)) throw new UsageError(unknown(name, Object.keys(flags)));
    const value = inline ?? rest.shift();
    if (value === undefined)
      throw new UsageError(`--${name} needs a value: --${name}=${flags[name]?.default ?? '...'}`);
    given.set(name, value);
  }
  return { given, commands, asked: undefined };
}

function parseValue(flag: Flag, text: string, source: string): unknown {
  if (flag.parse === undefined) return text;
  try {
    return flag.parse(text);
  } catch (error) {
    throw new UsageError(`${source}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function unknown(name: string, known: readonly string[]): string {
  const nearest = nearestName(name, known);
  const hint = nearest === undefined ? 'see --help.' : `did you mean --${nearest}?`;
  return `unknown flag --${name}; ${hint}`;
}
