import { el, KeyedChildren, setAttributes, setText } from '../page/dom.ts';

/** Text of a cell, or an element that the column keeps up to date itself. */
export interface Cell {
  readonly text: string;
  /** Classes, such as `bad` or `number`. */
  readonly kind?: string | undefined;
  readonly title?: string | undefined;
  /** Draws a bar of this share of the cell, from 0 to 1. */
  readonly bar?: number | undefined;
}

export interface Column<T> {
  readonly title: string;
  readonly isNumber?: boolean;
  cell(item: T): Cell | string;
  /** Element at the end of the cell, created once. */
  readonly action?: (item: T) => HTMLElement;
}

/** A table whose rows are updated in place. On narrow screens each row becomes a block. */
export class Table<T> {
  readonly element: HTMLElement;
  readonly #columns: readonly Column<T>[];
  readonly #rows: KeyedChildren<T>;
  readonly #empty: HTMLElement;
  readonly #table: HTMLTableElement;

  constructor(caption: string, emptyText: string, columns: readonly Column<T>[]) {
    this.#columns = columns;
    const body = el('tbody');
    const head = columns.map(({ title, isNumber }) => el('th', { scope: 'col', class: isNumber && 'number' }, title));
    this.#table = el(
      'table',
      {},
      el('caption', { class: 'offscreen' }, caption),
      el('thead', {}, el('tr', {}, ...head)),
      body,
    );
    this.#empty = el('p', { class: 'empty muted' }, emptyText);
    this.element = el('div', { class: 'table-box' }, this.#table, this.#empty);
    this.#rows = new KeyedChildren<T>(
      body,
      (item) => this.#newRow(item),
      (row, item) => this.#updateRow(row, item),
    );
  }

  show(items: readonly T[], keyOf: (item: T) => string): void {
    this.#table.hidden = items.length === 0;
    this.#empty.hidden = items.length > 0;
    this.#rows.show(items, keyOf);
  }

  #newRow(item: T): HTMLElement {
    const cells = this.#columns.map(({ title, action }) =>
      el('td', { 'data-title': title }, el('span'), action?.(item)),
    );
    return el('tr', {}, ...cells);
  }

  #updateRow(row: HTMLElement, item: T): void {
    for (const [index, { cell, isNumber }] of this.#columns.entries()) {
      const element = row.children[index];
      const content = element?.firstElementChild;
      if (!element || !(content instanceof HTMLElement)) continue;
      const shown = cell(item);
      const { text, kind, title, bar }: Cell = typeof shown === 'string' ? { text: shown } : shown;
      setText(content, text);
      setAttributes(element, { class: [isNumber && 'number', kind, text === '' && 'blank'].filter(Boolean).join(' ') });
      setAttributes(content, { title });
      if (bar === undefined) continue;
      content.classList.add('bar');
      content.style.setProperty('--share', `${Math.round(Math.min(1, bar) * 100)}%`);
    }
  }
}

/** Returns a cell that stays in one line. */
export function ageCell(text: string): Cell {
  return { text, kind: 'age' };
}
