import { isSameNames } from '../../model/labels.ts';
import type { ParseSettings } from '../input/options.ts';
import { CLOSE, COMMA, type Cursor, EQUALS, OPEN, QUOTE } from './byte-cursor.ts';
import type { Grammar } from './grammar.ts';
import { SeriesCache } from './series-cache.ts';

/** Above this number of labels, a set finds repeated names faster than a search of the list. */
const FEW = 16;

/** Reads a metric name and labels. */
export class LabelReader {
  /** The last label names. The array changes only if the names differ from the previous ones. */
  names: readonly string[] = [];
  /** Their values at the same index, valid until the next labels are read. */
  values: readonly string[] = [];
  readonly #cursor: Cursor;
  readonly #grammar: Grammar;
  readonly #settings: ParseSettings;
  readonly #cache: SeriesCache;
  /** The quoted metric name among the labels, if there was one. */
  #quotedName: string | undefined;
  readonly #known = new Set<string>();
  #names: string[] = [];
  #values: string[] = [];
  /** Start and closing quote of each value. */
  readonly #valueStarts: number[] = [];
  readonly #valueEnds: number[] = [];

  constructor(cursor: Cursor, grammar: Grammar, settings: ParseSettings) {
    this.#cursor = cursor;
    this.#grammar = grammar;
    this.#settings = settings;
    this.#cache = new SeriesCache(cursor);
  }

  /** Reads `name`, `name{labels}` or `{"name",labels}`; returns the name. */
  readSeries(): string {
    const template = this.#cache.read();
    if (template === undefined) return this.#readNewSeries();
    this.names = template.names;
    this.values = template.values;
    return template.name;
  }

  /** Reads labels in braces, from the position after the opening brace. */
  readLabels(): void {
    const start = this.#cursor.at;
    this.#begin();
    this.#readElements(false);
    this.#setLabels();
    if (this.#quotedName !== undefined) this.#cursor.fail('labels without a metric name', start);
  }

  #readNewSeries(): string {
    const cursor = this.#cursor;
    const start = cursor.at;
    const { line } = cursor;
    this.#begin();
    const name = cursor.code() === OPEN ? undefined : cursor.metricName(this.#settings.maxNameLength);
    this.#readBraces();
    this.#setLabels();
    // Series with a quoted name, or with a line feed in a value, are not cached.
    if (name !== undefined && this.#quotedName === undefined && cursor.line === line) {
      const { names, values } = this;
      this.#cache.learn({ name, names, values, start, valueStarts: this.#valueStarts, valueEnds: this.#valueEnds });
    }
    if (name !== undefined && this.#quotedName !== undefined) cursor.fail('one metric name', start);
    return name ?? this.#quotedName ?? cursor.fail('a metric name', start);
  }

  #begin(): void {
    this.#quotedName = undefined;
    this.#names = [];
    this.#values = [];
    this.#valueStarts.length = 0;
    this.#valueEnds.length = 0;
    this.#known.clear();
  }

  #setLabels(): void {
    if (!isSameNames(this.#names, this.names)) this.names = this.#names;
    this.values = this.#values;
  }

  #readBraces(): void {
    const cursor = this.#cursor;
    const { at } = cursor;
    this.#skipBlanks();
    if (cursor.code() === OPEN) {
      cursor.at++;
      this.#skipBlanks();
      this.#readElements(cursor.code() === CLOSE);
    } else {
      cursor.at = at;
    }
  }

  /** Reads labels up to the closing brace; `isLast` if that is next. */
  #readElements(isLast: boolean): void {
    const cursor = this.#cursor;
    let isAtEnd = isLast || cursor.code() === CLOSE;
    while (!isAtEnd) {
      this.#element();
      isAtEnd = this.#separator();
    }
    cursor.at++;
  }

