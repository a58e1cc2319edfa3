import { isObject, ownData } from '../../model/inert.ts';
import { printable } from '../../model/printable.ts';
import { readThrown, thrownText } from '../../model/thrown.ts';
import { isError, LogJson } from './log-json.ts';

export const logFormats = ['logfmt', 'json'] as const;
export type LogFormat = (typeof logFormats)[number];
export type Fields = Readonly<Record<string, unknown>>;

type Pair = readonly [name: string, value: unknown];

const MOST_FIELDS = 100;
const LONGEST_NAME = 100;

/** One line for an event, with its line feed. Reserved names stay the logger's, whatever fields there are. */
export function lineOf(format: LogFormat, level: string, message: unknown, fields: unknown): string {
  const msg = typeof message === 'string' ? message : thrownText(message);
  const own: readonly Pair[] = [
    ['time', new Date().toISOString()],
    ['level', level],
    ['msg', msg],
  ];
  const pairs = [...own, ...renamed(isObject(fields) ? ownData(fields, MOST_FIELDS).flatMap(withDetails) : [], own)];
  // JSON has escaped what ends a line already; here go the rest of the control characters, and what turns the writing.
  return `${printable(format === 'json' ? jsonLine(pairs) : logfmtLine(pairs))}\n`;
}

/** Beside the message of an error, which is the value: what else of it may be shown. */
function withDetails([name, value]: Pair): Pair[] {
  if (!isError(value)) return [[name, value]];
  const { name: kind = 'Error', code } = readThrown(value);
  const details: Pair[] = [[name, value]];
  if (kind !== 'Error') details.push([`${name}_name`, kind]);
  if (code !== undefined) details.push([`${name}_code`, code]);
  return details;
}

/** Fields of a name that is taken get another one. Some readers of JSON do not tell `Level` from `level`. */
function renamed(pairs: readonly Pair[], own: readonly Pair[]): Pair[] {
  const taken = new Set(own.map(([name]) => name));
  return pairs.map(([name, value]) => {
    let free = name.slice(0, LONGEST_NAME);
    while (taken.has(free.toLowerCase())) free = `field_${free}`;
    taken.add(free.toLowerCase());
    return [free, value];
  });
}

function jsonLine(pairs: readonly Pair[]): string {
  const json = new LogJson();
  const properties = pairs.flatMap(([name, value]) => {
    const text = json.of(value);
    return text === undefined ? [] : [`${JSON.stringify(name)}:${text}`];
  });
  return `{${properties.join(',')}}`;
}

function logfmtLine(pairs: readonly Pair[]): string {
  const json = new LogJson();
  return pairs.map(([name, value]) => `${bareName(name)}=${bare(json.of(value) ?? 'undefined')}`).join(' ');
}

function bareName(name: string): string {
  return name === '' ? '_' : name.replace(/[^\w.:/+@%-]/g, '_');
}

/** Bare where nothing in it could be taken for syntax. Objects are JSON within quotes. */
function bare(json: string): string {
  const text = json.startsWith('"') ? String(JSON.parse(json)) : json;
  return /^[\w.:/+@%-]+$/.test(text) ? text : JSON.stringify(text);
}
