import { type LabelSet, NO_LABELS } from '../../../model/label-set.ts';
import type { FamilyColumns } from './family-columns.ts';

/** Returns the labels of a row. */
export function labelsAt({ blocks }: FamilyColumns, row: number): LabelSet {
  let start = 0;
  for (const { names, values, ids, startTimes } of blocks) {
    const local = row - start;
    if (local < startTimes.length) {
      return { names, values, ids: ids.subarray(local * names.length, (local + 1) * names.length) };
    }
    start += startTimes.length;
  }
  return NO_LABELS;
}
