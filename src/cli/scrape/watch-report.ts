import type { Paint } from '../command/colors.ts';
import { formatCount, formatValue, plural, sparkline } from '../command/number-format.ts';
import { type TableCell, type TableColumn, tableLines } from '../command/table.ts';
import type { Document } from '../document/document.ts';
import { seriesCount } from '../document/flat-series.ts';
import { MAX_ROWS, titleLines, typeCell } from './scrape-report.ts';
import type { Trend } from './trends.ts';

const COLUMNS: readonly TableColumn[] = [
  { title: 'FAMILY', align: 'left' },
  { title: 'TYPE', align: 'left' },
  { title: 'SERIES', align: 'right' },
  { title: 'VALUE', align: 'right' },
  { title: 'PER SECOND', align: 'right' },
  { title: 'TREND', align: 'left' },
];

/** Number of lines around the rows: two title lines, two empty lines, the column titles and the totals. */
const FRAME_LINES = 6;

export interface WatchReportOptions {
  readonly trends: ReadonlyMap<string, Trend>;
  /** Number of families to show, those with the most series; undefined for all. */
  readonly top: number | undefined;
  readonly milliseconds: number;
  readonly paint: Paint;
  /** Size of the terminal to fit into; undefined if there is none. */
  readonly screen: { readonly columns: number; readonly rows: number } | undefined;
}

/** Formats one refresh of `zeroprom scrape --watch`. */
export function watchReport(document: Document, options: WatchReportOptions): string[] {
  const { trends, top, paint, screen } = options;
  const families = document.families
    .map((family) => ({ name: family.name, type: family.type, series: seriesCount(family) }))
    .sort((one, other) => (top === undefined ? 0 : other.series - one.series) || (one.name < other.name ? -1 : 1));
  const room = screen === undefined ? MAX_ROWS : Math.max(screen.rows - FRAME_LINES, 1);
  const shown = families.slice(0, Math.min(top ?? families.length, room));
  const rows = shown.map(({ name, type, series }): TableCell[] => {
    const { value, rate, curve } = trends.get(name) ?? { value: 0, rate: undefined, curve: [] };
    return [
      { text: name },
      typeCell(type),
      { text: formatCount(series) },
      { text: formatValue(value) },
      { text: rate === undefined ? '' : formatValue(rate), style: rate === 0 ? 'dim' : undefined },
      { text: sparkline(curve), style: 'cyan' },
    ];
  });
  const series = families.reduce((sum, family) => sum + family.series, 0);
  const hidden = families.length - shown.length;
  return [
    ...titleLines(document, options.milliseconds, paint),
    '',
    ...tableLines(COLUMNS, rows, paint, screen?.columns),
    '',
    `${plural(families.length, 'family', 'families')}${hidden > 0 ? ` (${hidden} not shown)` : ''}, ${formatCount(series)} series`,
  ];
}
