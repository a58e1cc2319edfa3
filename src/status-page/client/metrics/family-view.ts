import type { Family } from '../../protocol.ts';
import { bands } from '../charts/bands.ts';
import { Chart, type Draw } from '../charts/canvas.ts';
import { heatMap } from '../charts/heat-map.ts';
import { sparkline } from '../charts/line.ts';
import { formatNumber } from '../data/value-format.ts';
import type { PageContext } from '../page/context.ts';
import { el, setAttributes, setText } from '../page/dom.ts';
import { shownValues } from './shown-values.ts';

/** The row of a family: name, help, type, number of series, chart and value. */
export class FamilyView {
  readonly element: HTMLElement;
  readonly #app: PageContext;
  readonly #id: number;
  readonly #button = el('button', { type: 'button', class: 'family-name' });
  readonly #help = el('span', { class: 'family-help' });
  readonly #type = el('span');
  readonly #series = el('span');
  readonly #plot = el('span', { class: 'family-plot' });
  readonly #main = el('span', { class: 'main-value' });
  readonly #detail = el('span', { class: 'detail-value' });
  #chart: Chart | undefined;

  constructor(app: PageContext, id: number, onToggle: () => void) {
    this.#app = app;
    this.#id = id;
    this.element = el(
      'div',
      { class: 'family-row' },
      el('span', { class: 'family-title' }, this.#button, this.#help),
      el('span', { class: 'family-kind' }, this.#type, this.#series),
      this.#plot,
      el('span', { class: 'family-value' }, this.#main, this.#detail),
    );
    this.element.addEventListener('click', () => {
      if (window.getSelection()?.isCollapsed !== false) onToggle();
    });
  }

  update(isExpanded: boolean): void {
    const family = this.#app.store.families.get(this.#id);
    if (family === undefined) return;
    const { name, help, type, unit, values } = family;
    setText(this.#button, name);
    setAttributes(this.#button, { 'aria-expanded': isExpanded ? 'true' : 'false', title: name });
    setText(this.#help, help);
    setAttributes(this.#help, { title: help });
    setText(this.#type, unit ? `${type}, ${unit}` : type);
    setText(this.#series, values.series === 1 ? '1 series' : `${formatNumber(values.series)} series`);
    this.element.classList.toggle('expanded', isExpanded);
    this.#showValues(family);
  }

  remove(): void {
    this.#chart?.remove();
    this.#chart = undefined;
  }

  #showValues(family: Family): void {
    if (family.type === 'info') {
      const [labels = []] = family.facts ?? [];
      setText(this.#plot, labels.map(([name, value]) => `${name}=${value}`).join('  '));
      this.#plot.classList.add('facts');
      return;
    }
    const { store, timeline } = this.#app;
    const { main, detail } = shownValues(family, store.history, timeline.window.chosen);
    setText(this.#main, main);
    setText(this.#detail, detail);
    this.#chart ??= this.#newChart(family);
    this.#chart.draw(this.#app.scene);
  }

  #newChart(family: Family): Chart {
    const size = { width: this.#app.isNarrow ? 120 : 240, height: 36 };
    const chart = new Chart(drawFor(family, this.#app), size);
    this.#plot.append(chart.canvas);
    return chart;
  }
}

function drawFor({ id, type }: Family, { store }: PageContext): Draw {
  const tracks = () => store.history.family(id);
  if (type === 'stateset') return bands(tracks);
  if (type === 'histogram' || type === 'gaugehistogram') return heatMap(tracks);
  return sparkline(() => tracks()?.line);
}
