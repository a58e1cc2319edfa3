import type { Exemplar, QuantileValue } from '../../model/family.ts';
import { codePoints, MAX_EXEMPLAR_LENGTH } from '../../model/labels.ts';
import { isLegacyLabelName, isLegacyMetricName } from '../../model/naming.ts';
import type { ByteWriter } from '../bytes/byte-writer.ts';
import { isShownTime } from '../bytes/number-text.ts';

/** In quoted names and in labels of exemplars, Prometheus treats it as the end of the exposition. */
export const NUL = '\0';

const ESCAPED = /[\\"\n]/;

/** Escapes text between quotes: `\`, `"` and line feeds. */
export function escapeQuoted(text: string): string {
  if (!ESCAPED.test(text)) return text; // Most texts: replacing nothing takes several times as long.
  return text.replace(/[\\"\n]/g, (character) => (character === '\n' ? '\\n' : `\\${character}`));
}

/** Returns a metric name as in the lines of the text formats, quoted if necessary. */
export function metricNameToken(name: string): string {
  return isLegacyMetricName(name) ? name : quotedName(name);
}

/** Returns a label name as it is before the `=`. Unlike a metric name, it must be quoted if it contains a colon. */
export function labelNameToken(name: string): string {
  return isLegacyLabelName(name) ? name : quotedName(name);
}

/** Returns `method="GET"`. */
export function labelToken(name: string, value: string): string {
  return `${labelNameToken(name)}="${escapeQuoted(value)}"`;
}

/** Returns `{a="1",b="2"}` for messages, with names as they are; empty without labels. */
export function labelList(labels: readonly (readonly [name: string, value: string])[]): string {
  const pairs = labels.map(([name, value]) => `${name}="${escapeQuoted(value)}"`);
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}

/** @throws {RangeError} for NUL: in a quoted name, Prometheus rejects the entire exposition for it. */
function quotedName(name: string): string {
  if (!name.includes(NUL)) return `"${escapeQuoted(name)}"`;
  throw new RangeError(`A name must not contain NUL in this format, got ${JSON.stringify(name)}.`);
}

/**
 * Returns whether OpenMetrics 1.0 can show an exemplar. Prometheus before 3.1 rejects the entire scrape for quoted
 * names in exemplars.
 */
export function fitsOpenMetrics({ labels }: Exemplar): boolean {
  let length = 0;
  for (const [name, value] of Object.entries(labels)) {
    const text = String(value);
    if (!isLegacyLabelName(name) || text.includes(NUL)) return false;
    length += name.length + codePoints(text);
    if (length > MAX_EXEMPLAR_LENGTH) return false;
  }
  return length > 0;
}

/** Returns whether OpenMetrics 2.0 can show an exemplar. It requires a timestamp, and labels may be of any length. */
export function fitsOpenMetrics2({ labels, timestamp }: Exemplar): boolean {
  if (timestamp === undefined || !isShownTime(timestamp)) return false;
  const pairs = Object.entries(labels);
  return pairs.length > 0 && pairs.every(([name, value]) => name !== '' && !`${name}${value}`.includes(NUL));
}

/** Writes ` # {trace_id="abc"} 0.1 1520879607.789`. */
export function writeExemplar({ labels, value, timestamp }: Exemplar, writer: ByteWriter): void {
  const pairs = Object.entries(labels).map(([name, label]) => labelToken(name, String(label)));
  writer.text(` # {${pairs.join(',')}} `);
  writer.number(value);
  if (timestamp !== undefined) writeTime(writer, ' ', timestamp);
}

/** Writes a time after `prefix`; nothing if OpenMetrics cannot show it. */
export function writeTime(writer: ByteWriter, prefix: string, seconds: number): void {
  if (!isShownTime(seconds)) return;
  writer.ascii(prefix);
  writer.seconds(seconds);
}

/** @throws {RangeError} if OpenMetrics cannot show the value of a counter. */
export function checkCounter(value: number): void {
  if (!(value >= 0)) throw new RangeError(`An OpenMetrics counter must be at least 0, got ${value}.`);
}

/** Returns whether OpenMetrics can show a quantile: it must be between 0 and 1, and its value must not be negative. */
export function isOpenMetricsQuantile({ quantile, value }: QuantileValue): boolean {
  return quantile >= 0 && quantile <= 1 && !(value < 0);
}
