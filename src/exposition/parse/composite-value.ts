import type { ExactNumbers, HistogramValue, SummaryValue } from '../../model/family.ts';

/** A histogram or a summary in one value, as OpenMetrics 2.0 writes it. */
export type CompositeValue =
  | {
      readonly kind: 'histogram' | 'gaugehistogram';
      readonly value: HistogramValue;
      readonly exact: ExactNumbers | undefined;
    }
  | { readonly kind: 'summary'; readonly value: SummaryValue; readonly exact: ExactNumbers | undefined };
