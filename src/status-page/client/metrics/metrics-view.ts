import type { Family } from '../../protocol.ts';
import { arrangeFamilies, type SortKey } from '../data/family-order.ts';
import { formatNumber } from '../data/value-format.ts';
import type { PageContext } from '../page/context.ts';
import { el, isTyping, setText } from '../page/dom.ts';
import type { View } from '../page/tab-view.ts';
import { FamilyView } from './family-view.ts';
import { PanelView } from './panel-view.ts';
import { type MetricRow, rowsOf } from './rows.ts';
import { SeriesLoader } from './series-loader.ts';
import { SeriesView } from './series-view.ts';
import { VirtualList } from './virtual-list.ts';

const SORTS: readonly (readonly [key: SortKey, text: string])[] = [
  ['name', 'Name'],
  ['series', 'Series'],
  ['rate', 'Rate'],
];
/** While families are sorted by rate, their order changes at most this often. */
const SORT_MS = 3000;

interface RowElement {
  readonly element: HTMLElement;
  update(): void;
  remove?(): void;
}

/** All families, which expand to their series. */
export class MetricsView implements View {
  readonly id = 'metrics';
  readonly title = 'Metrics';
  readonly element: HTMLElement;
  readonly #app: PageContext;
  readonly #search = el('input', {
    type: 'search',
    placeholder: 'Search name, help, label or type',
    'aria-label': 'Search metrics',
    'aria-keyshortcuts': '/',
    spellcheck: 'false',
    autocomplete: 'off',
  });
  readonly #sort = el(
    'select',
    { 'aria-label': 'Sort by' },
    ...SORTS.map(([value, text]) => el('option', { value }, text)),
  );
  readonly #isGrouped = el('input', { type: 'checkbox', checked: true });
  readonly #count = el('output', { class: 'muted' });
  readonly #empty = el('p', { class: 'empty muted', hidden: true });
  readonly #list: VirtualList<MetricRow>;
  readonly #loaders = new Map<number, SeriesLoader>();
  readonly #views = new WeakMap<HTMLElement, RowElement>();
  #session: string | undefined;
  #arrangedVersion = -1;
  #arrangedAt = 0;

  constructor(app: PageContext) {
    this.#app = app;
    this.#list = new VirtualList<MetricRow>({
      create: (row) => {
        const view = this.#viewOf(row);
        this.#views.set(view.element, view);
        return view.element;
      },
      update: (element) => this.#views.get(element)?.update(),
      remove: (element) => this.#views.get(element)?.remove?.(),
    });
    this.#list.element.setAttribute('aria-label', 'Metric families');
    this.#list.element.addEventListener('keydown', (event) => this.#moveFocus(event));
    this.element = el(
      'div',
      {},
      el(
        'div',
        { class: 'toolbar' },
        this.#search,
        el('label', {}, 'Sort by ', this.#sort),
        el('label', {}, this.#isGrouped, ' Group by prefix'),
        this.#count,
      ),
      this.#empty,
      this.#list.element,
    );
    for (const control of [this.#search, this.#sort, this.#isGrouped]) {
      control.addEventListener('input', () => this.#arrange());
    }
    document.addEventListener('keydown', (event) => this.#focusSearch(event));
    window.addEventListener('resize', () => this.#arrange());
  }

  get badge(): string {
    return formatNumber(this.#app.store.families.size);
  }

  update(): void {
    if (this.#session !== this.#app.store.session) this.#startSession();
    const isOld = performance.now() - this.#arrangedAt > SORT_MS && this.#sort.value !== 'name';
    if (isOld || this.#arrangedVersion !== this.#app.store.familiesVersion) this.#arrange();
    else this.#list.update();
  }

  /** Ids of families have another meaning in each session. Families that were expanded are again. */
  #startSession(): void {
    const { store } = this.#app;
    this.#session = store.session;
    this.#list.setRows([]);
    const expanded = new Set(Array.from(this.#loaders.values(), ({ name }) => name));
    this.#loaders.clear();
    for (const family of store.families.values()) if (expanded.has(family.name)) this.#expand(family);
  }

  #arrange(): void {
    const { store, isNarrow } = this.#app;
    this.#arrangedVersion = store.familiesVersion;
    this.#arrangedAt = performance.now();
    const sort = SORTS.find(([key]) => key === this.#sort.value)?.[0] ?? 'name';
    const search = this.#search.value;
    const groups = arrangeFamilies(store.families.values(), { search, sort, isGrouped: this.#isGrouped.checked });
    for (const id of this.#loaders.keys()) if (!store.families.has(id)) this.#loaders.delete(id);
    const seriesOf = ({ id, values }: Family) => {
      const loader = this.#loaders.get(id);
      return loader && (loader.total ?? Math.min(values.series, 20));
    };
    this.#list.setRows(rowsOf(groups, seriesOf, isNarrow));
    this.#showCount(groups.reduce((sum, { families }) => sum + families.length, 0));
  }

  #showCount(found: number): void {
    const { families, state } = this.#app.store;
    const all = families.size === 1 ? '1 family' : `${families.size} families`;
    const shown = found === families.size ? all : `${found} of ${all}`;
    const omitted = state.omittedFamilies > 0 ? `, ${formatNumber(state.omittedFamilies)} more are not shown` : '';
    setText(this.#count, shown + omitted);
    setText(this.#empty, families.size === 0 ? 'No metrics were gathered.' : 'No family matches the search.');
    this.#empty.hidden = found > 0;
  }

  #viewOf(row: MetricRow): RowElement {
    if (row.kind === 'group') {
      const count = el('span', { class: 'muted' }, String(row.count));
      return { element: el('div', { class: 'group' }, el('h3', {}, row.prefix), count), update: () => {} };
    }
    if (row.kind === 'family') {
      const view = new FamilyView(this.#app, row.id, () => this.#toggle(row.id));
      const update = () => view.update(this.#loaders.has(row.id));
      return { element: view.element, update, remove: () => view.remove() };
    }
    const family = this.#app.store.families.get(row.id);
    const loader = this.#loaders.get(row.id);
    if (family === undefined || loader === undefined) return { element: el('div'), update: () => {} };
    if (row.kind === 'panel') return new PanelView(this.#app, family, loader);
    return new SeriesView(this.#app, family, row.index, loader);
  }

  #toggle(id: number): void {
    const family = this.#app.store.families.get(id);
    if (family === undefined) return;
    if (!this.#loaders.delete(id)) this.#expand(family);
    this.#arrange();
  }

  #expand(family: Family): void {
    const loader: SeriesLoader = new SeriesLoader(family, this.#app.store.worker, () => this.#showLoaded(loader));
    this.#loaders.set(family.id, loader);
    loader.load(0);
  }

  #showLoaded(loader: SeriesLoader): void {
    const rows = this.#list.rows.filter((row) => row.kind === 'series' && this.#loaders.get(row.id) === loader);
    if (rows.length === loader.total) this.#list.update();
    else this.#arrange();
  }

  #focusSearch(event: KeyboardEvent): void {
    if (event.key !== '/' || isTyping(event) || this.element.closest('[hidden]')) return;
    event.preventDefault();
    this.#search.focus();
  }

  /** The arrow keys move between rows. */
  #moveFocus(event: KeyboardEvent): void {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    const rowElement = event.target instanceof Element ? event.target.closest('[role=listitem]') : null;
    if (step === 0 || !(rowElement instanceof HTMLElement)) return;
    event.preventDefault();
    const { rows } = this.#list;
    let index = rows.findIndex(({ key }) => key === rowElement.dataset['key']) + step;
    while (rows[index]?.kind === 'group') index += step;
    this.#list.focus(index);
  }
}
