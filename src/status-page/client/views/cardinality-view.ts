import type { CardinalityReport, FamilyCost, LabelCost } from '../../detail-protocol.ts';
import { getCardinality } from '../data/connection.ts';
import { formatBytes, formatClock, formatNumber } from '../data/value-format.ts';
import type { PageContext } from '../page/context.ts';
import { el, setText } from '../page/dom.ts';
import type { View } from '../page/tab-view.ts';
import { type Column, Table } from './live-table.ts';

const REFRESH_MS = 10_000;

/** Cost of the metrics: series, bytes and values of labels. */
export class CardinalityView implements View {
  readonly id = 'cardinality';
  readonly title = 'Cardinality';
  readonly badge = '';
  readonly element: HTMLElement;
  readonly #summary = el('p', { class: 'summary' }, 'Counting…');
  readonly #families: Table<FamilyCost>;
  readonly #labels: Table<LabelCost>;
  #report: CardinalityReport | undefined;
  #askedAt = Number.NEGATIVE_INFINITY;
  #session = '';
  readonly #app: PageContext;

  constructor(app: PageContext) {
    this.#app = app;
    this.#families = new Table('Families by size', 'No metrics were gathered.', this.#familyColumns());
    this.#labels = new Table('Labels by number of values', 'No metrics have labels.', this.#labelColumns());
    this.element = el(
      'div',
      {},
      this.#summary,
      el('h3', {}, 'Families by size'),
      this.#families.element,
      el('h3', {}, 'Labels by number of values'),
      this.#labels.element,
    );
  }

  update(): void {
    const now = performance.now();
    const { session } = this.#app.store.state;
    if (session === this.#session && now - this.#askedAt < REFRESH_MS) return;
    this.#session = session;
    this.#askedAt = now;
    void this.#load();
  }

  async #load(): Promise<void> {
    try {
      const report = await getCardinality(this.#app.store.worker);
      this.#report = report;
      const { series, bytes, time } = report;
      setText(
        this.#summary,
        `${formatNumber(series)} series, ${formatBytes(bytes)} in the text format at ${formatClock(time)}`,
      );
      this.#families.show(report.families, ({ name }) => name);
      this.#labels.show(report.labels, ({ family, label }) => JSON.stringify([family, label]));
    } catch {
      if (this.#report === undefined) setText(this.#summary, 'The server did not answer; trying again soon.');
    }
  }

  #familyColumns(): Column<FamilyCost>[] {
    const share = (bytes: number) => bytes / Math.max(1, this.#report?.families[0]?.bytes ?? 1);
    const warning = (count: number) => ({ text: formatNumber(count), kind: count > 0 ? 'warn' : 'muted' });
    return [
      { title: 'Family', cell: ({ name, bytes }) => ({ text: name, kind: 'name', title: name, bar: share(bytes) }) },
      { title: 'Series', isNumber: true, cell: ({ series }) => formatNumber(series) },
      { title: 'Size', isNumber: true, cell: ({ bytes }) => formatBytes(bytes) },
      { title: 'Overflowed updates', isNumber: true, cell: ({ overflowed }) => warning(overflowed) },
      { title: 'Expired series', isNumber: true, cell: ({ expired }) => warning(expired) },
    ];
  }

  #labelColumns(): Column<LabelCost>[] {
    const share = (values: number) => values / Math.max(1, this.#report?.labels[0]?.values ?? 1);
    return [
      { title: 'Label', cell: ({ label, values }) => ({ text: label, kind: 'name', bar: share(values) }) },
      { title: 'Family', cell: ({ family }) => ({ text: family, kind: 'name', title: family }) },
      { title: 'Values', isNumber: true, cell: ({ values }) => formatNumber(values) },
      { title: 'Examples', cell: ({ examples }) => ({ text: examples.join(', '), kind: 'muted' }) },
    ];
  }
}
