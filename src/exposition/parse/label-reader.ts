import { CLOSE, COMMA, type Cursor, EQUALS, OPEN, QUOTE } from './cursor.ts';
import type { Grammar } from './grammar.ts';
import type { ParseSettings } from './options.ts';
import { TextCache } from './text-cache.ts';

/** Above this many labels a set finds repeated names faster than looking through the list. */
const FEW = 16;

/**
 * Reads a metric name and labels. Lines mostly begin as the line before does, and have the same labels and often some of
 * the same values behind that: what equals the line before is compared, not read, and its strings are used again.
 */
export class LabelReader {
  /** The names of the last labels read. Another array only where they differ from those before. */
  names: readonly string[] = [];
  /** Their values, at the same index; the same array each time. */
  readonly values: string[] = [];
  readonly #cursor: Cursor;
  readonly #grammar: Grammar;
  readonly #settings: ParseSettings;
  /** The quoted metric name among the labels, if there was one. */
  #quotedName: string | undefined;
  /** Names in the order read, once they are not those of the line before. */
  #fresh: string[] | undefined;
  readonly #known = new Set<string>();
  readonly #cache = new TextCache();

  // The line before: its block, where it and its parts were in that, and what it said.
  #bytes: Buffer | undefined;
  #start = 0;
  #length = 0;
  #name = '';
  #count = 0;
  /** Where each label begins, its value begins and its closing quote ends. */
  readonly #labelStarts: number[] = [];
  readonly #valueStarts: number[] = [];
  readonly #valueEnds: number[] = [];

  constructor(cursor: Cursor, grammar: Grammar, settings: ParseSettings) {
    this.#cursor = cursor;
    this.#grammar = grammar;
    this.#settings = settings;
  }

  /** Reads `name`, `name{labels}` or `{"name",labels}`; returns the name. */
  readSeries(): string {
    const cursor = this.#cursor;
    const start = cursor.at;
    const { line } = cursor;
    this.#quotedName = undefined;
    this.#fresh = undefined;
    if (this.#bytes !== cursor.bytes) this.#count = 0; // Its places are not those of this block.
    const count = this.#bytes === cursor.bytes ? this.#skipCommon(start) : 0;
    this.#bytes = undefined; // Not to be compared with until it has been read to its end.
    const name = cursor.at > start ? this.#name : this.#bareName();
    if (count > 0) this.#readFrom(count, this.#separator());
    else this.#readBraces();
    if (name !== undefined && cursor.line === line) this.#remember(start, name);
    return this.#seriesName(name, start);
  }

  /** Reads labels in braces, from behind the opening one. */
  readLabels(): void {
    const start = this.#cursor.at;
    this.#quotedName = undefined;
    this.#fresh = undefined;
    this.#bytes = undefined;
    this.#readFrom(0, false);
    if (this.#quotedName !== undefined) this.#cursor.fail('labels without a metric name', start);
  }

  /**
   * Goes over the name and the labels that the line before begins with as well, byte for byte. Returns how many labels
   * those are. Without any, the cursor is behind the name if that is the same.
   */
  #skipCommon(start: number): number {
    const cursor = this.#cursor;
    const shift = start - this.#start;
    const common = this.#start + this.#commonLength(start);
    let count = 0;
    while (count < this.#count && this.#valueEnds[count]! <= common) this.#shift(count++, shift);
    const nameEnd = this.#start + this.#name.length;
    if (count > 0) cursor.at = this.#valueEnds[count - 1]!;
    else if (common >= nameEnd && cursor.endsMetricName(nameEnd + shift)) cursor.at = nameEnd + shift;
    return count;
  }

  /** How many bytes are the same as on the line before, up to the end of its labels. */
  #commonLength(start: number): number {
    const { bytes, view } = this.#cursor;
    const before = this.#start;
    const most = Math.min(this.#length, bytes.length - start);
    let length = 0;
    while (length + 4 <= most && view.getInt32(before + length) === view.getInt32(start + length)) length += 4;
    while (length < most && bytes[before + length] === bytes[start + length]) length++;
    return length;
  }

  #shift(index: number, by: number): void {
    this.#labelStarts[index]! += by;
    this.#valueStarts[index]! += by;
    this.#valueEnds[index]! += by;
  }

  #bareName(): string | undefined {
    const cursor = this.#cursor;
    return cursor.code() === OPEN ? undefined : cursor.metricName(this.#settings.maxNameLength);
  }

  #readBraces(): void {
    const cursor = this.#cursor;
    const { at } = cursor;
    this.#skipBlanks();
    if (cursor.code() === OPEN) {
      cursor.at++;
      this.#skipBlanks();
      this.#readFrom(0, cursor.code() === CLOSE);
    } else {
      cursor.at = at;
      this.#setNames(0);
    }
  }

