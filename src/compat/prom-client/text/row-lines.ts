import type { ByteWriter } from '../../../exposition/bytes/byte-writer.ts';
import { labelEncoding } from '../../../exposition/bytes/encoded-labels.ts';
import { type Fragment, FragmentPool } from '../../../exposition/bytes/fragment.ts';
import type { EncodedValues } from '../../../model/label-values.ts';
import type { LabelObject } from '../series/label-arguments.ts';
import type { SeriesRows } from '../series/series-rows.ts';
import { type Exemplar, exemplarText, labelsText, labelText, type MetricValue, valueText } from './samples.ts';

const LINE_FEED = 0x0a;
/** `method="GET",`, encoded once for each value. */
const LABELS = labelEncoding((writer, name, value) => writer.text(labelText(name, value)));

/** The property of a metric that contains its encoder, for all copies of the package in a process. */
export const ENCODE = Symbol.for('zeroprom.prom-client.encode.1');

/** Writes the lines of a metric from its table, without an object for each sample. */
export interface MetricEncoder {
  readonly rows: SeriesRows;
  /** Prepares the constant parts of the lines, and returns the function that writes the lines of a row. */
  begin(lines: RowLines): (row: number) => void;
  /** The samples of a row, for the few cases in which lines are written one by one. */
  values(row: number): readonly MetricValue[];
}

/** Constant parts of the lines of all series. */
export interface LineTemplate {
  /** `name{le="0.1",` */
  readonly open: Fragment;
  /** Default labels that follow those of the series. */
  readonly tail: Fragment | undefined;
  /** `name `, for lines without any label. */
  readonly alone: Fragment | undefined;
}

export interface RowLinesOptions {
  readonly writer: ByteWriter;
  /** The name of the samples. */
  readonly name: string;
  readonly isOpenMetrics: boolean;
  readonly defaultLabels: LabelObject;
}

/**
 * Writes the lines of a metric row by row, in prom-client's layout. Labels of the series are copied as bytes that were encoded
 * once for each value; default labels must have other names.
 */
export class RowLines {
  readonly name: string;
  readonly isOpenMetrics: boolean;
  readonly #writer: ByteWriter;
  readonly #pool = new FragmentPool();
  readonly #rows: SeriesRows;
  readonly #defaults: string;
  readonly #encoded: readonly EncodedValues[];
  readonly #width: number;
  /** Where the labels of the current series were written already. */
  #start = 0;
  #length = -1;
  #row = 0;

  constructor(rows: SeriesRows, { writer, name, isOpenMetrics, defaultLabels }: RowLinesOptions) {
    this.name = name;
    this.isOpenMetrics = isOpenMetrics;
    this.#writer = writer;
    this.#rows = rows;
    this.#defaults = labelsText(defaultLabels);
    const { names, values } = rows.index;
    this.#encoded = rows.hasLabels ? names.map((label, index) => values[index]!.encodedBy(LABELS, label)) : [];
    this.#width = names.length;
  }

  /** Lines whose default labels follow those of the series; `head` are labels before them, each with its comma. */
  template(name: string, head = ''): LineTemplate {
    const tail = this.#defaults === '' ? undefined : this.#pool.of(this.#defaults);
    const isAlone = head === '' && tail === undefined;
    return { open: this.#pool.of(`${name}{${head}`), tail, alone: isAlone ? this.#pool.of(`${name} `) : undefined };
  }

  /** Lines whose default labels precede those of the series. */
  templateWithDefaultsFirst(name: string, head = ''): LineTemplate {
    const before = head + this.#defaults;
    const alone = before === '' ? this.#pool.of(`${name} `) : undefined;
    return { open: this.#pool.of(`${name}{${before}`), tail: undefined, alone };
  }

  /** Makes this the row of the lines that follow. */
  goTo(row: number): void {
    this.#row = row;
    this.#length = -1;
  }

  line({ open, tail, alone }: LineTemplate, value: number, exemplar?: Exemplar): void {
    const writer = this.#writer;
    const before = writer.position;
    writer.fragment(open);
    this.#labels();
    if (alone !== undefined && this.#length === 0) {
      writer.rewind(before);
      writer.fragment(alone);
    } else {
      if (tail !== undefined) writer.fragment(tail);
      writer.closeLabels();
    }
    if (exemplar !== undefined && this.isOpenMetrics) writer.text(`${valueText(value)}${exemplarText(exemplar)}\n`);
    else this.#number(value);
  }

  #labels(): void {
    const writer = this.#writer;
    if (this.#length >= 0) {
      writer.repeat(this.#start, this.#length);
      return;
    }
    this.#start = writer.position;
    const unusual = this.#rows.unusualLabels(this.#row);
    if (unusual !== undefined) writer.text(labelsText(unusual));
    else writer.values(this.#encoded, this.#rows.index.ids, this.#row * this.#width);
    this.#length = writer.position - this.#start;
  }

  #number(value: number): void {
    if (Math.abs(value) <= 2 ** 53) {
      this.#writer.numberLine(value);
    } else {
      this.#writer.ascii(valueText(value));
      this.#writer.byte(LINE_FEED);
    }
  }
}
