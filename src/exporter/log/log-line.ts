import { isObject, ownData } from '../../model/inert.ts';
import { printable } from '../../model/printable.ts';
import { readThrown, thrownText } from '../../model/thrown.ts';
import { isError, LogJson } from './log-json.ts';

/** Output formats of a logger. */
export const logFormats = ['logfmt', 'json'] as const;
/** Output format of a logger: `key=value` pairs, or a JSON object per line. */
export type LogFormat = (typeof logFormats)[number];
export type LogFields = Readonly<Record<string, unknown>>;

type Pair = readonly [name: string, value: unknown];

const MAX_FIELDS = 100;
const MAX_NAME_LENGTH = 100;

/** Formats a message as a line, with its line feed. Fields cannot replace the time, level and message. */
export function formatLine(format: LogFormat, level: string, message: unknown, fields: unknown): string {
  const msg = typeof message === 'string' ? message : thrownText(message);
  const own: readonly Pair[] = [
    ['time', new Date().toISOString()],
    ['level', level],
    ['msg', msg],
  ];
  const pairs = [
    ...own,
    ...withUniqueNames(isObject(fields) ? ownData(fields, MAX_FIELDS).flatMap(withDetails) : [], own),
  ];
  // JSON has escaped line feeds already; this escapes other control characters and those that change the direction of
  // text.
  return `${printable(format === 'json' ? jsonLine(pairs) : logfmtLine(pairs))}\n`;
}

/** Adds fields for the name and the code of an error, whose value is its message. */
function withDetails([name, value]: Pair): Pair[] {
  if (!isError(value)) return [[name, value]];
  const { name: kind = 'Error', code } = readThrown(value);
  const details: Pair[] = [[name, value]];
  if (kind !== 'Error') details.push([`${name}_name`, kind]);
  if (code !== undefined) details.push([`${name}_code`, code]);
  return details;
}

/** Renames fields whose name is taken. Compares in lower case, as some readers of JSON do. */
function withUniqueNames(pairs: readonly Pair[], own: readonly Pair[]): Pair[] {
  const taken = new Set(own.map(([name]) => name));
  return pairs.map(([name, value]) => {
    let free = name.slice(0, MAX_NAME_LENGTH);
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
  const fields = pairs.map(([name, value]) => {
    const valueJson = json.of(value) ?? 'undefined';
    const text = valueJson.startsWith('"') ? String(JSON.parse(valueJson)) : valueJson;
    // Quotes a value unless nothing in it could be taken for syntax. Objects are JSON within quotes.
    const quoted = /^[\w.:/+@%-]+$/.test(text) ? text : JSON.stringify(text);
    return `${name === '' ? '_' : name.replace(/[^\w.:/+@%-]/g, '_')}=${quoted}`;
  });
  return fields.join(' ');
}
