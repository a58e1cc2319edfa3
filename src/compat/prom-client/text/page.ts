import { isAscii } from 'node:buffer';
import { ByteWriter } from '../../../exposition/bytes/byte-writer.ts';
import { isThenable } from '../../../metrics/on-settled.ts';
import { EventLoopBudget } from '../../../model/event-loop-budget.ts';
import type { LabelObject } from '../series/label-arguments.ts';
import { ENCODE, type MetricEncoder, RowLines } from './row-lines.ts';
import type { MetricValue } from './samples.ts';
import { escapeHelp, sampleLine } from './samples.ts';

/** Number of rows between two checks of the clock. */
const ROWS_AT_ONCE = 16;
/** Size at which written bytes are appended to the text. */
const PART_BYTES = 64 * 1024;

const NO_BYTES = Buffer.alloc(0);

/** Anything that is registered: one of our metrics, or any object with a name and `get()`. */
export interface Registered {
  readonly name: string;
  readonly help?: unknown;
  readonly type?: unknown;
  readonly aggregator?: unknown;
  readonly collect?: (() => unknown) | undefined;
  readonly [ENCODE]?: MetricEncoder | undefined;
  get(): unknown;
  getForPromString?(): unknown;
  reset?(): void;
}

/** A result of `get()`; any property may be missing. */
interface Shown {
  readonly name: unknown;
  readonly help?: unknown;
  readonly type?: unknown;
  readonly values?: readonly MetricValue[];
}

export interface PageOptions {
  readonly isOpenMetrics: boolean;
  readonly defaultLabels: LabelObject;
}

/** Returns the text of metrics in prom-client's layout. Long texts are written in steps, so that other work can run in between. */
export async function pageText(metrics: readonly Registered[], options: PageOptions): Promise<string> {
  const page = new Page(options);
  // All start in this turn, in order, because the collect() of a metric may set others.
  const families = await Promise.all(metrics.map(collected));
  for (const [index, family] of families.entries()) {
    if (index > 0 && !options.isOpenMetrics) page.text('\n');
    await page.family(family);
  }
  return page.end();
}

/** Returns the text of one metric, without a line feed at its end. */
export async function familyText(metric: Registered, options: PageOptions): Promise<string> {
  const page = new Page(options);
  await page.family(await collected(metric));
  return page.end().slice(0, -1);
}

/** Updates a metric. One of ours is written from its table, any other from the result of its `get()`. */
async function collected(metric: Registered): Promise<Registered | Shown> {
  if (metric[ENCODE] === undefined) {
    const shown = await (typeof metric.getForPromString === 'function' ? metric.getForPromString() : metric.get());
    return shown as Shown;
  }
  const result = metric.collect?.();
  if (isThenable(result)) await result;
  return metric;
}

class Page {
  readonly #options: PageOptions;
  /** Writes one part after the other to the same memory. */
  readonly #writer = new ByteWriter({
    allocate: (atLeast) => {
      if (this.#buffer.length < atLeast) this.#buffer = Buffer.allocUnsafeSlow(atLeast);
      return this.#buffer;
    },
  });
  readonly #budget = new EventLoopBudget();
  #buffer = NO_BYTES;
  #text = '';

  constructor(options: PageOptions) {
    this.#options = options;
  }

  text(text: string): void {
    this.#writer.text(text);
  }

  end(): string {
    this.#take();
    return this.#text;
  }

  async family(family: Registered | Shown): Promise<void> {
    const { isOpenMetrics } = this.#options;
    const isCounter = isOpenMetrics && family.type === 'counter';
    const name = isCounter ? withoutTotal(`${family.name}`) : `${family.name}`;
    const shownName = escapeHelp(name);
    const help = family.help === undefined ? '' : escapeHelp(`${family.help}`);
    this.text(`# HELP ${shownName} ${help}\n# TYPE ${shownName} ${family.type}\n`);
    const encoder = ENCODE in family ? family[ENCODE] : undefined;
    if (encoder !== undefined) await this.#rows(encoder, isCounter ? `${shownName}_total` : shownName);
    else await this.#samples((family as Shown).values ?? [], shownName, isCounter);
  }

  async #rows(encoder: MetricEncoder, name: string): Promise<void> {
    const { defaultLabels, isOpenMetrics } = this.#options;
    const { rows } = encoder;
    const defaultNames = Object.keys(defaultLabels);
    // A label of the series replaces a default label, and its position depends on the series.
    const isSimple = defaultNames.every((label) => !rows.mayHave(label));
    const writer = this.#writer;
    const lines = new RowLines(rows, { writer, name, isOpenMetrics, defaultLabels });
    const writeRow = encoder.begin(lines);
    rows.table.pin();
    try {
      for (let row = 1; row <= rows.table.lastRow; row++) {
        if (row % ROWS_AT_ONCE === 0 && this.#isStepDone()) await this.#budget.wait();
        if (!rows.table.has(row)) continue;
        if (isSimple) writeRow(row);
        else for (const sample of encoder.values(row)) this.#sample(sample, sample.metricName ?? name);
      }
    } finally {
      rows.table.unpin();
    }
  }

  async #samples(values: readonly MetricValue[], name: string, isCounter: boolean): Promise<void> {
    for (const [index, sample] of values.entries()) {
      if (index % ROWS_AT_ONCE === 0 && this.#isStepDone()) await this.#budget.wait();
      const given = sample.metricName ?? name;
      this.#sample(sample, isCounter ? `${withoutTotal(given)}_total` : given);
    }
  }

  #sample(sample: MetricValue, name: string): void {
    const { defaultLabels, isOpenMetrics } = this.#options;
    this.text(`${sampleLine(name, sample, defaultLabels, isOpenMetrics)}\n`);
  }

  /** Whether other work is due. */
  #isStepDone(): boolean {
    if (this.#writer.length >= PART_BYTES) this.#take();
    return this.#budget.isOver;
  }

  #take(): void {
    const bytes = this.#writer.take();
    this.#text += bytes.toString(isAscii(bytes) ? 'latin1' : 'utf8');
  }
}

/** OpenMetrics names the family of a counter without the suffix that its samples have. */
function withoutTotal(name: string): string {
  return name.replace(/_total$/, '');
}
