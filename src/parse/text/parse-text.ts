import type { MetricFamily, MetricType } from '../../model/family.ts';
import { FamilyAssembler } from '../assembly/family-assembler.ts';
import { type ParseOptions, type ParseSettings, parseSettings } from '../input/options.ts';
import { type Chunk, type Chunks, readAll } from '../input/source.ts';
import { BLANK, HASH, LINE_FEED, OPEN, TAB } from '../lines/byte-cursor.ts';
import { type Grammar, serverText, strictText } from '../lines/grammar.ts';
import { readMetadataName } from '../lines/label-reader.ts';
import type { LineHandler } from '../lines/line-handler.ts';
import { LineReader } from '../lines/line-reader.ts';
import { parseInt64 } from '../lines/number.ts';
import { TextRules } from './text-rules.ts';

/**
 * Parses the Prometheus text formats 0.0.4 and 1.0.0: a string or bytes, or chunks that may end anywhere.
 *
 * @throws {ParseError} for the first error, unless `onError` is given.
 *
 * @example
 * ```ts
 * import { parseText } from 'zeroprom/parse';
 *
 * const [family] = parseText('# TYPE jobs_total counter\njobs_total{queue="mail"} 3\n');
 * console.log(family?.name, [...(family?.points ?? [])]);
 * ```
 */
export function parseText(input: Chunk, options?: ParseOptions): MetricFamily[];
export function parseText(input: Chunks, options?: ParseOptions): Promise<MetricFamily[]>;
export function parseText(input: Chunk | Chunks, options?: ParseOptions): MetricFamily[] | Promise<MetricFamily[]>;
export function parseText(input: Chunk | Chunks, options?: ParseOptions): MetricFamily[] | Promise<MetricFamily[]> {
  const assembler = new FamilyAssembler('text', options?.mode);
  return readAll(input, textReader(assembler, options), () => assembler.finish());
}

/**
 * Like {@link parseText}, but passes each line to a handler and keeps none, so that memory stays small whatever the
 * size.
 *
 * @throws {ParseError} for the first error, unless `onError` is given.
 *
 * @example
 * ```ts
 * import { readText } from 'zeroprom/parse';
 *
 * readText('jobs_total 3\n', {
 *   metadata() {},
 *   sample: ({ name, value }) => console.log(name, value), // jobs_total 3
 *   end() {},
 * });
 * ```
 */
export function readText(input: Chunk, handler: LineHandler, options?: ParseOptions): void;
export function readText(input: Chunks, handler: LineHandler, options?: ParseOptions): Promise<void>;
export function readText(input: Chunk | Chunks, handler: LineHandler, options?: ParseOptions): void | Promise<void> {
  return readAll(input, textReader(handler, options), () => {});
}

function textReader(handler: LineHandler, options?: ParseOptions): TextReader {
  const settings = parseSettings(options);
  return new TextReader(settings.strict ? new TextRules(handler) : handler, settings);
}

const NUL = 0;

const TYPES: ReadonlyMap<string, MetricType> = new Map([
  ['counter', 'counter'],
  ['gauge', 'gauge'],
  ['histogram', 'histogram'],
  ['summary', 'summary'],
  ['untyped', 'unknown'],
]);

/** Reads the Prometheus text formats 0.0.4 and 1.0.0. The only difference are the quoted names of the latter. */
export class TextReader extends LineReader {
  readonly #grammar: Grammar;

  constructor(handler: LineHandler, settings: ParseSettings) {
    const grammar = settings.strict ? strictText : serverText;
    super(handler, grammar, settings);
    this.#grammar = grammar;
  }

  protected override readLine(): void {
    const { cursor } = this;
    cursor.skipBlanks();
    const code = cursor.code();
    if (code === LINE_FEED) return;
    if (code === NUL && !this.settings.strict) {
      this.stop(); // The lexer of Prometheus takes it for the end.
      return;
    }
    if (code === HASH) this.#comment();
    else this.#sample();
    if (this.isUnterminated && this.settings.strict) {
      const end = this.cursor.lineEnd();
      if (end === this.cursor.bytes.length - 1) this.cursor.fail('a line feed at the end', end);
    }
  }

