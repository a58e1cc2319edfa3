import type { Setting } from '../../protocol.ts';
import type { PageContext } from '../page/context.ts';
import { el } from '../page/dom.ts';
import type { View } from '../page/tab-view.ts';
import { type Column, Table } from './live-table.ts';

const COLUMNS: readonly Column<Setting>[] = [
  { title: 'Name', cell: ({ name, help }) => ({ text: name, kind: 'name', title: help }) },
  {
    title: 'Value',
    cell: ({ value, isDefault }) => ({ text: value === '' ? '(empty)' : value, kind: isDefault ? 'muted' : 'changed' }),
  },
  { title: 'Meaning', cell: ({ help }) => ({ text: help, kind: 'muted' }) },
];

/** Flags and other settings in force. */
export class ConfigurationView implements View {
  readonly id = 'configuration';
  readonly title = 'Configuration';
  readonly badge = '';
  readonly element: HTMLElement;
  readonly #app: PageContext;
  readonly #onlyChanged = el('input', { type: 'checkbox' });
  readonly #groups = el('div');
  #shown: readonly Setting[] | undefined;

  constructor(app: PageContext) {
    this.#app = app;
    this.element = el(
      'div',
      {},
      el(
        'div',
        { class: 'toolbar' },
        el('label', {}, this.#onlyChanged, ' Only settings that differ from the default'),
      ),
      this.#groups,
    );
    this.#onlyChanged.addEventListener('input', () => this.#show());
  }

  update(): void {
    if (this.#shown !== this.#app.store.state.configuration) this.#show();
  }

  #show(): void {
    const { configuration } = this.#app.store.state;
    this.#shown = configuration;
    const settings = (configuration ?? []).filter(({ isDefault }) => !isDefault || !this.#onlyChanged.checked);
    const groups = [...new Set(settings.map(({ group }) => group))];
    const tables = groups.flatMap((group) => {
      const table = new Table(group, '', COLUMNS);
      table.show(
        settings.filter((setting) => setting.group === group),
        ({ name }) => name,
      );
      return [el('h3', {}, group), table.element];
    });
    this.#groups.replaceChildren(...(tables.length > 0 ? tables : [el('p', { class: 'empty muted' }, 'No settings.')]));
  }
}
