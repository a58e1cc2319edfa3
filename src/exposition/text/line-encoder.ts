import type { Descriptor, Exemplar, HistogramValue, Point, StateSetValue, SummaryValue } from '../../model/family.ts';
import type { LabelSet, NumberRows } from '../../model/label-set.ts';
import { isLegacyMetricName } from '../../model/naming.ts';
import type { ByteWriter } from '../bytes/byte-writer.ts';
import { EncodedLabels, labelEncoding } from '../bytes/encoded-labels.ts';
import { type Fragment, FragmentPool } from '../bytes/fragment.ts';
import type { FormatEncoder } from '../encoding/format.ts';
import { escapeQuoted, labelNameToken, labelToken, metricNameToken } from './text-syntax.ts';

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/** `method="GET",`, shared by all line-based formats. */
const LINE_LABELS = labelEncoding((writer, name, value) => {
  writer.text(labelNameToken(name));
  writer.text('="');
  writer.text(escapeQuoted(value));
  writer.text('",');
});

/**
 * Base of the line-based formats: writes names, labels and numbers as lines. Each format defines which lines a value
 * has.
 */
export abstract class LineEncoder implements FormatEncoder {
  protected readonly writer: ByteWriter;
  /** Name of samples without a suffix. */
  protected plain: SampleName;
  readonly #pool = new FragmentPool();
  readonly #labels = new EncodedLabels(LINE_LABELS);
  readonly #buckets: BoundLabels;
  readonly #quantiles: BoundLabels;
  #stateLabel = '';

