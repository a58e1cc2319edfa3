import { Registry } from '../registry/registry.ts';
import { asDeclared, type NameOrder } from '../series/label-arguments.ts';

/** Differences between the metric types of prom-client and those of its successor. */
export interface Dialect {
  /** The registry of metrics that name none. */
  defaultRegistry(): Pick<Registry, 'contentType' | 'registerMetric'>;
  /** How errors list the names of labels. */
  readonly nameOrder: NameOrder;
  /** How errors for names of labels begin. */
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
