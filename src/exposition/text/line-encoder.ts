import type { Descriptor, Exemplar, HistogramValue, Point, StateSetValue, SummaryValue } from '../../model/family.ts';
import type { LabelSet, NumberRows } from '../../model/label-set.ts';
import { isLegacyMetricName } from '../../model/naming.ts';
import type { ByteWriter } from '../bytes/byte-writer.ts';
import { EncodedLabels, labelEncoding } from '../bytes/encoded-labels.ts';
import { type Fragment, FragmentPool } from '../bytes/fragment.ts';
import type { FormatEncoder } from '../encoding/format.ts';
import { labelToken, metricNameToken } from './text-syntax.ts';

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/** `method="GET",`, shared by all line-based formats. */
const LINE_LABELS = labelEncoding((name, value) => Buffer.from(`${labelToken(name, value)},`));

/** What the line-based formats share: names, label sets and numbers as lines. A format says what its lines are. */
export abstract class LineEncoder implements FormatEncoder {
  protected readonly writer: ByteWriter;
  /** What samples without a suffix are called. */
  protected plain: SampleName;
  readonly #pool = new FragmentPool();
  readonly #labels = new EncodedLabels(LINE_LABELS);
  readonly #buckets: BoundLabels;
  readonly #quantiles: BoundLabels;
  #stateLabel = '';

  /** `layout` says how the format writes the values of `le` and `quantile`. */
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

  /** As `sample()` for each. */
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

  /** A line for each state, with a label of the family's name. */
  stateSet(point: Point, { states, enabled }: StateSetValue): void {
    for (const [index, state] of states.entries()) {
      this.startWithLabel(this.plain, point.labels);
      this.writer.text(`${labelToken(this.#stateLabel, state)}} `);
      this.writer.number(enabled[index] ? 1 : 0);
      this.finish(point);
    }
  }

  /** Begins a family. */
  protected begin(name: string): void {
    this.#labels.begin();
    this.plain = this.sampleName(name);
    this.#stateLabel = name;
  }

  protected sampleName(name: string): SampleName {
    return new SampleName(name, this.#pool);
  }

  /**
   * The HELP line, unless the text is empty. Carriage returns at its end are stripped: line endings must not contain any
   * (OpenMetrics, Overall Structure), no format has an escape for them, and Prometheus would reject the whole exposition.
   */
  protected help(name: string, help: string, escaped: (text: string) => string): void {
    const text = withoutTrailingReturns(help);
    if (text !== '') this.comment('HELP', name, escaped(text));
  }

  /** `# KEYWORD name text` */
  protected comment(keyword: string, name: string, text: string): void {
    this.writer.text(`# ${keyword} ${metricNameToken(name)} ${text}\n`);
  }

  /** A line: name, labels, value, timestamp, exemplar. */
  protected sample(name: SampleName, point: Point, value: number, exemplar?: Exemplar): void {
    this.start(name, point.labels);
    if (exemplar === undefined && this.endsWithValue(point)) {
      this.writer.numberLine(value);
      return;
    }
    this.writer.number(value);
    this.finish(point, exemplar);
  }

  /** As `sample()`, for a number of observations. */
  protected count(name: SampleName, point: Point, count: number): void {
    this.start(name, point.labels);
    this.#finishCount(point, count);
  }

  /** A line for each bucket, cumulative; the last, up to +Inf, has the count. */
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

  /** A line for each quantile. */
  protected quantiles(point: Point, { quantiles }: SummaryValue): void {
    for (let index = 0; index < quantiles.length; index++) {
      const { quantile, value } = quantiles[index]!;
      this.startWithLabel(this.plain, point.labels);
      this.writer.fragment(this.#quantiles.at(index, quantile));
      this.writer.number(value);
      this.finish(point);
    }
  }

  /** `name{a="1"} ` or `name ` */
  protected start(name: SampleName, labels: LabelSet): void {
    if (labels.names.length === 0) {
      this.writer.fragment(name.alone);
    } else {
      this.startWithLabel(name, labels);
      this.writer.closeLabels();
    }
  }

  /** `name{a="1",` or `name{`: one more label and `} ` have to follow. */
  protected startWithLabel(name: SampleName, { names, values, ids }: LabelSet): void {
    this.writer.fragment(name.open);
    this.writer.values(this.#labels.of(names, values), ids, 0);
  }

  /** Whether nothing follows the value, unless an exemplar does. */
  protected endsWithValue({ timestamp }: Point): boolean {
    return timestamp === undefined;
  }

  /** What follows the value, to the end of the line. */
  protected finish(point: Point, exemplar?: Exemplar): void {
    if (point.timestamp !== undefined) this.timestamp(point.timestamp);
    if (exemplar !== undefined) this.exemplar(exemplar);
    this.writer.byte(LINE_FEED);
  }

  /** Writes a blank and the time, as the format has it, or nothing. */
  protected abstract timestamp(seconds: number): void;

  /** Writes the exemplar, with a blank before, or nothing. */
  protected abstract exemplar(exemplar: Exemplar): void;
}

/** A loop, as the time of a regular expression would grow with the square of the number of carriage returns. */
function withoutTrailingReturns(text: string): string {
  let end = text.length;
  while (end > 0 && text.charCodeAt(end - 1) === CARRIAGE_RETURN) end--;
  return text.slice(0, end);
}

/** A name that samples have, and what is constant on their lines before the labels. */
export class SampleName {
  /** `name `: the beginning of a line without labels. */
  readonly alone: Fragment;
  /** `name{` or, where the name needs quotes, `{"name",`. */
  readonly open: Fragment;

  constructor(name: string, pool: FragmentPool) {
    const token = metricNameToken(name);
    const isBare = isLegacyMetricName(name);
    this.alone = pool.of(isBare ? `${token} ` : `{${token}} `);
    this.open = pool.of(isBare ? `${token}{` : `{${token},`);
  }
}

/** The last label of bucket and quantile lines, encoded once as long as the same numbers come in the same places. */
export class BoundLabels {
  readonly #name: string;
  readonly #layout: (value: number) => string;
  readonly #pool: FragmentPool;
  readonly #bounds: number[] = [];
  readonly #fragments: Fragment[] = [];

  /** `name` is `le` or `quantile`; `layout` says how the format writes such numbers. */
  constructor(name: string, layout: (value: number) => string, pool: FragmentPool) {
    this.#name = name;
    this.#layout = layout;
    this.#pool = pool;
  }

  /** `le="0.1"} ` for the bound with that number in the histogram. */
  at(index: number, bound: number): Fragment {
    if (this.#bounds[index] !== bound) {
      this.#bounds[index] = bound;
      this.#fragments[index] = this.#pool.of(`${this.#name}="${this.#layout(bound)}"} `);
    }
    return this.#fragments[index]!;
  }
}
