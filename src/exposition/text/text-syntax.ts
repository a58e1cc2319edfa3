import type { Exemplar, SummaryValue } from '../../model/family.ts';
import { isLegacyLabelName, isLegacyMetricName } from '../../model/naming.ts';
import type { ByteWriter } from '../bytes/byte-writer.ts';
import { isShownTime } from '../bytes/number-text.ts';

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

/** OpenMetrics 1.0: what the names and values of an exemplar's labels may come to, in code points. */
const MAX_LABEL_LENGTH = 128;

/** Whether OpenMetrics 1.0 can show it. Quoted names in exemplars fail the whole scrape of servers before 3.1. */
export function fitsOpenMetrics({ labels }: Exemplar): boolean {
  let length = 0;
  for (const [name, value] of Object.entries(labels)) {
    const text = String(value);
    if (!isLegacyLabelName(name) || text.includes(NUL)) return false;
    length += name.length + codePoints(text);
    if (length > MAX_LABEL_LENGTH) return false;
  }
  return length > 0;
}

/** Whether OpenMetrics 2.0 can show it: it needs a timestamp, and its labels may be of any length. */
export function fitsOpenMetrics2({ labels, timestamp }: Exemplar): boolean {
  if (timestamp === undefined || !isShownTime(timestamp)) return false;
  const pairs = Object.entries(labels);
  return pairs.length > 0 && pairs.every(([name, value]) => name !== '' && !`${name}${value}`.includes(NUL));
}

/** ` # {trace_id="abc"} 0.1 1520879607.789` */
export function writeExemplar({ labels, value, timestamp }: Exemplar, writer: ByteWriter): void {
  const pairs = Object.entries(labels).map(([name, label]) => labelToken(name, String(label)));
  writer.text(` # {${pairs.join(',')}} `);
  writer.number(value);
  if (timestamp === undefined || !isShownTime(timestamp)) return;
  writer.ascii(' ');
  writer.seconds(timestamp);
}

/** Long texts are not looked through: they have at least half as many code points as they have units. */
function codePoints(text: string): number {
  if (text.length > 2 * MAX_LABEL_LENGTH) return text.length;
  let count = 0;
  for (const _codePoint of text) count++;
  return count;
}

/** Whether OpenMetrics can show the quantile: it is between 0 and 1, and its value is not negative. */
export function isOpenMetricsQuantile({ quantile, value }: SummaryValue['quantiles'][number]): boolean {
  return quantile >= 0 && quantile <= 1 && !(value < 0);
}
