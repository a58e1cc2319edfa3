import type { MetricType } from '../../model/family.ts';
import { mayHaveUnit } from '../../model/sample-names.ts';
import type { OmissionListener } from './format.ts';

/**
 * Returns the unit for formats in which it must be a suffix of the family name. Returns undefined and reports it
 * otherwise: Prometheus rejects an entire OpenMetrics 1.0 exposition for such a unit and, up to 3.8, an entire
 * PrometheusProto one. The name of a counter is passed without `_total`.
 */
export function suffixUnit(
  name: string,
  type: MetricType,
  unit: string | undefined,
  listener: OmissionListener,
): string | undefined {
  const shown = anyUnit(name, type, unit, listener);
  if (shown === undefined || name.endsWith(`_${shown}`)) return shown;
  return omit(name, shown, `it must be a suffix of the name, as in ${name}_${shown}`, listener);
}

/** Returns the unit for formats that allow any. Infos and state sets have none (OpenMetrics: it must be empty). */
export function anyUnit(
  name: string,
  type: MetricType,
  unit: string | undefined,
  listener: OmissionListener,
): string | undefined {
  if (unit === undefined || unit === '' || !mayHaveUnit(type)) return undefined;
  if (/^[a-zA-Z0-9_:]+$/.test(unit)) return unit;
  return omit(name, unit, 'it must consist of letters, digits, _ and :', listener);
}

function omit(name: string, unit: string, reason: string, { onProblem }: OmissionListener): undefined {
  onProblem?.(new Error(`${name} is shown without its unit ${JSON.stringify(unit)}: ${reason}.`));
}
