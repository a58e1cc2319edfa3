import type { RowFinder } from './series-finder.ts';
import type { SeriesTable } from './series-table.ts';

/**
 * Replaces all series of a metric, or those with the labels that `curry()` has bound. `all` has the texts of each
 * series, as `finder.texts()` returned them. Calls `update` with the row of each, which is valid during the call.
 *
 * Throws a TypeError for a metric without labels.
 */
export function replaceSeries(
  table: SeriesTable,
  finder: RowFinder,
  all: readonly (readonly string[])[],
  update: (row: number, index: number) => void,
): void {
  if (table.labelNames.length === 0) throw new TypeError(`${finder.metricName} has no labels.`);
  table.atOnce(() => {
    const kept = new Set(all.map((texts) => table.index.findAll(texts)));
    for (const row of kept) table.touch(row); // So that new series do not make them expire.
    const isReplaced = finder.matcher({});
    table.removeWhere((row) => isReplaced(row) && !kept.has(row));
    // Found again one after another, because rows move when others are removed.
    for (const [index, texts] of all.entries()) update(finder.rowOfTexts(texts), index);
  });
}
