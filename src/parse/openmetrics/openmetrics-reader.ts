import { isMetricType, metricTypes } from '../../model/sample-names.ts';
import type { ParseSettings } from '../input/options.ts';
import { ParseError } from '../input/parse-error.ts';
import { BLANK, HASH, LINE_FEED, OPEN } from '../lines/byte-cursor.ts';
import {
  type Grammar,
  serverExemplars,
  serverOpenMetrics,
  serverOpenMetrics2,
  strictOpenMetrics,
} from '../lines/grammar.ts';
import { LabelReader, readMetadataName } from '../lines/label-reader.ts';
import type { ExemplarPart, LineHandler, MetadataLine } from '../lines/line-handler.ts';
import { LineReader } from '../lines/line-reader.ts';
import { readComposite } from './composite-reader.ts';
import { readServerComposite } from './server-composite-reader.ts';

/** Version of OpenMetrics. 2.0.0 is a release candidate. */
export type OpenMetricsVersion = '1.0.0' | '2.0.0';

const EOF = '# EOF';
const NO_EXEMPLARS: readonly ExemplarPart[] = [];

/** Reads OpenMetrics 1.0 and 2.0: exactly one blank between tokens, no comments, `# EOF` at the end. */
export class OpenMetricsReader extends LineReader {
  readonly #grammar: Grammar;
  readonly #isStrict: boolean;
  readonly #isVersion2: boolean;
  readonly #exemplarLabels: LabelReader;
  #hasEnded = false;

  constructor(handler: LineHandler, settings: ParseSettings, version: OpenMetricsVersion) {
    const isVersion2 = version === '2.0.0';
    const grammar = settings.strict ? strictOpenMetrics : isVersion2 ? serverOpenMetrics2 : serverOpenMetrics;
    super(handler, grammar, settings);
    this.#grammar = grammar;
    this.#isStrict = settings.strict;
    this.#isVersion2 = isVersion2;
    const exemplarGrammar = grammar === serverOpenMetrics ? serverExemplars : grammar;
    this.#exemplarLabels = new LabelReader(this.cursor, exemplarGrammar, settings);
  }

  override end(): void {
    super.end();
    if (this.#hasEnded || this.isStopped) return;
    this.settings.report(new ParseError({ line: this.cursor.line + 1, column: 1, text: '', expected: EOF }));
  }

  protected override readLine(): void {
    const { cursor } = this;
    if (this.#hasEnded) {
      this.stop();
      cursor.fail(`nothing after ${EOF}`);
    }
    if (cursor.code() === HASH) this.#comment();
    else this.#sample();
  }

  #comment(): void {
    const { cursor, settings } = this;
    const start = cursor.at;
    const keyword = cursor.latin1(start + 2, Math.min(start + 6, cursor.bytes.length));
    if (cursor.startsWith(EOF) && cursor.bytes[start + EOF.length] === LINE_FEED) {
      this.#hasEnded = true;
    } else if ((keyword === 'HELP' || keyword === 'TYPE' || keyword === 'UNIT') && cursor.startsWith(`# ${keyword} `)) {
      cursor.at = start + 7;
      this.#metadata(keyword, readMetadataName(cursor, this.#grammar, settings));
    } else {
      cursor.fail('# HELP, # TYPE, # UNIT or # EOF');
    }
  }

  #metadata(keyword: 'HELP' | 'TYPE' | 'UNIT', name: string): void {
    const { cursor } = this;
    const { line } = cursor;
    this.#blank();
    this.handler.metadata(this.#metadataLine(keyword, name, line));
  }

