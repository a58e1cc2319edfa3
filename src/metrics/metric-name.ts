import type { MetricType } from '../model/family.ts';
import { checkMetricName, isLegacyMetricName } from '../model/naming.ts';

/**
 * Completes a name with the suffixes of its type and unit: `_seconds`, before the `_total` of a counter, or `_info`.
 */
export function fullName(name: string, type: MetricType, unit: string | undefined): string {
  checkMetricName(name);
  if (type === 'info') return withSuffix(withoutUnit(name, type, unit), '_info');
  if (unit === undefined || type === 'stateset') return withoutUnit(name, type, unit);
  if (typeof unit !== 'string') throw new TypeError(`${name}: unit must be a string, got ${typeof unit}.`);
  if (!isLegacyMetricName(`_${unit}`) || unit === '') {
    throw new RangeError(`${name}: invalid unit ${JSON.stringify(unit)}; use letters, digits and _.`);
  }
  if (type !== 'counter' || !name.endsWith('_total')) return withSuffix(name, `_${unit}`);
  return `${withSuffix(name.slice(0, -'_total'.length), `_${unit}`)}_total`;
}

function withoutUnit(name: string, type: MetricType, unit: string | undefined): string {
  if (unit === undefined) return name;
  throw new TypeError(`${name}: a metric of type ${type} cannot have a unit, got ${unit}.`);
}

function withSuffix(name: string, suffix: string): string {
  return name.endsWith(suffix) ? name : name + suffix;
}
