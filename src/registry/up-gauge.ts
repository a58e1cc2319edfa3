import type { Collector } from '../model/collector.ts';
import type { Labels } from '../model/labels.ts';
import { checkMetricName } from '../model/naming.ts';
import type { ReadFamily } from './read-families.ts';

/** A gauge that tells whether a collector succeeded. */
export interface UpGauge {
  readonly name: string;
  readonly labels: Labels;
}

/** A collector that a view has given labels. */
type LabeledCollector = Collector & { readonly upLabels?: Labels };

/** Returns the gauge that a collector declares. Throws a TypeError or RangeError if it has no valid name. */
export function upGaugeOf(collector: Collector): UpGauge | undefined {
  const { up, upLabels = {} }: LabeledCollector = collector;
  if (up === undefined) return undefined;
  checkMetricName(up);
  return { name: up, labels: upLabels };
}

/** Adds the gauge. A collector that succeeds may return it itself; after a failure it is 0. */
export function withUp(families: readonly ReadFamily[], up: UpGauge | undefined, value: 0 | 1): readonly ReadFamily[] {
  if (up === undefined) return [...families];
  const { name, labels } = up;
  const own = families.find(({ descriptor }) => descriptor.name === name);
  if (own !== undefined && value === 1) return families;
  const descriptor = { name, help: 'Whether the last scrape was successful.', type: 'gauge', unit: undefined } as const;
  const gauge = { descriptor: own?.descriptor ?? descriptor, points: [{ labels, value }] };
  return [...families.filter((family) => family !== own), gauge];
}
