import type { FormatName } from './format-names.ts';

const NAME_TAG = 0x0a;
/** What follows the name in a MetricFamily: help, type, a metric, the unit. */
const NEXT_TAGS = [0x12, 0x18, 0x22, 0x2a];

/** The format that a document looks like by its beginning, which may be all of it. */
export function sniff(head: Buffer): FormatName {
  if (looksLikeProtobuf(head)) return 'protobuf';
  const text = head.toString('latin1');
  if (/^\s*(?:\[\s*[{\]])/.test(text)) return 'json';
  if (!looksLikeOpenMetrics(text)) return 'text';
  return looksLikeOpenMetrics2(text) ? 'openmetrics-2' : 'openmetrics';
}

/** To the text formats its end is a comment, and its own lines are mistakes or comments too. */
function looksLikeOpenMetrics(text: string): boolean {
  return (
    /^# EOF\n?$(?![\s\S])/m.test(text.slice(-7)) ||
    /^# (?:UNIT \S+ \S|TYPE \S+ (?:unknown|info|stateset|gaugehistogram)$)/m.test(text)
  );
}

/** Composite values and start times are new in it, and so are counters whose family ends in `_total`. */
function looksLikeOpenMetrics2(text: string): boolean {
  return /^[^#\n]*(?: st@|\s\{count:)|^# TYPE \S+_total counter$/m.test(text);
}

/** A length, then the name of a family with its own length, then another of the message's fields. */
function looksLikeProtobuf(head: Buffer): boolean {
  let at = 0;
  while (at < 5 && (head[at] ?? 0) >= 0x80) at++;
  if (head[at + 1] !== NAME_TAG) return false;
  const nameLength = head[at + 2] ?? 0;
  if (nameLength >= 0x80) return !head.subarray(at + 2, at + 64).includes('\n');
  return nameLength > 0 && NEXT_TAGS.includes(head[at + 3 + nameLength] ?? 0);
}
