import type { Registrar } from '../model/collector.ts';
import { currentOverrides } from '../registry/current-overrides.ts';
import type { MetricOverride } from '../registry/override-file.ts';
import type { NativeOptions } from './buckets/native-options.ts';

interface BucketOptions {
  readonly buckets?: readonly number[];
  readonly native?: NativeOptions;
  readonly registry?: Registrar | null;
}

/**
 * Buckets and limit of series that the operator has set for a metric, by its name with the prefix of the view in which it
 * is registered.
 */
export function overriddenShape(
  name: string,
  registry: Registrar | null | undefined,
): Pick<MetricOverride, 'buckets' | 'native' | 'maxSeries'> | undefined {
  return currentOverrides()?.shapeOf((registry?.prefix ?? '') + name);
}

/** The options of a histogram's buckets, or what the operator has set instead. */
export function overriddenBuckets(name: string, options: BucketOptions): Omit<BucketOptions, 'registry'> {
  const { buckets, native } = overriddenShape(name, options.registry) ?? {};
  if (buckets === undefined && native === undefined) return options;
  return {
    ...(buckets !== undefined && { buckets }),
    ...(native === true && { native: options.native ?? {} }),
  };
}
