import type { CollectContext, Registrar } from '../model/collector.ts';
import type { Labels } from '../model/labels.ts';
import type { Logger } from '../model/logger.ts';
import { numberOption } from '../model/number-option.ts';
import type { LabelName, LabelSchema } from './series/label-schema.ts';
import type { NormalizeLabel } from './series/series-finder.ts';

/** What all types of metrics are made with; `M` is the type. */
export interface MetricOptions<S extends LabelSchema, M = never> {
  /** The full sample name: `http_requests_total`. */
  readonly name: string;
  /** What the metric counts or measures, for people. */
  readonly help: string;
  /** The names of the labels, or for each name the values it takes. None by default. */
  readonly labelNames?: S;
  /** `seconds`, `bytes`, ...: becomes a suffix of the name, if it is none. */
  readonly unit?: string;
  /** Labels that all series have with the same value. */
  readonly constLabels?: Labels;
  /** By label, what its values are mapped to: bounded routes, methods in capitals. */
  readonly normalize?: { readonly [K in LabelName<S>]?: NormalizeLabel };
  /** Whether all combinations are there from the start; only for labels with closed lists of values. */
  readonly initialize?: boolean;
  /**
   * How many series there may be; 10,000 by default. Beyond it, series that are past their `ttlMs` make room; without any,
   * updates go to one more series, `__overflow__`.
   */
  readonly maxSeries?: number;
  /**
   * Milliseconds without an update after which a series is dropped: at the next scrape, or when a new series needs its place
   * before that (see `maxSeries`). Never by default. Do not keep children of such a metric: those of series that were dropped
   * are not shown any more. Those that are found are.
   */
  readonly ttlMs?: number;
  /** Called at each scrape before the values are read, to bring them up to date. */
  readonly collect?: (metric: M, context: CollectContext) => void | Promise<void>;
  /** Where the metric warns; by default with `process.emitWarning()`. */
  readonly logger?: Pick<Logger, 'warn'>;
  /** Where the metric is registered: the default registry, another one, or `null` for none. */
  readonly registry?: Registrar | null;
}

/** Milliseconds, checked; Infinity for never. */
export function ttlOf(value: number | undefined, metricName: string): number {
  return numberOption(value, {
    name: `${metricName}: ttlMs`,
    byDefault: Number.POSITIVE_INFINITY,
    isAllowed: (milliseconds) => milliseconds > 0,
    rule: 'a number of milliseconds above 0',
  });
}
