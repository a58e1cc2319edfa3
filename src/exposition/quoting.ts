import { isLegacyLabelName, isLegacyMetricName } from '../model/naming.ts';
import { escapeQuoted } from './fragment.ts';

/** A metric's name as it stands in the lines of the text formats: bare, or between quotes where it needs them. */
export function metricNameToken(name: string): string {
  return isLegacyMetricName(name) ? name : `"${escapeQuoted(name)}"`;
}

/** A label's name before the `=`. Unlike a metric's, it needs quotes for a colon too. */
export function labelNameToken(name: string): string {
  return isLegacyLabelName(name) ? name : `"${escapeQuoted(name)}"`;
}
