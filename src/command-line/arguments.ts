import { readFileSync } from 'node:fs';
import { thrownText } from '../model/thrown.ts';
import { type Flag, type Flags, type FlagValues, parseSwitch, UsageError, variableOf } from './flag.ts';
import { hidesFlag, isServiceVariable } from './service-variables.ts';
import { nearest } from './suggestion.ts';

export interface ParsedArguments<F extends Flags> {
  readonly values: FlagValues<F>;
  /** The flags that the command line or the environment gave. */
  readonly given: ReadonlySet<string>;
  /** `--help` or `--version`, which end the program before anything else counts. */
  readonly asked: 'help' | 'version' | undefined;
  /** What stands there without dashes. */
  readonly commands: readonly string[];
  /** Variables that begin as those of the flags do, and are none. */
  readonly unknownVariables: readonly string[];
  /** Variables that begin so too, but were set by Kubernetes for a Service. */
  readonly serviceVariables: readonly string[];
}

/**
 * Reads the command line, and the environment for what it does not say: `--web.telemetry-path` is also
 * `PREFIX_WEB_TELEMETRY_PATH`. Empty variables, and those that Kubernetes sets for a Service, are ignored. Throws a UsageError
 * for what it does not know or cannot read.
 */
export function parseArguments<const F extends Flags>(
  flags: F,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  prefix: string,
): ParsedArguments<F> {
  const { texts, commands, asked } = readArguments(flags, args);
  const variables = readVariables(flags, env, prefix);
  const values: Record<string, unknown> = {};
  const given = new Set<string>();
  for (const [name, flag] of Object.entries(flags)) {
    const { source, found, isGiven } = lookUp(name, flag, { texts, variables: variables.own, prefix });
    if (isGiven) given.add(name);
    values[name] = asked === undefined ? parseValue(flag, found, source) : undefined;
  }
  const { unknown: unknownVariables, ofServices: serviceVariables } = variables;
  // The loop has put a value of each flag's own type there.
  return { values: values as FlagValues<F>, given, asked, commands, unknownVariables, serviceVariables };
}

interface Sources {
  readonly texts: ReadonlyMap<string, readonly string[]>;
  readonly variables: Variables['own'];
  readonly prefix: string;
}

function lookUp(name: string, flag: Flag, { texts, variables, prefix }: Sources) {
  const onLine = texts.get(name);
  if (onLine !== undefined) return { found: onLine, source: `--${name}`, isGiven: true };
  const variable = variableOf(name, prefix);
  const text = variables.get(variable);
  if (text !== undefined) return { found: listed(flag, text), source: variable, isGiven: true };
  const file = flag.isSecret ? variables.get(`${variable}_FILE`) : undefined;
  if (file !== undefined) return { found: [secretIn(file, `${variable}_FILE`)], source: variable, isGiven: true };
  return { found: listed(flag, flag.default), source: `default of --${name}`, isGiven: false };
}

function listed({ isRepeatable }: Flag, text: string): string[] {
  if (!isRepeatable) return [text];
  return text === '' ? [] : text.split(',').map((part) => part.trim());
}

/** Editors and `echo` end a file with a line feed that nobody means. */
function secretIn(path: string, source: string): string {
  try {
    return readFileSync(path, 'utf8').replace(/\r?\n$/, '');
  } catch (error) {
    throw new UsageError(`${source}: ${thrownText(error)}`);
  }
}

interface Variables {
  readonly own: ReadonlyMap<string, string>;
  /** The names of those that no flag has. */
  readonly unknown: readonly string[];
  readonly ofServices: readonly string[];
}

/** The variables whose names begin as those of the flags do, without empty ones. */
function readVariables(flags: Flags, env: NodeJS.ProcessEnv, prefix: string): Variables {
  const known = new Set(Object.keys(flags).map((name) => variableOf(name, prefix)));
  const isKnown = (name: string) => known.has(name) || (name.endsWith('_FILE') && known.has(name.slice(0, -5)));
  const own = new Map<string, string>();
  const ofServices: string[] = [];
  for (const [name, text = ''] of Object.entries(env)) {
    if (text === '' || !name.startsWith(variableOf('', prefix))) continue;
    if (isKnown(name) ? hidesFlag(name, text, env) : isServiceVariable(name, text)) ofServices.push(name);
    else own.set(name, text);
  }
  return { own, unknown: [...own.keys()].filter((name) => !isKnown(name)), ofServices };
}

interface Read {
  readonly texts: ReadonlyMap<string, readonly string[]>;
  readonly commands: readonly string[];
  readonly asked: 'help' | 'version' | undefined;
}

function readArguments(flags: Flags, args: readonly string[]): Read {
  const texts = new Map<string, string[]>();
  const commands: string[] = [];
  const rest = [...args];
  for (let arg = rest.shift(); arg !== undefined; arg = rest.shift()) {
    if (!arg.startsWith('-')) {
      commands.push(arg);
      continue;
    }
    const [, name = '', inline] = /^--?([^=]*)(?:=(.*))?$/s.exec(arg) ?? [];
    if (name === 'help' || name === 'h') return { texts, commands, asked: 'help' };
    if (name === 'version') return { texts, commands, asked: 'version' };
    const [flag, text] = textOf(flags, name, inline, rest);
    const before = flags[flag]?.isRepeatable ? (texts.get(flag) ?? []) : [];
    texts.set(flag, [...before, text]);
  }
  return { texts, commands, asked: undefined };
}

/** The flag that is meant, and what it is given; takes the next argument where it needs one. */
function textOf(flags: Flags, name: string, inline: string | undefined, rest: string[]): [flag: string, text: string] {
  const positive = name.startsWith('no-') ? name.slice(3) : name;
  const isNegated = !Object.hasOwn(flags, name) && positive !== name && isSwitch(flags, positive);
  if (isNegated && inline === undefined) return [positive, 'false'];
  if (!Object.hasOwn(flags, name)) throw new UsageError(unknown(name, Object.keys(flags)));
  if (isSwitch(flags, name)) return [name, inline ?? 'true'];
  const text = inline ?? rest.shift();
  if (text === undefined) throw new UsageError(`--${name} needs a value: --${name}=${flags[name]?.default || '...'}`);
  return [name, text];
}

function isSwitch(flags: Flags, name: string): boolean {
  return Object.hasOwn(flags, name) && flags[name]?.isSwitch === true;
}

function parseValue(flag: Flag, texts: readonly string[], source: string): unknown {
  const parse = flag.isSwitch ? parseSwitch : (flag.parse ?? String);
  try {
    const values = texts.map((text) => parse(text));
    return flag.isRepeatable ? values : values[0];
  } catch (error) {
    throw new UsageError(`${source}: ${thrownText(error)}`);
  }
}

function unknown(name: string, known: readonly string[]): string {
  const meant = nearest(name, known);
  return `unknown flag --${name}; ${meant === undefined ? 'see --help.' : `did you mean --${meant}?`}`;
}