  #sample(): void {
    const { cursor, sample } = this;
    sample.line = cursor.line;
    // Prometheus treats leading blanks as part of the name: some versions fail, others store a bogus series.
    const isIndented = cursor.at > cursor.lineStart && cursor.code() !== OPEN;
    if (isIndented && !this.settings.strict) cursor.fail('a metric name without blanks before it');
    sample.name = this.labels.readSeries();
    sample.labelNames = this.labels.names;
    sample.labelValues = this.labels.values;
    cursor.skipBlanks();
    sample.value = this.values.read('a number');
    cursor.skipBlanks();
    sample.timestamp = cursor.code() === LINE_FEED ? undefined : this.#timestamp();
    this.handler.sample(sample);
  }

  /** Reads a timestamp in milliseconds. The specification allows a sign, Prometheus does not. */
  #timestamp(): number {
    const { cursor } = this;
    const start = cursor.at;
    const token = cursor.token(true);
    const isInteger = this.settings.strict ? /^[+-]?\d+$/.test(token) : /^\d+$/.test(token);
    if (!isInteger || (token.length > 18 && parseInt64(token) === undefined))
      cursor.fail('a timestamp in milliseconds', start);
    cursor.skipBlanks();
    if (cursor.code() !== LINE_FEED) cursor.fail('the end of the line');
    return Number(token) / 1000;
  }

  #comment(): void {
    const { cursor, settings } = this;
    cursor.at++;
    const isApart = isBlank(cursor.code());
    if (!isApart && !settings.strict) {
      if (cursor.bytes.subarray(cursor.at, cursor.lineEnd()).includes(NUL)) this.stop(); // As above.
      return;
    }
    cursor.skipBlanks();
    const keyword = cursor.token(true);
    if (keyword !== 'HELP' && keyword !== 'TYPE') return;
    if (cursor.code() === LINE_FEED && !settings.strict) return;
    cursor.skipBlanks();
    this.#metadata(keyword, readMetadataName(cursor, this.#grammar, settings));
  }

  #metadata(keyword: 'HELP' | 'TYPE', name: string): void {
    const { cursor } = this;
    const { line } = cursor;
    const isApart = isBlank(cursor.code()) || cursor.code() === LINE_FEED;
    if (!isApart && this.settings.strict) cursor.fail('a blank after the metric name');
    if (keyword === 'HELP') this.handler.metadata({ keyword, name, text: this.#help(), line });
    else this.handler.metadata({ keyword, name, type: this.#type(), line });
  }

  #type(): MetricType {
    const { cursor } = this;
    const start = cursor.at;
    const text = this.settings.strict ? this.#lastToken() : this.#remainder();
    return TYPES.get(text) ?? cursor.fail('counter, gauge, histogram, summary or untyped', start);
  }

  #lastToken(): string {
    const { cursor } = this;
    cursor.skipBlanks();
    const token = cursor.token(true);
    cursor.skipBlanks();
    if (cursor.code() !== LINE_FEED) cursor.fail('the end of the line');
    return token;
  }

  /** Reads the rest of the line without its first character, as Prometheus does, and clients for help texts. */
  #remainder(): string {
    const { cursor } = this;
    if (cursor.code() === NUL && !this.settings.strict) cursor.fail('a blank after the metric name');
    if (cursor.code() !== LINE_FEED) cursor.at++;
    const isContinuation = cursor.code() >= 0x80 && cursor.code() < 0xc0; // Within a UTF-8 character.
    if (isContinuation) cursor.fail('valid UTF-8');
    return cursor.restOfLine();
  }

  #help(): string {
    const { cursor, settings } = this;
    const before = cursor.at;
    const start = Math.min(before + 1, cursor.lineEnd());
    const text = this.#remainder();
    // `\"` is undefined here, but all parsers keep it unchanged.
    const hasUndefinedEscape =
      settings.strict && text.includes('\\') && text.replaceAll(/\\[n"\\]/g, '').includes('\\');
    if (hasUndefinedEscape) cursor.fail('n or \\ after each backslash', start);
    // The lexer of Prometheus skips a text of blanks.
    if (!settings.strict && /^[ \t]+$/.test(cursor.latin1(before, cursor.at))) return '';
    return cursor.unescaped(start, cursor.at, false);
  }
}

function isBlank(code: number): boolean {
  return code === BLANK || code === TAB;
}