  #metadataLine(keyword: 'HELP' | 'TYPE' | 'UNIT', name: string, line: number): MetadataLine {
    const { cursor } = this;
    const start = cursor.at;
    if (keyword === 'UNIT') return { keyword, name, text: this.#unit(name), line };
    const text = cursor.restOfLine();
    if (this.#isVersion2 && !this.#isStrict && text.endsWith('\r')) cursor.fail('no carriage return at the end', start);
    if (keyword === 'TYPE') {
      const type = isMetricType(text) ? text : cursor.fail(`one of ${metricTypes.join(', ')}`, start);
      return { keyword, name, type, line };
    }
    if (this.#isStrict) this.#checkEscapes(text, start);
    return { keyword, name, text: cursor.unescaped(start, cursor.at, true), line };
  }

  /** A raw quote violates the grammar of both versions, but occurs in the tests published with 1.0. */
  #checkEscapes(help: string, at: number): void {
    if (!help.includes('"') && !help.includes('\\')) return;
    const plain = help.replaceAll(/\\./gs, '');
    if (plain.includes('\\')) this.cursor.fail('a character after each backslash', at);
    if (plain.includes('"') && this.#isVersion2) this.cursor.fail('a backslash before each quote', at);
  }

  /** In version 2.0, Prometheus accepts any bytes as a unit. */
  #unit(name: string): string {
    const { cursor } = this;
    const start = cursor.at;
    const isAnything = this.#isVersion2 && !this.#isStrict;
    const unit = isAnything ? cursor.restOfBytes() : cursor.restOfLine();
    if (this.#isStrict && !/^[a-zA-Z0-9_:]*$/.test(unit)) cursor.fail('a unit of letters, digits, _ and :', start);
    if (isAnything && unit.endsWith('\r')) cursor.fail('no carriage return at the end', start);
    if (unit !== '' && !this.#isVersion2 && !name.endsWith(`_${unit}`))
      cursor.fail(`a unit that ${name} ends in`, start);
    return unit;
  }

  #sample(): void {
    const { cursor, sample } = this;
    sample.line = cursor.line;
    sample.name = this.labels.readSeries();
    sample.labelNames = this.labels.names;
    sample.labelValues = this.labels.values;
    this.#blank();
    this.#value();
    this.#times();
    sample.exemplars = cursor.code() === LINE_FEED ? NO_EXEMPLARS : this.#exemplars();
    this.handler.sample(sample);
  }

  #value(): void {
    const { cursor, sample } = this;
    const isComposite = this.#isVersion2 && cursor.code() === OPEN;
    sample.composite = undefined;
    if (!isComposite) sample.value = this.values.read('a number');
    else {
      const labelCount = sample.labelNames.length;
      sample.composite = this.#isStrict ? readComposite(cursor) : readServerComposite(cursor, labelCount);
      sample.value = Number.NaN;
    }
  }

  /** ` timestamp`, and in version 2.0 ` st@timestamp`. */
  #times(): void {
    const { cursor, sample } = this;
    sample.timestamp = undefined;
    sample.startTimestamp = undefined;
    if (cursor.code() === LINE_FEED) return;
    if (!this.#hasNext('#') && !this.#hasStart()) sample.timestamp = this.#timestamp();
    if (this.#hasStart()) {
      cursor.at += 4;
      sample.startTimestamp = this.#time();
    }
  }

  #hasNext(text: string): boolean {
    return this.cursor.startsWith(text, this.cursor.at + 1);
  }

  #hasStart(): boolean {
    return this.#isVersion2 && this.cursor.startsWith(' st@');
  }

  #timestamp(): number {
    this.#blank();
    return this.#time();
  }

  #time(): number {
    const { cursor } = this;
    const start = cursor.at;
    const seconds = this.values.read('a timestamp in seconds');
    if (!Number.isFinite(seconds)) cursor.fail('a finite timestamp in seconds', start);
    return seconds;
  }

  #exemplars(): readonly ExemplarPart[] {
    const { cursor } = this;
    if (!this.#isVersion2) {
      const exemplar = this.#exemplar();
      if (cursor.code() !== LINE_FEED) cursor.fail('the end of the line');
      return [exemplar];
    }
    const exemplars: ExemplarPart[] = [];
    do exemplars.push(this.#exemplar());
    while (cursor.code() !== LINE_FEED);
    return exemplars;
  }

  /** ` # {labels} value [timestamp]` */
  #exemplar(): ExemplarPart {
    const { cursor } = this;
    const labels = this.#exemplarLabels;
    if (!cursor.startsWith(' # {')) cursor.fail('an exemplar or the end of the line');
    cursor.at += 4;
    labels.readLabels();
    this.#blank();
    const value = this.values.read('a number');
    const isBare = cursor.code() === LINE_FEED || this.#hasNext('#');
    if (isBare && this.#isVersion2) cursor.fail('a timestamp of the exemplar');
    const timestamp = isBare ? undefined : this.#timestamp();
    return { labelNames: labels.names, labelValues: [...labels.values], value, timestamp };
  }

  /** Reads exactly one blank. */
  #blank(): void {
    const { cursor } = this;
    if (cursor.code() !== BLANK) cursor.fail('one blank');
    cursor.at++;
  }
}
