import { isLegacyLabelName, isLegacyMetricName } from '../../model/naming.ts';

/** In quoted names and in labels of exemplars, Prometheus takes it for the end of the exposition. */
export const NUL = '\0';

/** What the text formats write between quotes: `\`, `"` and line feeds are escaped. */
export function escapeQuoted(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}

/** A metric's name as it stands in the lines of the text formats: bare, or between quotes where it needs them. */
export function metricNameToken(name: string): string {
  return isLegacyMetricName(name) ? name : quotedName(name);
}

/** A label's name before the `=`. Unlike a metric's, it needs quotes for a colon too. */
export function labelNameToken(name: string): string {
  return isLegacyLabelName(name) ? name : quotedName(name);
}

/** `method="GET"` */
export function labelToken(name: string, value: string): string {
  return `${labelNameToken(name)}="${escapeQuoted(value)}"`;
}

/** Throws a RangeError for NUL: in a quoted name, Prometheus rejects the entire exposition for it. */
function quotedName(name: string): string {
  if (!name.includes(NUL)) return `"${escapeQuoted(name)}"`;
  throw new RangeError(`A name must not contain NUL in this format, got ${JSON.stringify(name)}.`);
}
