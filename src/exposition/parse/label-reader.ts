import { CLOSE, COMMA, type Cursor, EQUALS, QUOTE } from './cursor.ts';
import type { Grammar } from './grammar.ts';
import type { ParseSettings } from './options.ts';

/** Above this many labels a set finds repeated names faster than looking through the list. */
const FEW = 16;

/**
 * Reads what stands between braces. Lines tend to have the labels of the line before, and often some of its values: it
 * looks for those first, which saves most names and many values from being cut out of the text again.
 */
export class LabelReader {
  /** The names of the last labels read. Another array only where they differ from those before. */
  names: readonly string[] = [];
  /** Their values, at the same index; the same array each time. */
  readonly values: string[] = [];
  /** The quoted metric name among the labels, if there was one. */
  metricName: string | undefined;
  readonly #cursor: Cursor;
  readonly #grammar: Grammar;
  readonly #settings: ParseSettings;
  /** What opens each value of the line before: `name="`. */
  #opens: string[] = [];
  /** Names in the order read, once they are not those of the line before. */
  #fresh: string[] | undefined;
  #known = new Set<string>();
  /** Values last read at each index, where the text had them as they are, without escapes. */
  #plain: (string | undefined)[] = [];

  constructor(cursor: Cursor, grammar: Grammar, settings: ParseSettings) {
    this.#cursor = cursor;
    this.#grammar = grammar;
    this.#settings = settings;
  }

  /** No labels: there are no braces. */
  clear(): void {
    this.metricName = undefined;
    this.values.length = 0;
    if (this.names.length > 0) this.#rename([]);
  }

  /** Reads up to the closing brace, from behind the opening one. */
  read(): void {
    const cursor = this.#cursor;
    this.metricName = undefined;
    this.#fresh = undefined;
    let count = 0;
    this.#skipBlanks();
    while (cursor.code() !== CLOSE) {
      count = this.#element(count);
      if (this.#separator()) break;
    }
    cursor.at++;
    this.values.length = count;
    if (this.#fresh !== undefined) this.#rename(this.#fresh);
    else if (count !== this.names.length) this.#rename(this.names.slice(0, count));
  }

  /** A label, the `count`th, or the quoted metric name; returns how many labels there are now. */
  #element(count: number): number {
    const cursor = this.#cursor;
    const open = this.#fresh === undefined ? this.#opens[count] : undefined;
    if (open !== undefined && cursor.text.startsWith(open, cursor.at)) {
      cursor.at += open.length;
      this.#value(count);
      return count + 1;
    }
    return this.#labelOrName(count);
  }

  #labelOrName(count: number): number {
    const cursor = this.#cursor;
    const start = cursor.at;
    const isQuoted = cursor.code() === QUOTE;
    const name = isQuoted ? this.#quotedName() : cursor.labelName(this.#settings.maxNameLength);
    this.#skipBlanks();
    if (isQuoted && cursor.code() !== EQUALS) {
      this.#setMetricName(name, count, start);
      return count;
    }
    this.#name(name, count, start);
    if (cursor.code() !== EQUALS) cursor.fail('= after the label name');
    cursor.at++;
    this.#skipBlanks();
    if (cursor.code() !== QUOTE) cursor.fail('a label value in double quotes');
    cursor.at++;
    this.#value(count);
    return count + 1;
  }

  #quotedName(): string {
    const cursor = this.#cursor;
    const start = cursor.at++;
    const name = cursor.quoted(this.#grammar.lineFeedInName, this.#grammar.anyEscape);
    if (name === '') cursor.fail('a name that is not empty', start);
    const { maxNameLength } = this.#settings;
    if (name.length > maxNameLength) cursor.fail(`a name of at most ${maxNameLength} characters`, start);
    return name;
  }

  #setMetricName(name: string, count: number, start: number): void {
    const cursor = this.#cursor;
    if (this.metricName !== undefined) cursor.fail('one metric name', start);
    if (count > 0 && !this.#grammar.nameAnywhere) cursor.fail('the metric name before the labels', start);
    const code = cursor.code();
    if (code !== COMMA && code !== CLOSE) cursor.fail('a comma or }');
    this.metricName = name;
  }

  /** Takes the name of the `count`th label, which is not as on the line before. */
  #name(name: string, count: number, start: number): void {
    const cursor = this.#cursor;
    if (this.#fresh === undefined) this.#diverge(count);
    if (count >= this.#settings.maxLabels) cursor.fail(`at most ${this.#settings.maxLabels} labels`, start);
    if (name === '__name__' || this.#isKnown(name)) cursor.fail('another label name', start);
    this.#fresh?.push(name);
  }

  /** From here on the names are others than on the line before. */
  #diverge(count: number): void {
    this.#fresh = this.names.slice(0, count);
    this.#known.clear();
  }

  #isKnown(name: string): boolean {
    const names = this.#fresh ?? [];
    if (names.length < FEW) return names.includes(name);
    if (this.#known.size === 0) for (const known of names) this.#known.add(known);
    const { size } = this.#known;
    return this.#known.add(name).size === size;
  }

  #value(index: number): void {
    const cursor = this.#cursor;
    const { text, at } = cursor;
    const plain = this.#plain[index];
    if (plain !== undefined && text.charCodeAt(at + plain.length) === QUOTE && text.startsWith(plain, at)) {
      cursor.at = at + plain.length + 1;
      this.values[index] = plain;
    } else {
      this.#freshValue(index);
    }
  }

  #freshValue(index: number): void {
    const cursor = this.#cursor;
    const { at, lineEnd } = cursor;
    const value = cursor.quoted(this.#grammar.lineFeedInValue, this.#grammar.anyEscape);
    const isPlain = cursor.at === at + value.length + 1 && cursor.lineEnd === lineEnd;
    this.#plain[index] = isPlain ? value : undefined;
    this.values[index] = value;
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
    if (cursor.code() === CLOSE && !this.#grammar.trailingComma) cursor.fail('a label after the comma');
    return false;
  }

  #skipBlanks(): void {
    if (this.#grammar.blanks) this.#cursor.skipBlanks();
  }

  #rename(names: readonly string[]): void {
    this.names = names;
    this.#opens = names.map((name) => `${name}="`);
  }
}
