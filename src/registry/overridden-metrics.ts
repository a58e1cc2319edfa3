import type { DirectCollector } from '../model/collector.ts';
import type { ReservedNames } from '../model/sample-names.ts';
import type { Entry } from './gathering.ts';
import { MetricList } from './metric-list.ts';
import { isDirect } from './named-collector.ts';
import { Origin } from './origin.ts';
import { OverriddenName } from './overridden-name.ts';
import type { Overrides } from './overrides.ts';
import { PrefixedMetric, prefixedFamily } from './prefixed-collectors.ts';

/** Metrics as they are exposed, with the names that they take. */
export interface ShownMetrics {
  readonly all: readonly DirectCollector[];
  readonly names: ReservedNames;
}

/** The metrics of a registry, with the overrides of the operator. */
export class OverriddenMetrics {
  readonly #overridden = new WeakMap<DirectCollector, OverriddenMetric>();
  readonly #origin = new Origin(OverriddenMetrics.prototype.apply);

  /** Applies the overrides. A metric whose override does not fit is reported and shown as it is. */
  apply(metrics: readonly DirectCollector[], overrides: Overrides): ShownMetrics {
    const shown = new MetricList();
    const changed: [DirectCollector, OverriddenName][] = [];
    for (const metric of metrics) {
      const override = overrides.of(metric.descriptor);
      if (override?.drop) continue;
      const overridden = override && OverriddenName.of(override);
      if (overridden === undefined) shown.add(metric, this.#origin);
      else changed.push([metric, overridden]);
    }
    // These come last: a metric that keeps its name takes precedence.
    for (const [metric, overridden] of changed) this.#add(shown, metric, overridden, overrides);
    return shown;
  }

  #add(shown: MetricList, metric: DirectCollector, overridden: OverriddenName, overrides: Overrides): void {
    try {
      const known = this.#overridden.get(metric) ?? new OverriddenMetric(metric, overridden);
      this.#overridden.set(metric, known);
      shown.add(known, this.#origin);
    } catch (problem) {
      overrides.reject(metric.descriptor.name, problem);
      shown.add(metric, this.#origin);
    }
  }
}

/** A metric with another name or more labels. */
class OverriddenMetric extends PrefixedMetric {
  /** Shows something else instead of the metric. */
  readonly instead: (entry: Entry) => Entry;

  constructor(metric: DirectCollector, overridden: OverriddenName) {
    super(metric, overridden);
    this.instead = (entry) => {
      if (isDirect(entry)) return new OverriddenMetric(entry, overridden);
      const family = prefixedFamily(entry, overridden);
      return { ...family, points: [...family.points] } as Entry; // Two formats may read it.
    };
  }
}

/** Replaces a metric by what `entriesOf` returns for it as it was registered, with its override. */
export function replaceEntry(
  entry: Entry,
  entriesOf: (registered: Entry) => readonly Entry[] | undefined,
): readonly Entry[] {
  if (!isOverridden(entry)) return entriesOf(entry) ?? [entry];
  return entriesOf(entry.unprefixed)?.map(entry.instead) ?? [entry];
}

function isOverridden(entry: Entry): entry is OverriddenMetric {
  return 'instead' in entry && 'unprefixed' in entry;
}
