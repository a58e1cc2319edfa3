import { Registry } from '../registry/registry.ts';
import { asDeclared, type NameOrder } from '../series/label-arguments.ts';

/** Differences between the metric types of prom-client and those of its successor. */
export interface Dialect {
  /** Returns the default registry of metrics. */
  defaultRegistry(): Pick<Registry, 'contentType' | 'registerMetric'>;
  /** Order of label names in errors. */
  readonly nameOrder: NameOrder;
  /** Start of errors about label names. */
  readonly invalidLabels: string;
  /** Whether `inc()` and `dec()` of gauges take null for 1. */
  readonly nullIsOne: boolean;
  /** Whether `set()` of gauges changes how the labels of the series are shown. */
  readonly setShowsLabels: boolean;
}

export const promClientDialect: Dialect = {
  defaultRegistry: () => Registry.globalRegistry,
  nameOrder: asDeclared,
  // The first words are those of prom-client, the others those of its successor.
  invalidLabels: 'Invalid label name. At least one label name is invalid',
  nullIsOne: false,
  setShowsLabels: true,
};
