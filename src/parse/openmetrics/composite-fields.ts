import { haveTooManyLabels } from '../assembly/point-lines.ts';
import type { Cursor } from '../lines/byte-cursor.ts';
import { parseGoFloat, parseInt64 } from '../lines/number.ts';

/** White space of Go's `unicode.IsSpace()`, which differs slightly from that of JavaScript. */
const SPACE = /[\t\v\f\r\n \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/;
const FIELD =
  /(count|gcount|sum|gsum|schema|zero_threshold|zero_count|negative_spans|negative_buckets|positive_spans|positive_buckets|bucket|quantile):(\[[^\] \n\r\0]*\]|[^,}[\] \n\r\0]+)/y;

/** The fields of a composite value as Prometheus parses them: in any order, each at most once. */
export class CompositeFields {
  readonly #cursor: Cursor;
  readonly #fields: ReadonlyMap<string, string>;
  readonly #start: number;

  /** Reads the fields from the cursor, which is after the opening brace, to after the closing one. */
  constructor(cursor: Cursor) {
    this.#cursor = cursor;
    this.#start = cursor.at;
    this.#fields = readFields(cursor);
  }

  has(name: string): boolean {
    return this.#fields.has(name);
  }

  /** Throws if so many series, each with the labels of the line, are too many for its length. */
  checkSeries(count: number, labels: number): void {
    const { at, lineStart } = this.#cursor;
    if (haveTooManyLabels(count, labels, at - lineStart)) this.fail('fewer labels or fewer buckets and quantiles');
  }

  /** Throws for fields that are not allowed. */
  allow(names: readonly string[]): void {
    for (const name of this.#fields.keys()) if (!names.includes(name)) this.fail(`no field ${name} here`);
  }

  number(name: string): number {
    return parseGoFloat(this.text(name)) ?? this.fail(`a number as ${name}`);
  }

  text(name: string): string {
    return this.#fields.get(name) ?? this.fail(`the field ${name}`);
  }

  /** Returns an integer of 64 bits, or of fewer if `lowest` and `highest` are given. */
  integer(text: string, expected: string, lowest?: bigint, highest?: bigint): bigint {
    const value = parseInt64(text) ?? this.fail(expected);
    const isInRange = (lowest === undefined || value >= lowest) && (highest === undefined || value <= highest);
    return isInRange ? value : this.fail(expected);
  }

  /** Yields the non-empty elements of a list in brackets; none if the field is missing. */
  *list(name: string): Iterable<string> {
    const text = trimmed(this.#fields.get(name) ?? '');
    if (text === '') return;
    if (!text.startsWith('[') || !text.endsWith(']')) this.fail(`a list in brackets as ${name}`);
    const last = text.length - 1;
    for (let start = 1; start <= last; ) {
      const comma = text.indexOf(',', start);
      const end = comma < 0 ? last : comma;
      const element = trimmed(text.slice(start, end));
      if (element !== '') yield element;
      start = end + 1;
    }
  }

  /** Yields the elements of a list as pairs of texts, split at the first or the last colon. */
  *pairs(name: string, colon: 'first' | 'last'): Iterable<readonly [string, string]> {
    for (const element of this.list(name)) {
      const at = colon === 'first' ? element.indexOf(':') : element.lastIndexOf(':');
      if (at < 0) this.fail(`a colon in each element of ${name}`);
      yield [trimmed(element.slice(0, at)), trimmed(element.slice(at + 1))];
    }
  }

  float(text: string, expected: string): number {
    return parseGoFloat(text) ?? this.fail(expected);
  }

  fail(expected: string): never {
    return this.#cursor.fail(expected, this.#start);
  }
}

function readFields(cursor: Cursor): Map<string, string> {
  const start = cursor.at;
  const line = cursor.slice(start, cursor.lineEnd(start));
  const fields = new Map<string, string>();
  let at = 0;
  do {
    FIELD.lastIndex = at;
    const [field, name = '', value = ''] = FIELD.exec(line) ?? cursor.fail('a field of a composite value');
    if (fields.has(name)) cursor.fail(`the field ${name} once`);
    fields.set(name, value);
    at += field.length;
  } while (line[at++] === ',');
  if (line[at - 1] !== '}') cursor.fail('a comma or }');
  cursor.at = start + Buffer.byteLength(line.slice(0, at));
  return fields;
}

/** A loop, because the time of a regular expression would grow with the square of the number of spaces within the text. */
function trimmed(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && SPACE.test(text.charAt(start))) start++;
  while (end > start && SPACE.test(text.charAt(end - 1))) end--;
  return text.slice(start, end);
}
