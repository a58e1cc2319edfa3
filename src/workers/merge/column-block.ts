import type { DirectCollector } from '../../model/collector.ts';
import type { Exemplar } from '../../model/family.ts';
import type { LabelValues } from '../../model/label-values.ts';

/** Rows with the same label names and the same shape as arrays, which never change. */
export interface ColumnBlock {
  readonly names: readonly string[];
  readonly values: readonly LabelValues[];
  /** For each row, an id for each label. Blocks with the same array have the same series. */
  readonly ids: Int32Array;
  /** Unix seconds at which each row started; NaN if unknown. */
  readonly startTimes: Float64Array;
  readonly shape: {
    /** Upper bounds of the buckets of histograms. */
    readonly bounds: readonly number[];
    /** Whether histograms have native buckets. */
    readonly isNative: boolean;
  };
  /** The numbers of each row, one row after another. */
  readonly numbers: Float64Array;
  readonly exemplars: ReadonlyMap<number, { readonly slots: readonly (Exemplar | undefined)[] }>;
}

/** A metric whose rows are available as arrays, so that many can be added without visiting each as a point. */
export interface ColumnMetric extends DirectCollector {
  readonly blocks: readonly ColumnBlock[];
}

/** Whether the rows of a metric are available as arrays. */
export function hasColumns(metric: DirectCollector): metric is ColumnMetric {
  return 'blocks' in metric && Array.isArray(metric.blocks);
}
