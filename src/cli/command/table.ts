import { escapeInvisible, type Paint, type Style } from './colors.ts';

export interface TableColumn {
  readonly title: string;
  readonly align: 'left' | 'right';
}

export interface TableCell {
  readonly text: string;
  readonly style?: Style | undefined;
}

const GAP = '  ';
const MIN_FIRST_WIDTH = 12;

/**
 * Formats a table, one line for the titles and one for each row. If it is wider than `width`, the first column is cut with
 * an ellipsis; all other columns stay whole.
 */
export function tableLines(
  columns: readonly TableColumn[],
  rows: readonly (readonly TableCell[])[],
  paint: Paint,
  width: number = Number.POSITIVE_INFINITY,
): string[] {
  const shown = rows.map((row) => row.map((cell) => ({ ...cell, text: escapeInvisible(cell.text) })));
  const titles = columns.map(({ title }): TableCell => ({ text: title, style: 'dim' }));
  const all = [titles, ...shown];
  const widths = columns.map((_, index) => {
    return all.reduce((widest, row) => Math.max(widest, lengthOf(row[index]?.text ?? '')), 0);
  });
  const excess = widths.reduce((sum, each) => sum + each + GAP.length, -GAP.length) - width;
  if (excess > 0) widths[0] = Math.max((widths[0] ?? 0) - excess, MIN_FIRST_WIDTH);
  return all.map((row) => line(columns, row, widths, paint));
}

function line(
  columns: readonly TableColumn[],
  row: readonly TableCell[],
  widths: readonly number[],
  paint: Paint,
): string {
  const cells = columns.map(({ align }, index) => {
    const { text, style } = row[index] ?? { text: '' };
    const width = widths[index] ?? 0;
    const fitted = lengthOf(text) <= width ? text : `${[...text].slice(0, width - 1).join('')}…`;
    const padding = ' '.repeat(Math.max(width - lengthOf(fitted), 0));
    return align === 'left' ? paint(style, fitted) + padding : padding + paint(style, fitted);
  });
  return cells.join(GAP).trimEnd();
}

/** Counts code points, not UTF-16 units. */
function lengthOf(text: string): number {
  return [...text].length;
}
