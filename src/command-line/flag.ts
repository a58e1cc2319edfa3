/** A flag that an exporter takes: `--name=value`, `--name value` or the environment. */
export interface Flag<T = unknown> {
  /** What it is for, one line of `--help`. */
  readonly help: string;
  /** The text that counts where nobody gives one. */
  readonly default: string;
  /** Turns the text into the value; what it throws becomes the error message. Texts stay texts without it. */
  readonly parse?: (text: string) => T;
  /** It can be given several times, in the environment with commas in between; the value is a list. */
  readonly isRepeatable?: true;
  /** It is on or off: `--name`, `--no-name`, and `true` or `false` in the environment and as the default. */
  readonly isSwitch?: true;
  /** A password or the like: its variable may end in `_FILE` and name a file that holds it. */
  readonly isSecret?: true;
}

export interface Flags {
  readonly [name: string]: Flag;
}

/** The values of flags, by name. */
export type FlagValues<F extends Flags> = { readonly [K in keyof F]: ValueOf<F[K]> };

type ValueOf<F> = F extends { readonly isSwitch: true }
  ? boolean
  : F extends { readonly isRepeatable: true }
    ? readonly SingleOf<F>[]
    : SingleOf<F>;

type SingleOf<F> = F extends { readonly parse: (text: string) => infer T } ? T : string;

/** A mistake of whoever started the program. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** The variable of the environment that stands for a flag. */
export function variableOf(flag: string, prefix: string): string {
  return `${prefix}_${flag}`.toUpperCase().replace(/[^A-Z0-9]/g, '_');
}

/** A switch as text. */
export function parseSwitch(text: string): boolean {
  if (text === 'true' || text === '1') return true;
  if (text === 'false' || text === '0') return false;
  throw new RangeError(`${JSON.stringify(text)} is neither true nor false.`);
}

/** A parser for one of a few words. */
export function oneOf<const T extends string>(choices: readonly T[]): (text: string) => T {
  return (text) => {
    const choice = choices.find((candidate) => candidate === text);
    if (choice === undefined) throw new RangeError(`${JSON.stringify(text)} is none of ${choices.join(', ')}.`);
    return choice;
  };
}
