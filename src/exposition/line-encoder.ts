import type { Encoder } from '../model/encoder.ts';
import type { Descriptor, Exemplar, HistogramValue, Point, StateSetValue, SummaryValue } from '../model/family.ts';
import type { Fragment, LabelSet, LabelValue } from '../model/labels.ts';
import type { ByteWriter } from './byte-writer.ts';
import { fragmentOf } from './fragment.ts';

const LINE_FEED = 0x0a;
const SPACE = 0x20;
const CLOSE = fragmentOf('"} ');

/** What the line-based formats share: names, label sets and numbers as lines. A format says what its lines are. */
export abstract class LineEncoder implements Encoder {
  protected readonly writer: ByteWriter;
  #name = '';
  #suffixed = new Map<string, Fragment>();
  #bare = fragmentOf('');
  /** The names that `#opens` was made for. Metrics pass the same array for all their series. */
  #names: readonly string[] | undefined;
  #opens: Fragment[] = [];
  #extras = new Map<string, Fragment>();

  constructor(writer: ByteWriter) {
    this.writer = writer;
  }

  abstract family(descriptor: Descriptor): void;
  abstract counter(point: Point, value: number, exemplar?: Exemplar): void;
  abstract histogram(point: Point, value: HistogramValue): void;
  abstract summary(point: Point, value: SummaryValue): void;
  abstract end(): void;

  gauge(point: Point, value: number): void {
    this.sample('', point, value);
  }

  unknown(point: Point, value: number): void {
    this.sample('', point, value);
  }

  info(point: Point): void {
    this.sample('', point, 1);
  }

  stateSet(point: Point, { states, enabled }: StateSetValue): void {
    for (const [index, state] of states.entries()) {
      this.sample('', point, enabled[index] ? 1 : 0, this.#name, state);
    }
  }

  /** Begins a family whose samples are called `name` and a suffix. */
  protected begin(name: string): void {
    this.#name = name;
    this.#bare = fragmentOf(name);
    this.#suffixed.clear();
    this.#extras.clear();
    this.#names = undefined;
  }

  /** One line: name and suffix, labels and perhaps one more, value, timestamp. */
  protected sample(suffix: string, point: Point, value: number, extraName?: string, extraValue?: string): void {
    const { writer } = this;
    writer.fragment(suffix === '' ? this.#bare : this.#nameWith(suffix));
    if (extraName === undefined) this.#labels(point.labels);
    else this.#labelsAnd(point.labels, extraName, extraValue ?? '');
    writer.number(value);
    if (point.timestamp !== undefined) this.timestamp(point.timestamp);
    writer.byte(LINE_FEED);
  }

  /** Writes a blank and the time, as the format has it, or nothing. */
  protected abstract timestamp(seconds: number): void;

  /** `# KEYWORD name text` */
  protected comment(keyword: string, name: string, text: string): void {
    const { writer } = this;
    writer.ascii('# ');
    writer.ascii(keyword);
    writer.byte(SPACE);
    writer.text(name);
    writer.byte(SPACE);
    writer.text(text);
    writer.byte(LINE_FEED);
  }

  #labels(labels: LabelSet): void {
    if (labels.names.length === 0) {
      this.writer.byte(SPACE);
    } else {
      this.#pairs(labels);
      this.writer.fragment(CLOSE);
    }
  }

  #labelsAnd(labels: LabelSet, name: string, value: string): void {
    this.#pairs(labels);
    const key = `${labels.names.length === 0 ? '{' : '",'}${name}="${value}`;
    let extra = this.#extras.get(key);
    if (extra === undefined) {
      extra = fragmentOf(`${labels.names.length === 0 ? '{' : '",'}${name}="${escapeLabelValue(value)}"} `);
      this.#extras.set(key, extra);
    }
    this.writer.fragment(extra);
  }

  /** `{a="1",b="2`, without the last quote. */
  #pairs({ names, values }: LabelSet): void {
    if (names !== this.#names) this.#open(names);
    for (let index = 0; index < names.length; index++) {
      this.writer.fragment(this.#opens[index]!);
      this.writer.fragment(escaped(values[index]!));
    }
  }

  #open(names: readonly string[]): void {
    this.#names = names;
    this.#opens = names.map((name, index) => fragmentOf(`${index === 0 ? '{' : '",'}${name}="`));
  }

  #nameWith(suffix: string): Fragment {
    let name = this.#suffixed.get(suffix);
    if (name === undefined) {
      name = fragmentOf(this.#name + suffix);
      this.#suffixed.set(suffix, name);
    }
    return name;
  }
}

/** The form of a label value between quotes, made once for each distinct value. */
function escaped(value: LabelValue): Fragment {
  value.escaped ??= fragmentOf(escapeLabelValue(value.text));
  return value.escaped;
}

function escapeLabelValue(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}
