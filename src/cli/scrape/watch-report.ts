import { escapeInvisible, type Paint } from '../command/colors.ts';
import { formatCount, formatValue, plural, sparkline } from '../command/number-format.ts';
import { type TableCell, type TableColumn, tableLines } from '../command/table.ts';
import type { Document } from '../document/document.ts';
import { seriesCount } from '../document/flat-series.ts';
import { hasText, MAX_ROWS, titleLines, typeCell } from './scrape-report.ts';
import type { Trend } from './trends.ts';
import { KEYS, type SortOrder, type View } from './view.ts';

const COLUMNS: readonly TableColumn[] = [
  { title: 'FAMILY', align: 'left' },
  { title: 'TYPE', align: 'left' },
  { title: 'SERIES', align: 'right' },
  { title: 'VALUE', align: 'right' },
  { title: 'PER SECOND', align: 'right' },
  { title: 'TREND', align: 'left' },
];

/** Number of lines around the rows: two title lines, two empty lines, the column titles, the totals and the keys. */
const FRAME_LINES = 7;

export interface WatchReportOptions {
  readonly trends: ReadonlyMap<string, Trend>;
  readonly view: View;
  /** Number of families to show, those with the most series; undefined for all. */
  readonly top: number | undefined;
  readonly milliseconds: number;
  readonly paint: Paint;
  /** Size of the terminal to fit into; undefined if there is none. */
  readonly screen: { readonly columns: number; readonly rows: number } | undefined;
}

interface Row extends Trend {
  readonly name: string;
  readonly type: string;
  readonly series: number;
}

const compare: Readonly<Record<SortOrder, (one: Row, other: Row) => number>> = {
  name: () => 0,
  series: (one, other) => other.series - one.series,
  value: (one, other) => other.value - one.value,
  rate: (one, other) => (other.rate ?? -1) - (one.rate ?? -1),
};

/** Number of rows that fit on a screen. */
export function rowsOn(screen: WatchReportOptions['screen']): number {
  return screen === undefined ? MAX_ROWS : Math.max(screen.rows - FRAME_LINES, 1);
}

/** Formats one refresh of `zeroprom scrape --watch`. The offset is that of the view, or the last one that fills the screen. */
export function watchReport(document: Document, options: WatchReportOptions): { lines: string[]; offset: number } {
  const { view, top, paint, screen } = options;
  const all = sorted(rowsOf(document, options), view.sort).slice(0, top);
  const room = rowsOn(screen);
  const offset = Math.max(Math.min(view.offset, all.length - room), 0);
  const shown = all.slice(offset, offset + room);
  const series = all.reduce((sum, row) => sum + row.series, 0);
  const range = shown.length < all.length ? ` (${offset + 1} to ${offset + shown.length} shown)` : '';
  const lines = [
    ...titleLines(document, options.milliseconds, paint),
    '',
    ...tableLines(COLUMNS, shown.map(cellsOf), paint, screen?.columns),
    '',
    `${plural(all.length, 'family', 'families')}${range}, ${formatCount(series)} series`,
    ...(screen === undefined ? [] : [paint('dim', stateOf(view).slice(0, screen.columns - 1))]),
  ];
  return { lines, offset };
}

function rowsOf({ families }: Document, { trends, view }: WatchReportOptions): Row[] {
  return families
    .filter(({ name }) => hasText(name, view.filter))
    .map((family): Row => {
      const trend = trends.get(family.name) ?? { value: 0, rate: undefined, curve: [] };
      return { ...trend, name: family.name, type: family.type, series: seriesCount(family) };
    });
}

function sorted(rows: readonly Row[], order: SortOrder): Row[] {
  return [...rows].sort((one, other) => compare[order](one, other) || (one.name < other.name ? -1 : 1));
}

function cellsOf({ name, type, series, value, rate, curve }: Row): TableCell[] {
  return [
    { text: name },
    typeCell(type),
    { text: formatCount(series) },
    { text: formatValue(value) },
    { text: rate === undefined ? '' : formatValue(rate), style: rate === 0 ? 'dim' : undefined },
    { text: sparkline(curve), style: 'cyan' },
  ];
}

function stateOf({ sort, filter, isPaused, isTyping }: View): string {
  if (isTyping) return `Filter: ${escapeInvisible(filter)}_ (Enter keeps it, Escape removes it)`;
  const parts = [
    ...(isPaused ? ['Paused'] : []),
    `sorted by ${sort}`,
    ...(filter === '' ? [] : [`filter: ${escapeInvisible(filter)}`]),
  ];
  return `${parts.join(', ')}. ${KEYS}`;
}
