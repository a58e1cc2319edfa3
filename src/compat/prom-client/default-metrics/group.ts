import type { BaseRegistry } from '../registry/base-registry.ts';
import { isObject, type LabelObject } from '../series/label-arguments.ts';

/** Options of `collectDefaultMetrics()`. */
export interface DefaultMetricsOptions {
  readonly register?: BaseRegistry;
  readonly prefix?: string;
  /** Labels that all default metrics have, with their values. */
  readonly labels?: LabelObject;
  readonly gcDurationBuckets?: readonly number[];
  /** Milliseconds between two measurements of the event loop's delay. */
  readonly eventLoopMonitoringPrecision?: number;
  readonly enableExemplars?: boolean;
}

/** Settings shared by the metrics of a group. */
export interface GroupSettings {
  readonly options: DefaultMetricsOptions;
  readonly labels: LabelObject;
  /** The configuration of a metric. `ownLabelNames` are the names of labels that other default metrics do not have. */
  config(name: string, help: string, ownLabelNames?: readonly string[]): GroupMetricConfig;
}

interface GroupMetricConfig {
  readonly name: string;
  readonly help: string;
  readonly labelNames: readonly string[];
  readonly registers: readonly BaseRegistry[] | undefined;
}

/** Default metrics that are collected together. */
export interface MetricGroup {
  (registry?: BaseRegistry, options?: DefaultMetricsOptions): void;
  readonly metricNames: readonly string[];
}

export function metricGroup(metricNames: readonly string[], start: (settings: GroupSettings) => void): MetricGroup {
  const group = (registry?: BaseRegistry, options: DefaultMetricsOptions = {}): void => {
    const labels = options.labels || {};
    const commonNames = Object.keys(labels);
    const registers = registry ? [registry] : undefined;
    const prefix = options.prefix || '';
    start({
      options,
      labels,
      config: (name, help, ownLabelNames = []) => ({
        name: prefix + name,
        help,
        labelNames: [...ownLabelNames, ...commonNames],
        registers,
      }),
    });
  };
  return Object.assign(group, { metricNames });
}

/** Returns the function `collectDefaultMetrics()` for these groups, with their default registry unless another is given. */
export function defaultMetricsOf<Options extends DefaultMetricsOptions>(
  groups: Readonly<Record<string, MetricGroup>>,
  defaultRegistry: () => BaseRegistry | undefined = () => undefined,
) {
  const collectDefaultMetrics = (options?: Options | null): void => {
    if (options !== null && options !== undefined && !isObject(options)) {
      throw new TypeError('config must be null, undefined, or an object');
    }
    const all: DefaultMetricsOptions = { eventLoopMonitoringPrecision: 10, ...options };
    for (const group of Object.values(groups)) group(all.register ?? defaultRegistry(), all);
  };
  return Object.assign(collectDefaultMetrics, { metricsList: Object.keys(groups) });
}

/** Whether an error means that the runtime, such as Bun, does not have a function of Node.js. */
export function isNotImplemented(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_NOT_IMPLEMENTED';
}
