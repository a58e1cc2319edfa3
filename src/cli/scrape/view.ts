/** Orders of the table. */
export const sortOrders = ['name', 'series', 'value', 'rate'] as const;

export type SortOrder = (typeof sortOrders)[number];

/** Order, filter and position of a watched table. */
export interface View {
  readonly sort: SortOrder;
  /** Only families whose names contain it, whatever the case. */
  readonly filter: string;
  /** Number of rows above the first one that is shown. */
  readonly offset: number;
  readonly isPaused: boolean;
  /** Whether keys change the filter. */
  readonly isTyping: boolean;
}

/** A key of a terminal, as `node:readline` reports it. */
export interface Key {
  /** Name such as `up`; undefined for some characters. */
  readonly name?: string | undefined;
  /** The character, if the key has one. */
  readonly text?: string | undefined;
  readonly ctrl?: boolean | undefined;
}

/** Explains the keys, in the last line. */
export const KEYS = 'q quit, space pause, s sort, / filter, arrows and page keys scroll';

/** Returns the view after a key was pressed, or why the key ends watching. `page` is the number of rows on the screen. */
export function press(view: View, key: Key, page: number): View | 'quit' | 'interrupt' {
  if (key.ctrl && key.name === 'c') return 'interrupt';
  if (view.isTyping) return type(view, key);
  switch (key.name ?? key.text) {
    case 'q':
      return 'quit';
    case 'space':
      return { ...view, isPaused: !view.isPaused };
    case 's':
      return { ...view, sort: after(view.sort), offset: 0 };
    case 'escape':
      return { ...view, filter: '', offset: 0 };
    case '/':
      return { ...view, isTyping: true };
    default:
      return { ...view, offset: Math.max(view.offset + rowsOf(key, page), 0) };
  }
}

function type(view: View, { name, text = '', ctrl = false }: Key): View {
  if (name === 'return' || name === 'enter') return { ...view, isTyping: false };
  if (name === 'escape') return { ...view, isTyping: false, filter: '', offset: 0 };
  if (name === 'backspace') return { ...view, filter: [...view.filter].slice(0, -1).join(''), offset: 0 };
  const isCharacter = !ctrl && /^[^\p{C}]+$/u.test(text);
  return isCharacter ? { ...view, filter: view.filter + text, offset: 0 } : view;
}

function after(sort: SortOrder): SortOrder {
  return sortOrders[(sortOrders.indexOf(sort) + 1) % sortOrders.length] ?? 'name';
}

/** Number of rows that a key scrolls down. */
function rowsOf({ name }: Key, page: number): number {
  switch (name) {
    case 'down':
    case 'j':
      return 1;
    case 'up':
    case 'k':
      return -1;
    case 'pagedown':
      return page;
    case 'pageup':
      return -page;
    case 'home':
      return Number.NEGATIVE_INFINITY;
    case 'end':
      return Number.MAX_SAFE_INTEGER;
    default:
      return 0;
  }
}
