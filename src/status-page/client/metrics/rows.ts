import type { Family } from '../../protocol.ts';
import type { FamilyGroup } from '../data/family-order.ts';
import type { Row } from './virtual-list.ts';

export interface GroupRow extends Row {
  readonly kind: 'group';
  readonly prefix: string;
  readonly count: number;
}

export interface FamilyRow extends Row {
  readonly kind: 'family';
  readonly id: number;
}

/** Upper part of an expanded family. */
export interface PanelRow extends Row {
  readonly kind: 'panel';
  readonly id: number;
}

export interface SeriesRow extends Row {
  readonly kind: 'series';
  readonly id: number;
  readonly index: number;
}

export type MetricRow = GroupRow | FamilyRow | PanelRow | SeriesRow;

const HEIGHTS = { group: 44, family: 60, series: 36, panel: 300 };
const NARROW_HEIGHTS = { group: 44, family: 92, series: 56, panel: 340 };

/** Returns the rows of the list of metrics. `seriesOf` tells how many series an expanded family has. */
export function rowsOf(
  groups: readonly FamilyGroup[],
  seriesOf: (family: Family) => number | undefined,
  isNarrow: boolean,
): MetricRow[] {
  const heights = isNarrow ? NARROW_HEIGHTS : HEIGHTS;
  const size = isNarrow ? 'n' : 'w';
  const rows: MetricRow[] = [];
  for (const { prefix, families } of groups) {
    if (prefix !== '') {
      const key = `g${size}:${families.length}:${prefix}`;
      rows.push({ kind: 'group', key, height: heights.group, prefix, count: families.length });
    }
    for (const family of families) {
      const { id } = family;
      rows.push({ kind: 'family', key: `f${size}:${id}`, height: heights.family, id });
      const series = seriesOf(family);
      if (series === undefined) continue;
      rows.push({ kind: 'panel', key: `p${size}:${id}`, height: heights.panel, isMeasured: true, id });
      for (let index = 0; index < series; index++) {
        rows.push({ kind: 'series', key: `s${size}:${id}:${index}`, height: heights.series, id, index });
      }
    }
  }
  return rows;
}
