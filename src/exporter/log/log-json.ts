import { dataOf, inheritsFrom, isObject, isPlain, isProxy, ownData } from '../../model/inert.ts';
import { readThrown, thrownText } from '../../model/thrown.ts';

const MAX_CHARACTERS = 32_768;
const MAX_STRING_CHARACTERS = 10_000;
const MAX_ENTRIES = 100;
const MAX_DEPTH = 4;

/**
 * Converts the values of a log line to JSON of limited total length. Calls no code of the values, such as getters or
 * toJSON().
 */
export class LogJson {
  #left = MAX_CHARACTERS;

  /** Returns undefined for `undefined`. */
  of(value: unknown, depth = 0): string | undefined {
    const json =
      typeof value === 'object' && value !== null ? this.#object(value, depth) : primitive(value, this.#left);
    this.#left -= json?.length ?? 0;
    return json;
  }

  #object(value: object, depth: number): string {
    if (isProxy(value)) return '"[proxy]"';
    if (isError(value)) return string(readThrown(value).message || thrownText(value), this.#left);
    if (inheritsFrom(value, Date.prototype)) return string(dateOf(value), this.#left);
    if (depth === MAX_DEPTH || this.#left <= 0) return '"…"';
    if (Array.isArray(value)) return `[${this.#items(value, depth).join(',')}]`;
    return isPlain(value) ? `{${this.#properties(value, depth).join(',')}}` : '"[object]"';
  }

  #items(array: readonly unknown[], depth: number): string[] {
    const items: string[] = [];
    for (let index = 0; index < array.length && index < MAX_ENTRIES && this.#left > 0; index++) {
      items.push(this.of(dataOf(array, String(index)), depth + 1) ?? 'null');
    }
    return items;
  }

  #properties(object: object, depth: number): string[] {
    const properties: string[] = [];
    for (const [name, value] of ownData(object, MAX_ENTRIES)) {
      if (this.#left <= 0) break;
      const json = this.of(value, depth + 1);
      if (json !== undefined) properties.push(`${string(name, this.#left)}:${json}`);
    }
    return properties;
  }
}

/**
 * Whether to show only the message, name and code of an object: other properties of errors may contain requests with
 * passwords.
 */
export function isError(value: unknown): value is object {
  if (!isObject(value) || isProxy(value)) return false;
  if (inheritsFrom(value, Error.prototype)) return true;
  const hasMessage = typeof dataOf(value, 'message') === 'string';
  return hasMessage && (!isPlain(value) || dataOf(value, 'stack') !== undefined);
}

function primitive(value: unknown, left: number): string | undefined {
  switch (typeof value) {
    case 'undefined':
      return undefined;
    case 'boolean':
      return String(value);
    case 'number':
      return Number.isFinite(value) ? String(value) : `"${value}"`;
    case 'function':
      return '"[function]"';
    default:
      return value === null ? 'null' : string(typeof value === 'string' ? value : thrownText(value), left);
  }
}

function string(text: string, left: number): string {
  const most = Math.min(MAX_STRING_CHARACTERS, Math.max(left, 0));
  return JSON.stringify(text.length > most ? `${text.slice(0, most)}…` : text);
}

function dateOf(date: object): string {
  try {
    return new Date(Date.prototype.getTime.call(date)).toISOString();
  } catch {
    return 'Invalid Date';
  }
}