  /** `layout` formats the values of `le` and `quantile`. */
  constructor(writer: ByteWriter, layout: (value: number) => string) {
    this.writer = writer;
    this.plain = new SampleName('', this.#pool);
    this.#buckets = new BoundLabels('le', layout, this.#pool);
    this.#quantiles = new BoundLabels('quantile', layout, this.#pool);
  }

  abstract family(descriptor: Descriptor): void;
  abstract counter(point: Point, value: number, exemplar?: Exemplar): void;
  abstract histogram(point: Point, value: HistogramValue): void;
  abstract summary(point: Point, value: SummaryValue): void;
  abstract end(): void;

  gauge(point: Point, value: number): void {
    this.sample(this.plain, point, value);
  }

  unknown(point: Point, value: number): void {
    this.sample(this.plain, point, value);
  }

  info(point: Point): void {
    this.sample(this.plain, point, 1);
  }

  /** Writes the rows like {@link sample}. */
  numbers({ names, values, ids, numbers }: NumberRows, first: number, end: number): boolean {
    const { writer } = this;
    const { open } = this.plain;
    const width = names.length;
    const labels = this.#labels.of(names, values);
    for (let row = first; row < end; row++) {
      const at = row * width;
      if (ids[at]! < 0) continue;
      writer.fragment(open);
      writer.values(labels, ids, at);
      writer.closeLabels();
      writer.numberLine(numbers[row]!);
    }
    return true;
  }

  /** Writes a line for each state, with a label named like the family. */
  stateSet(point: Point, { states, enabled }: StateSetValue): void {
    for (const [index, state] of states.entries()) {
      this.startWithLabel(this.plain, point.labels);
      this.writer.text(`${labelToken(this.#stateLabel, state)}} `);
      this.writer.number(enabled[index] ? 1 : 0);
      this.finish(point);
    }
  }

  /** Starts a family. */
  protected begin(name: string): void {
    this.#labels.begin();
    this.plain = this.sampleName(name);
    this.#stateLabel = name;
  }

  protected sampleName(name: string): SampleName {
    return new SampleName(name, this.#pool);
  }

  /**
   * Writes the HELP line unless the text is empty. Trailing carriage returns are removed: line endings must not contain
   * any (OpenMetrics, Overall Structure), no format has an escape for them, and Prometheus rejects the entire
   * exposition.
   */
  protected help(name: string, help: string, escaped: (text: string) => string): void {
    // A loop, as the time of a regular expression would grow with the square of the number of carriage returns.
    let end = help.length;
    while (end > 0 && help.charCodeAt(end - 1) === CARRIAGE_RETURN) end--;
    if (end > 0) this.comment('HELP', name, escaped(help.slice(0, end)));
  }

  /** Writes `# KEYWORD name text`. */
  protected comment(keyword: string, name: string, text: string): void {
    this.writer.text(`# ${keyword} ${metricNameToken(name)} ${text}\n`);
  }

  /** Writes a line: name, labels, value, timestamp and exemplar. */
  protected sample(name: SampleName, point: Point, value: number, exemplar?: Exemplar): void {
    this.start(name, point.labels);
    if (exemplar === undefined && this.endsWithValue(point)) {
      this.writer.numberLine(value);
      return;
    }
    this.writer.number(value);
    this.finish(point, exemplar);
  }

  /** Like {@link sample}, for a number of observations. */
  protected count(name: SampleName, point: Point, count: number): void {
    this.start(name, point.labels);
    this.#finishCount(point, count);
  }

  /**
   * Writes a line for each bucket. Counts are cumulative; the last bucket, up to +Inf, has the count of the histogram.
   */
  protected buckets(name: SampleName, point: Point, value: HistogramValue): void {
    const { upperBounds, bucketCounts, exemplars } = value;
    const { writer } = this;
    const start = writer.position;
    this.startWithLabel(name, point.labels);
    const length = writer.position - start;
    const last = upperBounds.length;
    let cumulative = 0;
    for (let index = 0; index <= last; index++) {
      if (index > 0) writer.repeat(start, length);
      cumulative = index < last ? cumulative + bucketCounts[index]! : value.count;
      writer.fragment(this.#buckets.at(index, index < last ? upperBounds[index]! : Number.POSITIVE_INFINITY));
      this.#finishCount(point, cumulative, exemplars?.[index]);
    }
  }

  #finishCount(point: Point, count: number, exemplar?: Exemplar): void {
    if (exemplar === undefined && this.endsWithValue(point)) {
      this.writer.countLine(count);
      return;
    }
    this.writer.count(count);
    this.finish(point, exemplar);
  }

  /** Writes a line for each quantile. */
  protected quantiles(point: Point, { quantiles }: SummaryValue): void {
    for (let index = 0; index < quantiles.length; index++) {
      const { quantile, value } = quantiles[index]!;
      this.startWithLabel(this.plain, point.labels);
      this.writer.fragment(this.#quantiles.at(index, quantile));
      this.writer.number(value);
      this.finish(point);
    }
  }

  /** Writes `name{a="1"} ` or `name `. */
  protected start(name: SampleName, labels: LabelSet): void {
    if (labels.names.length === 0) {
      this.writer.fragment(name.alone);
    } else {
      this.startWithLabel(name, labels);
      this.writer.closeLabels();
    }
  }

  /** Writes `name{a="1",` or `name{`. One more label and `} ` must follow. */
  protected startWithLabel(name: SampleName, { names, values, ids }: LabelSet): void {
    this.writer.fragment(name.open);
    this.writer.values(this.#labels.of(names, values), ids, 0);
  }

  /** Returns whether the line of a point ends with its value if it has no exemplar. */
  protected endsWithValue({ timestamp }: Point): boolean {
    return timestamp === undefined;
  }

  /** Writes the parts of the line after the value. */
  protected finish(point: Point, exemplar?: Exemplar): void {
    if (point.timestamp !== undefined) this.timestamp(point.timestamp);
    if (exemplar !== undefined) this.exemplar(exemplar);
    this.writer.byte(LINE_FEED);
  }

  /** Writes a space and the time; nothing if the format cannot show it. */
  protected abstract timestamp(seconds: number): void;

  /** Writes a space and the exemplar; nothing if the format cannot show it. */
  protected abstract exemplar(exemplar: Exemplar): void;
}

/** Name of samples, with the constant start of their lines. */
export class SampleName {
  /** `name `, the start of a line without labels. */
  readonly alone: Fragment;
  /** `name{`, or `{"name",` if the name must be quoted. */
  readonly open: Fragment;

  constructor(name: string, pool: FragmentPool) {
    const token = metricNameToken(name);
    const isBare = isLegacyMetricName(name);
    this.alone = pool.of(isBare ? `${token} ` : `{${token}} `);
    this.open = pool.of(isBare ? `${token}{` : `{${token},`);
  }
}

/** The last label of bucket and quantile lines, encoded once as long as the same numbers are at the same indexes. */
export class BoundLabels {
  readonly #name: string;
  readonly #layout: (value: number) => string;
  readonly #pool: FragmentPool;
  readonly #bounds: number[] = [];
  readonly #fragments: Fragment[] = [];

  /** `name` is `le` or `quantile`; `layout` formats the numbers. */
  constructor(name: string, layout: (value: number) => string, pool: FragmentPool) {
    this.#name = name;
    this.#layout = layout;
    this.#pool = pool;
  }

  /** Returns `le="0.1"} ` for the bound at this index. */
  at(index: number, bound: number): Fragment {
    if (this.#bounds[index] !== bound) {
      this.#bounds[index] = bound;
      this.#fragments[index] = this.#pool.of(`${this.#name}="${this.#layout(bound)}"} `);
    }
    return this.#fragments[index]!;
  }
}
