import type { CollectorState } from '../../protocol.ts';
import { formatAge, formatNumber, formatSeconds } from '../data/value-format.ts';
import type { PageContext } from '../page/context.ts';
import type { View } from '../page/tab-view.ts';
import { ageCell, type Column, Table } from './live-table.ts';

const STATES: Readonly<Record<CollectorState['state'], string>> = { ok: 'OK', failing: 'Failing', late: 'Late' };

/** The collectors of the registry, the worst first. */
export class CollectorsView implements View {
  readonly id = 'collectors';
  readonly title = 'Collectors';
  readonly element: HTMLElement;
  readonly #app: PageContext;
  readonly #table: Table<CollectorState>;

  constructor(app: PageContext) {
    this.#app = app;
    this.#table = new Table('Collectors', 'No collectors are known.', this.#columns());
    this.element = this.#table.element;
  }

  get badge(): string {
    return formatNumber(this.#app.store.state.collectors.length);
  }

  get failing(): number {
    return this.#app.store.state.collectors.filter(({ state }) => state !== 'ok').length;
  }

  update(): void {
    this.#table.show(this.#app.store.state.collectors, ({ name }) => name);
  }

  #columns(): Column<CollectorState>[] {
    return [
      { title: 'State', cell: ({ state }) => ({ text: STATES[state], kind: state === 'ok' ? 'good' : 'bad' }) },
      { title: 'Collector', cell: ({ name }) => ({ text: name, kind: 'name' }) },
      {
        title: 'Duration',
        isNumber: true,
        cell: ({ seconds }) => (seconds === undefined ? '' : formatSeconds(seconds)),
      },
      {
        title: 'Failed scrapes',
        isNumber: true,
        cell: ({ errors }) => (errors === undefined ? '' : formatNumber(errors)),
      },
      { title: 'Last error', cell: ({ lastError = '' }) => ({ text: lastError, kind: 'error', title: lastError }) },
      {
        title: 'When',
        cell: ({ lastErrorAt }) =>
          ageCell(lastErrorAt === undefined ? '' : formatAge(lastErrorAt, this.#app.store.state.time)),
      },
    ];
  }
}
