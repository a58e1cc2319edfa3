import { closestName } from '../model/closest-name.ts';
import { thrownText } from '../model/thrown.ts';
import { FlagVariables } from './environment.ts';
import {
  defaultTexts,
  type Flag,
  type FlagSource,
  type Flags,
  type FlagValues,
  flagUsage,
  parseSwitch,
} from './flag.ts';
import { UsageError } from './usage-error.ts';

/** Where to look for flags that are not on the command line. */
export interface Environment {
  readonly env: NodeJS.ProcessEnv;
  /** Name of the program; its variables start with it. */
  readonly prefix: string;
}

export interface ParsedArguments<F extends Flags> {
  readonly values: FlagValues<F>;
  /** Flags set on the command line or in the environment, with their texts. */
  readonly given: ReadonlyMap<string, readonly string[]>;
  /** Arguments that are neither flags nor their values. */
  readonly operands: readonly string[];
  /** Environment variables that have the prefix but belong to no flag. */
  readonly unknownVariables: readonly string[];
  /** Environment variables that have the prefix but were set by Kubernetes for a Service. */
  readonly serviceVariables: readonly string[];
}

/**
 * Parses a command line. Flags that it does not contain are looked up in the environment, if one is given:
 * `--web.telemetry-path` is also `PREFIX_WEB_TELEMETRY_PATH`. Everything after `--` is an operand, and so is `-`.
 *
 * @throws {UsageError} if a flag is unknown, or its value is missing or invalid.
 */
export function parseArguments<const F extends Flags>(
  flags: F,
  args: readonly string[],
  environment: Environment = { env: {}, prefix: '' },
): ParsedArguments<F> {
  const { texts, operands } = splitArguments(flags, args);
  const variables = new FlagVariables(flags, environment.env, environment.prefix);
  const values: Record<string, unknown> = {};
  const given = new Map<string, readonly string[]>();
  for (const [name, flag] of Object.entries(flags)) {
    const onLine = texts.get(name);
    const found = onLine === undefined ? variables.find(name, flag) : { source: `--${name}`, texts: onLine };
    if (found !== undefined) given.set(name, found.texts);
    values[name] = parseValue(flag, found ?? { source: `default of --${name}`, texts: defaultTexts(flag) });
  }
  return {
    values: values as FlagValues<F>, // The loop has set a value of each flag's own type.
    given,
    operands,
    unknownVariables: variables.unknown,
    serviceVariables: variables.ofServices,
  };
}

/** Returns which of `--help` and `--version` the arguments contain; either takes precedence over everything else. */
export function informationFlag(args: readonly string[]): 'help' | 'version' | undefined {
  const end = args.indexOf('--');
  for (const arg of end < 0 ? args : args.slice(0, end)) {
    if (/^--?h(elp)?$/.test(arg)) return 'help';
    if (/^--?version$/.test(arg)) return 'version';
  }
  return undefined;
}

interface SplitArguments {
  /** Texts by flag. */
  readonly texts: ReadonlyMap<string, readonly string[]>;
  readonly operands: readonly string[];
}

function splitArguments(flags: Flags, args: readonly string[]): SplitArguments {
  const texts = new Map<string, string[]>();
  const operands: string[] = [];
  const rest = [...args];
  for (let arg = rest.shift(); arg !== undefined; arg = rest.shift()) {
    if (arg === '--') operands.push(...rest.splice(0));
    else if (arg === '-' || !arg.startsWith('-')) operands.push(arg);
    else {
      const [name, text] = readFlag(flags, arg, rest);
      const before = flags[name]?.isRepeatable ? (texts.get(name) ?? []) : [];
      texts.set(name, [...before, text]);
    }
  }
  return { texts, operands };
}

/** Reads a flag and its text, taking the next argument if necessary. */
function readFlag(flags: Flags, arg: string, rest: string[]): [name: string, text: string] {
  const [, name = '', inline] = /^--?([^=]*)(?:=(.*))?$/s.exec(arg) ?? [];
  const flag = flagNamed(flags, name);
  const negated = name.startsWith('no-') && flag === undefined ? name.slice(3) : '';
  if (inline === undefined && flagNamed(flags, negated)?.isSwitch) return [negated, 'false'];
  if (flag === undefined) {
    const closest = closestName(name, [...Object.keys(flags), 'help', 'version']);
    throw new UsageError(`unknown flag --${name}${closest === undefined ? '.' : `; did you mean --${closest}?`}`);
  }
  const text = inline ?? (flag.isSwitch ? 'true' : flag.implicitValue);
  if (text !== undefined) return [name, text];
  const next = rest[0]?.startsWith('--') ? undefined : rest.shift();
  if (next === undefined) throw new UsageError(`--${name} needs a value: ${flagUsage(name, flag)}.`);
  return [name, next];
}

function flagNamed(flags: Flags, name: string): Flag | undefined {
  return Object.hasOwn(flags, name) ? flags[name] : undefined;
}

function parseValue(flag: Flag, { source, texts }: FlagSource): unknown {
  const parse = flag.isSwitch ? parseSwitch : (flag.parse ?? String);
  try {
    const values = texts.map((text) => parse(text));
    return flag.isRepeatable ? values : values[0];
  } catch (error) {
    throw new UsageError(`${source}: ${thrownText(error)}`);
  }
}
