import type { MetricType } from '../model/family.ts';
import { isLegacyMetricName } from '../model/naming.ts';
import { escapeQuoted } from './quoting.ts';

/** Unlike in the text format, quotes in HELP are escaped too. */
export const openMetricsHelp = escapeQuoted;

/** The unit if the family may have a UNIT line: servers refuse the exposition where it is no suffix of the name. */
export function unitOf(name: string, type: MetricType, unit: string | undefined): string | undefined {
  if (unit === undefined || unit === '' || type === 'info' || type === 'stateset') return undefined;
  return name.endsWith(`_${unit}`) && isLegacyMetricName(`_${unit}`) ? unit : undefined;
}
