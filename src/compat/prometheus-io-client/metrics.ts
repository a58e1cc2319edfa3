import { Counter as PromClientCounter } from '../prom-client/metrics/counter.ts';
import type { Dialect } from '../prom-client/metrics/dialect.ts';
import { Gauge as PromClientGauge } from '../prom-client/metrics/gauge.ts';
import { Histogram as PromClientHistogram } from '../prom-client/metrics/histogram.ts';
import { Summary as PromClientSummary } from '../prom-client/metrics/summary.ts';
import { isObject, NO_LABELS } from '../prom-client/series/label-arguments.ts';
import { Registry } from './registry.ts';

const successorDialect: Dialect = {
  defaultRegistry: () => Registry.globalRegistry,
  nameOrder: (declared) => [...new Set(declared)].sort(),
  invalidLabels: 'At least one label name is invalid',
  nullIsOne: true,
  setShowsLabels: false,
};

export class Counter extends PromClientCounter {
  protected override get dialect(): Dialect {
    return successorDialect;
  }
}

export class Gauge extends PromClientGauge {
  protected override get dialect(): Dialect {
    return successorDialect;
  }
}

export class Histogram extends PromClientHistogram {
  protected override get dialect(): Dialect {
    return successorDialect;
  }

  /** As in prom-client, for labels that were declared. */
  override zero(labels?: unknown): void {
    this.rows.check(isObject(labels) ? labels : NO_LABELS, this.labelNames);
    super.zero(labels);
  }
}

export class Summary extends PromClientSummary {
  protected override get dialect(): Dialect {
    return successorDialect;
  }
}