  /** Reads a label or the quoted metric name. */
  #element(): void {
    const cursor = this.#cursor;
    const start = cursor.at;
    const isQuoted = cursor.code() === QUOTE;
    const name = isQuoted ? this.#readQuotedName() : cursor.labelName(this.#settings.maxNameLength);
    this.#skipBlanks();
    if (isQuoted && cursor.code() !== EQUALS) {
      this.#setQuotedName(name, start);
      return;
    }
    this.#addName(name, start);
    if (cursor.code() !== EQUALS) cursor.fail('= after the label name');
    cursor.at++;
    this.#skipBlanks();
    if (cursor.code() !== QUOTE) cursor.fail('a label value in double quotes');
    cursor.at++;
    this.#value();
  }

  #readQuotedName(): string {
    const cursor = this.#cursor;
    const start = cursor.at++;
    const { lineFeedInName, anyEscape, bytesInName } = this.#grammar;
    const name = bytesInName ? cursor.quotedBytes(lineFeedInName, anyEscape) : cursor.quoted(lineFeedInName, anyEscape);
    if (name === '') cursor.fail('a name that is not empty', start);
    if (!this.#grammar.nulInName && name.includes('\0')) cursor.fail('a name without NUL', start);
    const { maxNameLength } = this.#settings;
    if (name.length > maxNameLength) cursor.fail(`a name of at most ${maxNameLength} bytes`, start);
    return name;
  }

  #setQuotedName(name: string, start: number): void {
    const cursor = this.#cursor;
    if (this.#quotedName !== undefined) cursor.fail('one metric name', start);
    if (this.#names.length > 0 && !this.#grammar.nameAnywhere) cursor.fail('the metric name before the labels', start);
    const code = cursor.code();
    if (code !== COMMA && code !== CLOSE) cursor.fail('a comma or }');
    this.#quotedName = name;
  }

  #addName(name: string, start: number): void {
    const cursor = this.#cursor;
    const { maxLabels } = this.#settings;
    if (this.#names.length >= maxLabels) cursor.fail(`at most ${maxLabels} labels`, start);
    if (name === '__name__' || this.#isKnown(name)) cursor.fail('another label name', start);
    this.#names.push(name);
  }

  #isKnown(name: string): boolean {
    const names = this.#names;
    if (names.length < FEW) return names.includes(name);
    if (this.#known.size === 0) for (const known of names) this.#known.add(known);
    const { size } = this.#known;
    return this.#known.add(name).size === size;
  }

  #value(): void {
    const cursor = this.#cursor;
    const { lineFeedInValue, anyEscape, nulInValue } = this.#grammar;
    const start = cursor.at;
    const value = cursor.quoted(lineFeedInValue, anyEscape);
    if (!nulInValue && value.includes('\0')) cursor.fail('a label value without NUL', start);
    this.#valueStarts.push(start);
    this.#values.push(value);
    this.#valueEnds.push(cursor.at - 1);
  }

  /** Skips the separator between elements; true at the closing brace. */
  #separator(): boolean {
    const cursor = this.#cursor;
    this.#skipBlanks();
    const code = cursor.code();
    if (code === CLOSE) return true;
    if (code !== COMMA) {
      if (!this.#grammar.missingComma) cursor.fail('a comma or }');
      return false;
    }
    cursor.at++;
    this.#skipBlanks();
    if (cursor.code() !== CLOSE) return false;
    return this.#grammar.trailingComma || cursor.fail('a label after the comma');
  }

  #skipBlanks(): void {
    if (this.#grammar.blanks) this.#cursor.skipBlanks();
  }
}

/** Reads the name in a HELP, TYPE or UNIT line. Prometheus accepts empty names and invalid UTF-8, which samples cannot have. */
export function readMetadataName(cursor: Cursor, grammar: Grammar, settings: ParseSettings): string {
  if (cursor.code() !== QUOTE) return cursor.metricName(settings.maxNameLength);
  const start = cursor.at++;
  const { lineFeedInName, anyEscape, nulInName, anyMetadataName } = grammar;
  const name = cursor.quotedBytes(lineFeedInName, anyEscape);
  const isName = name !== '' && cursor.isText(start, cursor.at);
  if (!nulInName && name.includes('\0')) cursor.fail('a name without NUL', start);
  if (name.length > settings.maxNameLength) cursor.fail(`a name of at most ${settings.maxNameLength} bytes`, start);
  return isName || anyMetadataName ? name : cursor.fail('a metric name', start);
}
