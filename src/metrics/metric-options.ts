import type { CollectContext, Registrar } from '../model/collector.ts';
import type { AcrossWorkers, MetricType } from '../model/family.ts';
import type { Labels } from '../model/labels.ts';
import type { Logger } from '../model/logger.ts';
import { numberOption } from '../model/number-option.ts';
import type { OptionNames } from '../model/option-names.ts';
import type { LabelName, LabelSchema } from './series/label-schema.ts';
import type { NormalizeLabel } from './series/series-finder.ts';

/** Options that all metric types share. `M` is the metric type. */
export interface MetricOptions<S extends LabelSchema, M = never> {
  /** The full sample name, such as `http_requests_total`. */
  readonly name: string;
  /** Description of the metric for people. */
  readonly help: string;
  /**
   * Names of the labels, or an object with the allowed values of each label: a list, or `String`, `Number` or
   * `Boolean`.
   *
   * @defaultValue `[]`
   */
  readonly labelNames?: S;
  /**
   * Base unit, such as `seconds` or `bytes`. Appended to the name unless the name ends in it.
   *
   * @defaultValue none
   */
  readonly unit?: string;
  /**
   * Labels with the same value in all series.
   *
   * @defaultValue `{}`
   */
  readonly constLabels?: Labels;
  /**
   * Functions by label name that map each value of the label, for example unknown methods to `other`.
   *
   * @defaultValue `{}`
   */
  readonly normalize?: { readonly [K in LabelName<S>]?: NormalizeLabel };
  /**
   * Whether to create the series of all label combinations at once. Every label must have a closed list of values.
   *
   * @defaultValue `false`
   */
  readonly initialize?: boolean;
  /**
   * Maximum number of series; `Infinity` for no limit. When it is reached, expired series make room (see `ttlMs`);
   * without any, updates go to one more series, whose labels are all `__overflow__`.
   *
   * @defaultValue `10_000`
   */
  readonly maxSeries?: number;
  /**
   * Milliseconds without an update after which a series expires. Expired series are dropped at the next scrape, or
   * earlier if a new series needs room (see `maxSeries`). Do not cache children of such a metric: once a series has
   * expired, updates through an old child are lost. `labels()` creates it anew.
   *
   * @defaultValue `Infinity`
   */
  readonly ttlMs?: number;
  /**
   * Called at each scrape to update the metric before its values are read. If it fails, the metric is left out of the
   * scrape.
   *
   * @defaultValue none
   */
  readonly collect?: (metric: M, context: CollectContext) => void | Promise<void>;
  /**
   * Logger for warnings, such as that `maxSeries` was reached.
   *
   * @defaultValue `process.emitWarning()`
   */
  readonly logger?: Pick<Logger, 'warn'>;
  /**
   * Registry in which the metric is registered; `null` for none.
   *
   * @defaultValue `defaultRegistry`
   */
  readonly registry?: Registrar | null;
}

/** Names of the options that all metric types share. Types without a unit reject it themselves. */
export const METRIC_OPTIONS: OptionNames<MetricOptions<readonly string[]>> = {
  name: true,
  help: true,
  labelNames: true,
  unit: true,
  constLabels: true,
  normalize: true,
  initialize: true,
  maxSeries: true,
  ttlMs: true,
  collect: true,
  logger: true,
  registry: true,
};

/** Properties of a metric type that its common part needs. */
export interface MetricKind {
  readonly type: MetricType;
  /** Names of all options of the type. */
  readonly optionNames: Readonly<Record<string, true>>;
  /** Label name that the type's own samples use, such as `le`. */
  readonly reservedLabel?: string;
  /** Whether series have a start timestamp. */
  readonly hasStart?: boolean;
  /** How workers are merged. */
  readonly acrossWorkers?: AcrossWorkers | undefined;
}

/** Checks `ttlMs`. */
export function ttlOf(value: number | undefined, metricName: string): number {
  return numberOption(value, {
    name: `${metricName}: ttlMs`,
    byDefault: Number.POSITIVE_INFINITY,
    isAllowed: (milliseconds) => milliseconds > 0,
    rule: 'a number of milliseconds above 0',
  });
}
