import { type Paint, printable, type Style } from './colors.ts';

export interface Column {
  readonly title: string;
  readonly align: 'left' | 'right';
}

/** A text with a style of its own. */
export interface Cell {
  readonly text: string;
  readonly style?: Style | undefined;
}

const GAP = '  ';
const SHORTEST_FIRST = 12;

/**
 * The lines of a table, titles first. What is too wide for `width` is taken from the first column, with an ellipsis;
 * everything else stays whole.
 */
export function tableLines(
  columns: readonly Column[],
  rows: readonly (readonly Cell[])[],
  paint: Paint,
  width: number = Number.POSITIVE_INFINITY,
): string[] {
  const shown = rows.map((row) => row.map((cell) => ({ ...cell, text: printable(cell.text) })));
  const titles = columns.map(({ title }): Cell => ({ text: title, style: 'dim' }));
  const all = [titles, ...shown];
  const widths = columns.map((_, index) => {
    return all.reduce((width, row) => Math.max(width, lengthOf(row[index]?.text ?? '')), 0);
  });
  const excess = widths.reduce((sum, each) => sum + each + GAP.length, -GAP.length) - width;
  if (excess > 0) widths[0] = Math.max((widths[0] ?? 0) - excess, SHORTEST_FIRST);
  return all.map((row) => line(columns, row, widths, paint));
}

function line(columns: readonly Column[], row: readonly Cell[], widths: readonly number[], paint: Paint): string {
  const cells = columns.map(({ align }, index) => {
    const { text, style } = row[index] ?? { text: '' };
    const width = widths[index] ?? 0;
    const fitted = cut(text, width);
    const padding = ' '.repeat(Math.max(width - lengthOf(fitted), 0));
    return align === 'left' ? paint(style, fitted) + padding : padding + paint(style, fitted);
  });
  return cells.join(GAP).trimEnd();
}

function cut(text: string, width: number): string {
  return lengthOf(text) <= width ? text : `${[...text].slice(0, width - 1).join('')}…`;
}

function lengthOf(text: string): number {
  return [...text].length;
}
