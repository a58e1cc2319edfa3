import { metricGroups } from './default-metrics/collect-default-metrics.ts';
import { Metric } from './metrics/metric.ts';
import { TimeWindowQuantiles } from './quantiles/time-window-quantiles.ts';
import { AggregatorFactory, aggregators } from './registry/aggregators.ts';
import {
  checkDeclared,
  isObject,
  labelsOfArguments,
  validateLabelName,
  validateMetricName,
} from './series/label-arguments.ts';
import { valueText } from './text/samples.ts';

/** Exports of the files in `lib/` of the alias package, besides the public names: prom-client has no `exports` map. */
export const deepImports = {
  AggregatorFactory,
  aggregators,
  getLabels: labelsOfArguments,
  getValueAsString: valueText,
  /** The key of prom-client's `hashMap`. Different label sets may have the same: nothing of ours is stored by it. */
  hashObject: (labels: Readonly<Record<string, unknown>>, labelNames = Object.keys(labels).sort()): string => {
    const present = labelNames.filter((name) => labels[name] !== undefined);
    return present.map((name) => `${name}:${String(labels[name])},`).join('');
  },
  isObject,
  Metric,
  metricGroups,
  nowTimestamp: (): number => Date.now() / 1000,
  TimeWindowQuantiles,
  validateLabel: (declared: readonly string[], labels: Readonly<Record<string, unknown>> = {}): void =>
    checkDeclared(labels, declared),
  validateLabelName: (names: readonly string[] = []): boolean => names.every(validateLabelName),
  validateMetricName,
};
