import { BlockSplitter } from '../input/block-splitter.ts';
import type { ParseSettings } from '../input/options.ts';
import { ParseError } from '../input/parse-error.ts';
import { keep } from '../input/source.ts';
import { Cursor, INCOMPLETE } from './byte-cursor.ts';
import type { Grammar } from './grammar.ts';
import { LabelReader } from './label-reader.ts';
import type { CompositeValue, ExemplarPart, LineHandler, SampleLine } from './line-handler.ts';
import { ValueReader } from './value-reader.ts';

const LINE_FEED = Buffer.from('\n');

/** The sample line of a reader, which it reuses for each line. */
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
 * Reads a document in chunks, line by line. A format reads its lines; this class has what formats share: splitting into
 * lines, errors and recovery, limits.
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
  /** Lines of an incomplete quoted text, which are read again, and the length at which to try again. */
  #rest: Buffer[] = [];
  #restLength = 0;
  #retryAt = 0;
  #isStopped = false;
  /** Whether the rest of an overlong line will follow. */
  #isSkipping = false;

  constructor(handler: LineHandler, grammar: Grammar, settings: ParseSettings) {
    this.handler = handler;
    this.settings = settings;
    this.labels = new LabelReader(this.cursor, grammar, settings);
    this.values = new ValueReader(this.cursor, grammar);
  }

  /** Reads the line at the cursor, at least up to its line feed. */
  protected abstract readLine(): void;

  /** Reads the next chunk of the document, which may end anywhere, even within a character. */
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

  /** Ends the document. */
  end(): void {
    if (!this.isStopped) this.#readLast(this.#splitter.take());
    this.handler.end();
  }

  /** Whether reading stopped before the end of the document. */
  protected get isStopped(): boolean {
    return this.#isStopped || this.settings.hasEnough();
  }

  /** Stops reading the document. */
  protected stop(): void {
    this.#isStopped = true;
  }

  #write(chunk: string | Uint8Array): void {
    this.#splitter.write(chunk);
    if (this.#splitter.pending > this.settings.maxLineLength) {
      this.#splitter.drop();
      if (this.#isSkipping) return;
      this.#isSkipping = true;
      this.cursor.line++;
      this.settings.report(this.#tooLong(this.cursor.line));
    }
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
      this.#restLength += keep(this.#rest, Buffer.from(added), Buffer.concat); // The caller may reuse the chunk.
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

  /** False if the line continues in the next chunk. */
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

  /** Reports the error and continues after the next line feed, even if it is within quotes. */
  #recover(error: unknown, line: number): void {
    if (!(error instanceof ParseError)) throw error;
    const { cursor } = this;
    this.settings.report(error);
    cursor.line = line;
    cursor.at = cursor.lineEnd(cursor.lineStart) + 1;
  }

  /** Keeps an incomplete line within the limits. Trying again only with twice the text keeps the total work linear. */
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
