import type { ExemplarRecord } from '../../detail-protocol.ts';
import type { Family, LabelList } from '../../protocol.ts';
import { axisChart, withTimes } from '../charts/axis-chart.ts';
import { bands } from '../charts/bands.ts';
import { Chart, type Draw } from '../charts/canvas.ts';
import { heatMapWithQuantiles } from '../charts/heat-map.ts';
import { promqlFor } from '../data/promql.ts';
import { traceLink } from '../data/trace-link.ts';
import { formatAge, formatNumber, formatOf, numberOf } from '../data/value-format.ts';
import type { PageContext } from '../page/context.ts';
import { el, KeyedChildren, setText } from '../page/dom.ts';
import { copyButton } from './copy-button.ts';
import type { SeriesLoader } from './series-loader.ts';

const MAX_FACTS = 5;
const MAX_EXEMPLARS = 5;

/** The upper part of an expanded family: help, a large chart, exemplars and buttons. */
export class PanelView {
  readonly element: HTMLElement;
  readonly #app: PageContext;
  readonly #id: number;
  readonly #loader: SeriesLoader;
  readonly #chart: Chart | undefined;
  readonly #note = el('p', { class: 'muted' });
  readonly #exemplarBox = el('div', { class: 'exemplars', hidden: true }, el('h4', {}, 'Exemplars'));
  readonly #exemplars: KeyedChildren<ExemplarRecord>;

  constructor(app: PageContext, family: Family, loader: SeriesLoader) {
    this.#app = app;
    this.#id = family.id;
    this.#loader = loader;
    const draw = drawFor(family, app);
    this.#chart = draw && new Chart(draw).followPointer(app.timeline);
    const list = el('ul');
    this.#exemplarBox.append(list);
    this.#exemplars = new KeyedChildren(list, (record) => this.#exemplar(record, family));
    this.element = el(
      'div',
      { class: 'panel' },
      el('p', { class: 'panel-help' }, family.help || 'This family has no help text.'),
      this.#chart?.canvas,
      legendOf(family),
      ...factLists(family),
      this.#exemplarBox,
      el(
        'div',
        { class: 'panel-buttons' },
        copyButton('Copy PromQL', () => promqlFor(family), `Copy PromQL for ${family.name}`),
        copyButton('Copy name', () => family.name, `Copy name ${family.name}`),
        this.#note,
      ),
    );
  }

  update(): void {
    if (!this.#app.store.families.has(this.#id)) return;
    this.#chart?.draw(this.#app.scene);
    this.#loader.load(0);
    const { exemplars = [], untracked = 0 } = this.#loader.latest ?? {};
    this.#exemplarBox.hidden = exemplars.length === 0;
    this.#exemplars.show(exemplars.slice(0, MAX_EXEMPLARS), (record) => JSON.stringify(record));
    setText(
      this.#note,
      untracked > 0 ? `${formatNumber(untracked)} more series have no history and are not listed.` : '',
    );
  }

  #exemplar({ series, labels, value, time }: ExemplarRecord, family: Family): HTMLElement {
    const link = traceLink(this.#app.store.state.about.traceUrl, labels);
    const text = textOfLabels(labels);
    return el(
      'li',
      {},
      el('strong', {}, formatOf(family)(numberOf(value))),
      link === undefined
        ? el('code', {}, text)
        : el('a', { href: link, rel: 'noopener noreferrer', target: '_blank' }, text),
      el('span', { class: 'muted' }, `${textOfLabels(series)} ${time ? formatAge(time, Date.now()) : ''}`),
    );
  }
}

function textOfLabels(labels: LabelList): string {
  return labels.length === 0
    ? '{}'
    : `{${labels.map(([name, value]) => `${name}=${JSON.stringify(value)}`).join(', ')}}`;
}

function drawFor(family: Family, { store }: PageContext): Draw | undefined {
  const { id, type } = family;
  const tracks = () => store.history.family(id);
  const format = formatOf(family);
  switch (type) {
    case 'info':
      return undefined;
    case 'stateset':
      return withTimes(bands(tracks));
    case 'histogram':
    case 'gaugehistogram':
      return withTimes(heatMapWithQuantiles(tracks, () => store.families.get(id), format));
    case 'counter':
      return axisChart(
        () => tracks()?.line,
        (value) => `${format(value)}/s`,
      );
    case 'summary':
      return axisChart(
        () => tracks()?.line,
        (value) => `${formatNumber(value)}/s`,
      );
    case 'gauge':
    case 'unknown':
      return axisChart(() => tracks()?.line, format);
  }
}

function legendOf({ type, states = [] }: Family): HTMLElement | undefined {
  const entries =
    type === 'stateset'
      ? states.map((state, index) => [`state-${(index % 6) + 1}`, state] as const)
      : type === 'histogram' || type === 'gaugehistogram'
        ? [['quantile-1', 'p50'] as const, ['quantile-2', 'p90'] as const, ['quantile-3', 'p99'] as const]
        : [];
  if (entries.length === 0) return undefined;
  const items = entries.map(([color, text]) => {
    const swatch = el('span', { class: 'swatch' });
    swatch.style.background = `var(--${color})`; // A style attribute would break the content security policy.
    return el('li', {}, swatch, text);
  });
  return el('ul', { class: 'legend' }, ...items);
}

function factLists({ facts = [] }: Family): HTMLElement[] {
  return facts
    .slice(0, MAX_FACTS)
    .map((labels) =>
      el(
        'dl',
        { class: 'fact-list' },
        ...labels.map(([name, value]) => el('div', {}, el('dt', {}, name), el('dd', {}, value))),
      ),
    );
}
