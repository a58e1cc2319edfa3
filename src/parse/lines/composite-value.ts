import type { Exemplar, HistogramValue, SummaryValue } from '../../model/family.ts';

/** A series that a server stores of a composite value, where the model's value cannot hold it. */
export interface CompositePart {
  /** What stands behind the name: `_count`, for example. */
  readonly suffix: string;
  /** The upper bound of a bucket, or the quantile. */
  readonly bound: number | undefined;
  readonly value: number;
  /** Of a bucket in protobuf. */
  readonly exemplar?: Exemplar | undefined;
}

/** A histogram or a summary in one value, as OpenMetrics 2.0 writes it. */
export type CompositeValue =
  | {
      readonly kind: 'histogram' | 'gaugehistogram';
      /** Undefined where all of it is in `loose`. */
      readonly value: HistogramValue | undefined;
      /** In `prometheus` mode only, and only of values that do not add up. */
      readonly loose?: Iterable<CompositePart> | undefined;
    }
  | {
      readonly kind: 'summary';
      readonly value: SummaryValue | undefined;
      readonly loose?: Iterable<CompositePart> | undefined;
    };