  /** Reads the labels behind the first `count`, up to the closing brace; `isLast` if that is next. */
  #readFrom(count: number, isLast: boolean): void {
    const cursor = this.#cursor;
    let index = count;
    let isAtEnd = isLast || cursor.code() === CLOSE;
    while (!isAtEnd) {
      index = this.#element(index);
      isAtEnd = this.#separator();
    }
    cursor.at++;
    this.#setNames(index);
  }

  /** A label, the `index`th, or the quoted metric name; returns how many labels there are now. */
  #element(index: number): number {
    const cursor = this.#cursor;
    const { at } = cursor;
    if (this.#fresh === undefined && index < this.#count) {
      const length = this.#valueStarts[index]! - this.#labelStarts[index]!;
      if (isSame(cursor.bytes, this.#labelStarts[index]!, at, length)) {
        cursor.at = at + length;
        this.#labelStarts[index] = at;
        this.#value(index);
        return index + 1;
      }
    }
    return this.#labelOrName(index);
  }

  #labelOrName(index: number): number {
    const cursor = this.#cursor;
    const start = cursor.at;
    const isQuoted = cursor.code() === QUOTE;
    const name = isQuoted ? this.#readQuotedName() : cursor.labelName(this.#settings.maxNameLength);
    this.#skipBlanks();
    if (isQuoted && cursor.code() !== EQUALS) {
      this.#setQuotedName(name, index, start);
      return index;
    }
    this.#addName(name, index, start);
    if (cursor.code() !== EQUALS) cursor.fail('= after the label name');
    cursor.at++;
    this.#skipBlanks();
    if (cursor.code() !== QUOTE) cursor.fail('a label value in double quotes');
    cursor.at++;
    this.#labelStarts[index] = start;
    this.#freshValue(index);
    return index + 1;
  }

  #readQuotedName(): string {
    const cursor = this.#cursor;
    const start = cursor.at++;
    const name = cursor.quoted(this.#grammar.lineFeedInName, this.#grammar.anyEscape);
    if (name === '') cursor.fail('a name that is not empty', start);
    const { maxNameLength } = this.#settings;
    if (name.length > maxNameLength) cursor.fail(`a name of at most ${maxNameLength} bytes`, start);
    return name;
  }

  #setQuotedName(name: string, index: number, start: number): void {
    const cursor = this.#cursor;
    if (this.#quotedName !== undefined) cursor.fail('one metric name', start);
    if (index > 0 && !this.#grammar.nameAnywhere) cursor.fail('the metric name before the labels', start);
    const code = cursor.code();
    if (code !== COMMA && code !== CLOSE) cursor.fail('a comma or }');
    this.#quotedName = name;
  }

  /** Takes the name of a label that is not as on the line before. */
  #addName(name: string, index: number, start: number): void {
    const cursor = this.#cursor;
    if (this.#fresh === undefined) {
      this.#fresh = this.names.slice(0, index);
      this.#known.clear();
    }
    if (index >= this.#settings.maxLabels) cursor.fail(`at most ${this.#settings.maxLabels} labels`, start);
    if (name === '__name__' || this.#isKnown(name)) cursor.fail('another label name', start);
    this.#fresh.push(name);
  }

  #isKnown(name: string): boolean {
    const names = this.#fresh ?? [];
    if (names.length < FEW) return names.includes(name);
    if (this.#known.size === 0) for (const known of names) this.#known.add(known);
    const { size } = this.#known;
    return this.#known.add(name).size === size;
  }

  /** A value that may be the same as on the line before. */
  #value(index: number): void {
    const cursor = this.#cursor;
    const { at } = cursor;
    const start = this.#valueStarts[index]!;
    const length = this.#valueEnds[index]! - start;
    if (isSame(cursor.bytes, start, at, length)) {
      cursor.at = at + length;
      this.#valueStarts[index] = at;
      this.#valueEnds[index] = cursor.at;
    } else {
      this.#freshValue(index);
    }
  }

  #freshValue(index: number): void {
    const cursor = this.#cursor;
    this.#valueStarts[index] = cursor.at;
    const { lineFeedInValue, anyEscape } = this.#grammar;
    this.values[index] = this.#cache.quoted(cursor) ?? cursor.quoted(lineFeedInValue, anyEscape);
    this.#valueEnds[index] = cursor.at;
  }

  /** Goes over what may stand between elements; true at the closing brace. */
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

  #setNames(count: number): void {
    if (this.#fresh !== undefined) this.names = this.#fresh;
    else if (count !== this.names.length) this.names = this.names.slice(0, count);
    if (this.values.length !== count) this.values.length = count;
  }

  /** Keeps what the next line may have in common. Not with a quoted name, nor with a line feed in a value. */
  #remember(start: number, name: string): void {
    this.#bytes = this.#cursor.bytes;
    this.#start = start;
    this.#length = this.#cursor.at - start;
    this.#name = name;
    this.#count = this.names.length;
  }

  #seriesName(name: string | undefined, start: number): string {
    if (name !== undefined && this.#quotedName !== undefined) this.#cursor.fail('one metric name', start);
    return name ?? this.#quotedName ?? this.#cursor.fail('a metric name', start);
  }
}

function isSame(bytes: Buffer, one: number, other: number, length: number): boolean {
  for (let index = 0; index < length; index++) {
    if (bytes[one + index] !== bytes[other + index]) return false;
  }
  return true;
}
