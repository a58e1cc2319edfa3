import { BlockSplitter } from '../input/block-splitter.ts';
import type { ParseSettings } from '../input/options.ts';
import { ParseError } from '../input/parse-error.ts';
import { keep } from '../input/source.ts';
import { Cursor, INCOMPLETE } from './byte-cursor.ts';
import type { Grammar } from './grammar.ts';
import { LabelReader } from './label-reader.ts';
import type { CompositeValue, ExemplarPart, LineHandler, MetadataLine, SampleLine } from './line-handler.ts';
import { ValueReader } from './value-reader.ts';

const LINE_FEED = Buffer.from('\n');

/** The one sample line of a reader, which it fills again for each line. */
export class CurrentSample implements SampleLine {
  line = 0;
  name = '';
  labelNames: readonly string[] = [];
  labelValues: readonly string[] = [];
  value = 0;
  timestamp: number | undefined = undefined;
  startTimestamp: number | undefined = undefined;
  exemplars: readonly ExemplarPart[] = [];
  composite: CompositeValue | undefined = undefined;
}

/**
 * Reads a document that arrives in chunks, line by line. A format says what its lines are; here is what formats share:
 * cutting into lines, errors and going on after them, limits.
 */
export abstract class LineReader {
  protected readonly cursor = new Cursor();
  protected readonly labels: LabelReader;
  protected readonly values: ValueReader;
  protected readonly sample = new CurrentSample();
  protected readonly settings: ParseSettings;
  protected readonly handler: LineHandler;
  /** Whether the last line had no line feed. */
  protected isUnterminated = false;
  readonly #splitter = new BlockSplitter((lines) => this.#read(lines));
  #size = 0;
  /** Lines that a quoted text without end has to be read with again, and how much text that is worth trying with. */
  #rest: Buffer[] = [];
  #restLength = 0;
  #retryAt = 0;
  #isStopped = false;
  /** Whether the rest of a line that is too long is still to come. */
  #isSkipping = false;

  constructor(handler: LineHandler, grammar: Grammar, settings: ParseSettings) {
    this.handler = handler;
    this.settings = settings;
    this.labels = new LabelReader(this.cursor, grammar, settings);
    this.values = new ValueReader(this.cursor, grammar);
  }

  /** Reads the line that the cursor is at, up to its line feed at least. */
  protected abstract readLine(): void;

  /** Takes the next chunk of the document; it may end anywhere, also within a character. */
  write(chunk: string | Uint8Array): void {
    if (this.isStopped) return;
    this.#size += chunk.length;
    if (this.#size > this.settings.maxSize) {
      this.stop();
      this.settings.report(this.#excess(`a document of at most ${this.settings.maxSize} bytes`));
    } else {
      this.#write(chunk);
    }
  }

  /** The document is complete. */
  end(): void {
    if (!this.isStopped) this.#readLast(this.#splitter.take());
    this.handler.end();
  }

  /** Whether the document was given up before its end. */
  protected get isStopped(): boolean {
    return this.#isStopped || this.settings.hasEnough();
  }

  /** Reads no more of the document. */
  protected stop(): void {
    this.#isStopped = true;
  }

  protected metadata(line: MetadataLine): void {
    this.handler.metadata(line);
  }

  #write(chunk: string | Uint8Array): void {
    this.#splitter.write(chunk);
    if (this.#splitter.pending > this.settings.maxLineLength) {
      this.#splitter.drop();
      if (!this.#isSkipping) this.#reportTooLong();
    }
  }

  #reportTooLong(): void {
    this.#isSkipping = true;
    this.cursor.line++;
    this.settings.report(this.#tooLong(this.cursor.line));
  }

  #readLast(line: Buffer): void {
    const { cursor } = this;
    this.isUnterminated = line.length > 0;
    cursor.isLast = true;
    this.#read(this.isUnterminated ? Buffer.concat([line, LINE_FEED]) : line);
  }

  #read(lines: Buffer): void {
    const added = this.#isSkipping ? lines.subarray(lines.indexOf('\n') + 1) : lines;
    this.#isSkipping = false;
    if (this.#restLength + added.length < this.#retryAt && !this.cursor.isLast) {
      this.#restLength += keep(this.#rest, Buffer.from(added), Buffer.concat); // The chunk is its owner's again.
    } else {
      this.#readBlock(this.#rest.length === 0 ? added : Buffer.concat([...this.#rest, added]));
    }
  }

  #readBlock(bytes: Buffer): void {
    const { cursor } = this;
    this.#rest = [];
    this.#restLength = 0;
    this.#retryAt = 0;
    cursor.load(bytes);
    while (!this.isStopped && cursor.nextLine()) {
      if (!this.#tryLine(cursor.line)) return;
    }
  }

  /** False if the line goes on in text that has not come yet. */
  #tryLine(line: number): boolean {
    const { cursor } = this;
    try {
      this.readLine();
      cursor.at = cursor.lineEnd() + 1;
      if (cursor.at - cursor.lineStart > this.settings.maxLineLength + 1) this.settings.report(this.#tooLong(line));
      return true;
    } catch (error) {
      if (error === INCOMPLETE && this.#keep(line)) return false;
      this.#recover(error === INCOMPLETE ? this.#tooLong(line) : error, line);
      return true;
    }
  }

  #tooLong(line: number): ParseError {
    return this.#excess(`a line of at most ${this.settings.maxLineLength} bytes`, line);
  }

  #excess(expected: string, line: number = this.cursor.line): ParseError {
    return new ParseError({ line, column: 1, text: '', expected });
  }

  /** Reports the error and goes on at the next line: the one behind the first line feed, also within quotes. */
  #recover(error: unknown, line: number): void {
    if (!(error instanceof ParseError)) throw error;
    const { cursor } = this;
    this.settings.report(error);
    cursor.line = line;
    cursor.at = cursor.lineEnd(cursor.lineStart) + 1;
  }

  /** Keeps a line that goes on, if it may. Trying again only with twice the text keeps all tries together linear. */
  #keep(line: number): boolean {
    const { cursor } = this;
    const length = cursor.bytes.length - cursor.lineStart;
    if (length > this.settings.maxLineLength) return false;
    cursor.line = line - 1;
    this.#rest = [Buffer.from(cursor.bytes.subarray(cursor.lineStart))];
    this.#restLength = length;
    this.#retryAt = length * 2;
    return true;
  }
}
