import type { Series } from '../../detail-protocol.ts';
import type { Family } from '../../protocol.ts';
import { emptyContext } from '../charts/canvas.ts';
import { returnCanvas, takeCanvas } from '../charts/canvas-pool.ts';
import { promqlFor } from '../data/promql.ts';
import { formatNumber, formatOf, numberOf } from '../data/value-format.ts';
import type { PageContext } from '../page/context.ts';
import { el, setText } from '../page/dom.ts';
import { copyButton } from './copy-button.ts';
import type { SeriesLoader } from './series-loader.ts';
import { perSecond } from './shown-values.ts';

const WIDTH = 120;
const HEIGHT = 24;

/** The row of one series: labels, line and value. */
export class SeriesView {
  readonly element: HTMLElement;
  readonly #app: PageContext;
  readonly #family: Family;
  readonly #index: number;
  readonly #loader: SeriesLoader;
  readonly #labels = el('span', { class: 'labels' });
  readonly #canvas = takeCanvas('series-plot');
  readonly #value = el('span', { class: 'series-value' });
  #series: Series | undefined;

  constructor(app: PageContext, family: Family, index: number, loader: SeriesLoader) {
    this.#app = app;
    this.#family = family;
    this.#index = index;
    this.#loader = loader;
    const copy = copyButton('PromQL', () => promqlFor(family, this.#series?.labels), 'Copy PromQL for this series');
    this.element = el('div', { class: 'series-row' }, this.#labels, this.#canvas, this.#value, copy);
  }

  update(): void {
    const loaded = this.#loader.at(this.#index);
    if (loaded === undefined) {
      if (this.#series === undefined) setText(this.#labels, 'Loading…');
      return;
    }
    const { series, times } = loaded;
    if (series === this.#series) return;
    if (JSON.stringify(series.labels) !== JSON.stringify(this.#series?.labels)) this.#showLabels(series);
    this.#series = series;
    setText(this.#value, textOf(series, this.#family));
    this.#draw(series.line, times);
  }

  remove(): void {
    returnCanvas(this.#canvas);
  }

  #showLabels({ labels }: Series): void {
    const parts = labels.map(([name, value]) =>
      el('span', { class: 'label' }, el('span', { class: 'muted' }, `${name}=`), `"${value}"`),
    );
    this.#labels.replaceChildren(...(parts.length > 0 ? parts : ['no labels']));
    this.#labels.title = labels.map(([name, value]) => `${name}="${value}"`).join(', ');
  }

  /** Lines of series have times of their own, because their points are farther apart. */
  #draw(line: Series['line'], times: readonly number[]): void {
    const context = emptyContext(this.#canvas, WIDTH, HEIGHT);
    const known = line.filter((value) => value !== null);
    if (context === null || known.length === 0) return;
    const low = Math.min(...known);
    const range = Math.max(...known) - low;
    const from = times[0] ?? 0;
    const span = Math.max(1, this.#app.store.state.time - from);
    context.strokeStyle = this.#app.scene.palette.line;
    context.lineWidth = 1.25;
    context.beginPath();
    for (const [index, value] of line.entries()) {
      if (value === null) continue;
      const y = range === 0 ? HEIGHT / 2 : HEIGHT - 3 - ((value - low) / range) * (HEIGHT - 6);
      context.lineTo((((times[index] ?? from) - from) / span) * WIDTH, y);
    }
    context.stroke();
  }
}

function textOf({ value, rate, mean, enabled }: Series, family: Family): string {
  const format = formatOf(family);
  switch (family.type) {
    case 'counter':
      return `${perSecond(rate, format)} · ${format(numberOf(value))}`;
    case 'histogram':
    case 'gaugehistogram':
    case 'summary': {
      const parts = [
        rate === undefined ? '' : perSecond(rate, formatNumber),
        mean === undefined ? '' : `mean ${format(mean)}`,
      ];
      return parts.filter(Boolean).join(' · ') || `${formatNumber(numberOf(value))} observations`;
    }
    case 'stateset':
      return enabled?.join(', ') || 'none';
    case 'info':
      return '';
    case 'gauge':
    case 'unknown':
      return format(numberOf(value));
  }
}
