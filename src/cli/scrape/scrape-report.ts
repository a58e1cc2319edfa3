import { escapeInvisible, type Paint, type Style } from '../command/colors.ts';
import { formatCount, formatSize, plural } from '../command/number-format.ts';
import { type TableCell, type TableColumn, tableLines } from '../command/table.ts';
import type { Document } from '../document/document.ts';
import { expositionFormats } from '../input/format-names.ts';
import { type FamilyStatistics, type LabelStatistics, statisticsOf } from './statistics.ts';

const FAMILY_COLUMNS: readonly TableColumn[] = [
  { title: 'FAMILY', align: 'left' },
  { title: 'TYPE', align: 'left' },
  { title: 'SERIES', align: 'right' },
  { title: 'SIZE', align: 'right' },
];

const LABEL_COLUMNS: readonly TableColumn[] = [
  { title: 'LABEL', align: 'left' },
  { title: 'VALUES', align: 'right' },
  { title: 'FAMILIES', align: 'right' },
];

/** Maximum number of rows: a longer table would take more memory than the families. */
export const MAX_ROWS = 10_000;

const typeStyles: Readonly<Record<string, Style>> = {
  counter: 'green',
  gauge: 'cyan',
  histogram: 'magenta',
  gaugehistogram: 'magenta',
  summary: 'yellow',
};

export interface ScrapeReportOptions {
  /** Number of families and labels to show, largest first; undefined for all families in the order of their names. */
  readonly top: number | undefined;
  /** Only families whose names contain it, whatever the case. */
  readonly filter: string;
  readonly milliseconds: number;
  readonly paint: Paint;
  readonly width: number | undefined;
}

/** Whether a text contains another one, whatever the case. */
export function hasText(text: string, part: string): boolean {
  return text.toLowerCase().includes(part.toLowerCase());
}

/** Formats the output of `zeroprom scrape`. */
export function scrapeReport(document: Document, options: ScrapeReportOptions): string[] {
  const { top, paint, width } = options;
  const { families, labels } = statisticsOf(
    document.families.filter(({ name }) => hasText(name, options.filter)),
    expositionFormats[document.format === 'json' ? 'text-1.0.0' : document.format],
    { countValues: top !== undefined },
  );
  const shown =
    top === undefined
      ? families.slice(0, MAX_ROWS)
      : [...families].sort((one, other) => other.series - one.series || other.size - one.size).slice(0, top);
  const hidden = families.length - shown.length;
  const rows = shown.map(({ name, type, series, size }) => [
    { text: name },
    typeCell(type),
    { text: formatCount(series) },
    { text: formatSize(size) },
  ]);
  const hiddenText =
    top === undefined
      ? `and ${plural(hidden, 'more family', 'more families')}; --top ${MAX_ROWS} shows the largest`
      : `and ${plural(hidden, 'smaller family', 'smaller families')}`;
  return [
    ...titleLines(document, options.milliseconds, paint),
    '',
    ...tableLines(FAMILY_COLUMNS, rows, paint, width),
    ...(hidden > 0 ? [paint('dim', hiddenText)] : []),
    '',
    ...(top === undefined || labels.length === 0 ? [] : [...labelLines(labels.slice(0, top), options), '']),
    totalLine(families, labels),
  ];
}

/** Formats the name of the input and what was read from it. */
export function titleLines(
  { name, contentType, format, size }: Document,
  milliseconds: number,
  paint: Paint,
): string[] {
  const answer = [contentType ?? format, formatSize(size), `${milliseconds.toFixed(0)} ms`];
  return [paint('bold', escapeInvisible(name)), escapeInvisible(answer.join(', '))];
}

export function typeCell(type: string): TableCell {
  return { text: type, style: typeStyles[type] };
}

function labelLines(labels: readonly LabelStatistics[], { paint, width }: ScrapeReportOptions): string[] {
  const rows = labels.map(({ name, values, families }) => {
    return [{ text: name }, { text: formatCount(values) }, { text: formatCount(families) }];
  });
  return tableLines(LABEL_COLUMNS, rows, paint, width);
}

function totalLine(families: readonly FamilyStatistics[], labels: readonly LabelStatistics[]): string {
  const series = families.reduce((sum, family) => sum + family.series, 0);
  return [
    plural(families.length, 'family', 'families'),
    `${formatCount(series)} series`,
    plural(labels.length, 'label name', 'label names'),
  ].join(', ');
}
