import { parseArgs } from 'node:util';
import { closestName } from '../../command-line/suggestion.ts';
import { thrownText } from '../../model/thrown.ts';
import { UsageError } from './command-error.ts';

/** An option of a command: how `--help` shows it, and what its texts on the command line mean. */
export interface Option<T> {
  readonly help: string;
  /** What stands for its value in `--help`; none for a switch. With `[=` it may be left out. */
  readonly placeholder: string | undefined;
  /** Given every text in order, none if the option is not there. What it throws becomes the error message. */
  readonly read: (texts: readonly string[]) => T;
}

export interface Options {
  readonly [name: string]: Option<unknown>;
}

/** The values of options, by name. */
export type OptionValues<O extends Options> = { readonly [K in keyof O]: ReturnType<O[K]['read']> };

export interface CommandLine<O extends Options> {
  readonly options: OptionValues<O>;
  /** What stands there without dashes. */
  readonly operands: readonly string[];
}

export function switchOption(help: string): Option<boolean> {
  return { help, placeholder: undefined, read: (texts) => texts.length > 0 };
}

/** An option with one value: the last one given counts. */
export function valueOption<T, const D>(
  placeholder: string,
  help: string,
  parse: (text: string) => T,
  fallback: D,
): Option<T | D> {
  const read = (texts: readonly string[]) => (texts.length === 0 ? fallback : parse(texts.at(-1) ?? ''));
  return { help, placeholder, read };
}

/** A switch that takes a value only behind `=`; given without, the value is `byDefault`. */
export function optionalValueOption<T>(
  placeholder: string,
  help: string,
  parse: (text: string) => T,
  byDefault: T,
): Option<T | undefined> {
  const read = ([...texts]: readonly string[]) => {
    const text = texts.pop();
    return text === undefined ? undefined : text === '' ? byDefault : parse(text);
  };
  return { help, placeholder: `[=${placeholder}]`, read };
}

/** An option that may be given several times. */
export function listOption<T>(placeholder: string, help: string, parse: (text: string) => T): Option<T[]> {
  return { help, placeholder, read: (texts) => texts.map(parse) };
}

/** For options that know a few words only. */
export function oneOf<const T extends string>(choices: readonly T[]): (text: string) => T {
  return (text) => {
    const choice = choices.find((candidate) => candidate === text);
    if (choice === undefined) throw new RangeError(`${JSON.stringify(text)} is none of ${choices.join(', ')}.`);
    return choice;
  };
}

/** Reads what stands behind a command's name. Throws a UsageError for what it does not know or cannot read. */
export function readOptions<O extends Options>(options: O, args: readonly string[]): CommandLine<O> {
  const texts = new Map<string, string[]>();
  const operands: string[] = [];
  for (const token of tokensOf(options, args)) {
    if (token.kind === 'positional') operands.push(token.value);
    if (token.kind === 'option') add(texts, token.name, textOf(options, token));
  }
  const values = Object.entries(options).map(([name, option]) => [name, readValue(name, option, texts.get(name))]);
  return { options: Object.fromEntries(values), operands };
}

/** The part of a token of `parseArgs()` that counts here. */
interface OptionToken {
  readonly name: string;
  readonly rawName: string;
  readonly value: string | undefined;
  readonly inlineValue: boolean | undefined;
}

function tokensOf(options: Options, args: readonly string[]) {
  const types = Object.entries(options).map(([name, { placeholder }]) => {
    return [name, { type: takesNext(placeholder) ? 'string' : 'boolean', multiple: true }] as const;
  });
  // Not strict: unknown options are told apart here, where the near ones are known.
  return parseArgs({ args: [...args], options: Object.fromEntries(types), strict: false, tokens: true }).tokens;
}

function textOf(options: Options, { name, rawName, value, inlineValue }: OptionToken): string {
  if (!Object.hasOwn(options, name)) throw new UsageError(`unknown option ${rawName}${hintFor(name, options)}`);
  const { placeholder } = options[name]!;
  if (placeholder === undefined && value !== undefined) throw new UsageError(`${rawName} takes no value.`);
  const isMissing = value === undefined || (inlineValue !== true && value.startsWith('--'));
  if (takesNext(placeholder) && isMissing) throw new UsageError(`${rawName} needs a value: ${rawName} ${placeholder}.`);
  return value ?? '';
}

/** Whether the value may be the argument behind it. */
function takesNext(placeholder: string | undefined): boolean {
  return placeholder !== undefined && !placeholder.startsWith('[=');
}

function hintFor(name: string, options: Options): string {
  const meant = closestName(name, [...Object.keys(options), 'help']);
  return meant === undefined ? '.' : `; did you mean --${meant}?`;
}

function add(texts: Map<string, string[]>, name: string, text: string): void {
  const list = texts.get(name) ?? [];
  list.push(text);
  texts.set(name, list);
}

function readValue(name: string, option: Option<unknown>, texts: readonly string[] = []): unknown {
  try {
    return option.read(texts);
  } catch (error) {
    throw new UsageError(`--${name}: ${thrownText(error)}`);
  }
}
