import { isLegacyLabelName, isLegacyMetricName } from '../model/naming.ts';

/** What the text formats write between quotes: `\`, `"` and line feeds are escaped. */
export function escapeQuoted(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}

/** A metric's name as it stands in the lines of the text formats: bare, or between quotes where it needs them. */
export function metricNameToken(name: string): string {
  return isLegacyMetricName(name) ? name : `"${escapeQuoted(name)}"`;
}

/** A label's name before the `=`. Unlike a metric's, it needs quotes for a colon too. */
export function labelNameToken(name: string): string {
  return isLegacyLabelName(name) ? name : `"${escapeQuoted(name)}"`;
}

/** `method="GET"` */
export function labelToken(name: string, value: string): string {
  return `${labelNameToken(name)}="${escapeQuoted(value)}"`;
}
