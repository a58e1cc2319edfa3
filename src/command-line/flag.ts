/**
 * A flag of a program: `--name=value`, `--name value`, or an environment variable.
 *
 * The type of its value follows from its fields: a string, or whatever `parse` returns; a boolean for a switch; an
 * array for a repeatable flag; and `undefined` as well if it has no default.
 */
export interface Flag<T = unknown> {
  /** Purpose of the flag, shown by `--help`: a sentence that names the unit and says what special values mean. */
  readonly help: string;
  /**
   * Value if neither the command line nor the environment gives one, written as on the command line; commas separate
   * the values of a repeatable flag. Without a default the value is `undefined`, an empty array or, for a switch,
   * `false`.
   */
  readonly default?: string;
  /**
   * Converts the text to the value. Errors that it throws become usage errors, prefixed with the name of the flag.
   *
   * @defaultValue the text itself
   */
  readonly parse?: (text: string) => T;
  /**
   * Name for the value in `--help`, such as `FILE`.
   *
   * @defaultValue the default of the flag
   */
  readonly placeholder?: string;
  /**
   * Name of its environment variable.
   *
   * @defaultValue the name of the program and of the flag
   */
  readonly variable?: string;
  /** Makes the value optional, as in `--watch` or `--watch=5s`: the text that `--watch` alone stands for. */
  readonly implicitValue?: string;
  /** Allows the flag more than once; its environment variable separates values by commas. */
  readonly isRepeatable?: true;
  /** Makes the flag a switch: `--name` and `--no-name`, `true` and `false` in the environment and as the default. */
  readonly isSwitch?: true;
  /**
   * Marks a password or token: the name of a file that contains it may be given in the variable with the suffix
   * `_FILE`.
   */
  readonly isSecret?: true;
}

/** Flags by name, without the leading dashes. */
export interface Flags {
  readonly [name: string]: Flag;
}

/** Values of flags, by the name of the flag. */
export type FlagValues<F extends Flags> = { readonly [K in keyof F]: ValueOf<F[K]> };

type ValueOf<F> = F extends { readonly isSwitch: true }
  ? boolean
  : F extends { readonly isRepeatable: true }
    ? readonly SingleOf<F>[]
    : F extends { readonly default: string }
      ? SingleOf<F>
      : SingleOf<F> | undefined;

type SingleOf<F> = F extends { readonly parse: (text: string) => infer T } ? T : string;

/** Texts that a flag was given, and where: `--name` or the environment variable. */
export interface FlagSource {
  readonly source: string;
  readonly texts: readonly string[];
}

/** Splits a text outside the command line, where a repeatable flag has all its values in one text. */
export function splitValues({ isRepeatable }: Flag, text: string): string[] {
  if (!isRepeatable) return [text];
  return text === '' ? [] : text.split(',').map((part) => part.trim());
}

/** Returns the texts of a flag that is not set. */
export function defaultTexts(flag: Flag): readonly string[] {
  const text = flag.default ?? (flag.isSwitch ? 'false' : undefined);
  return text === undefined ? [] : splitValues(flag, text);
}

/** Shows how a flag is written: `--name=VALUE`, `--name[=VALUE]` or, for a switch, what changes its default. */
export function flagUsage(name: string, flag: Flag): string {
  if (flag.isSwitch) return flag.default === 'true' ? `--no-${name}` : `--${name}`;
  const value = `=${flag.placeholder ?? (flag.default || '...')}`;
  return `--${name}${flag.implicitValue === undefined ? value : `[${value}]`}`;
}

/** Parses the value of a switch. */
export function parseSwitch(text: string): boolean {
  if (text === 'true' || text === '1') return true;
  if (text === 'false' || text === '0') return false;
  throw new RangeError(`must be true or false, got ${JSON.stringify(text)}.`);
}

/** Returns a parser that accepts only the given words. */
export function oneOf<const T extends string>(choices: readonly T[]): (text: string) => T {
  return (text) => {
    const choice = choices.find((candidate) => candidate === text);
    if (choice === undefined)
      throw new RangeError(`must be one of ${choices.join(', ')}, got ${JSON.stringify(text)}.`);
    return choice;
  };
}

/** Returns a parser for whole numbers of at most nine digits, from `least` on. */
export function countFrom(least: number): (text: string) => number {
  return (text) => {
    if (/^\d{1,9}$/.test(text) && Number(text) >= least) return Number(text);
    throw new RangeError(`must be a whole number of at least ${least}, got ${JSON.stringify(text)}.`);
  };
}

/** Returns a parser for ports, from `least` on. */
export function portFrom(least: 0 | 1): (text: string) => number {
  return (text) => {
    if (/^\d{1,5}$/.test(text) && Number(text) >= least && Number(text) <= 65_535) return Number(text);
    throw new RangeError(`must be a port from ${least} to 65535, got ${JSON.stringify(text)}.`);
  };
}
