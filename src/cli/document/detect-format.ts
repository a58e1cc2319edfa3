import type { FormatName } from '../input/format-names.ts';

const NAME_TAG = 0x0a;
/** Tags of the fields that may follow the name in a MetricFamily message: help, type, metric, unit. */
const NEXT_TAGS = [0x12, 0x18, 0x22, 0x2a];

/** A line that is invalid in OpenMetrics: an empty line, another comment or the type `untyped`. */
const TEXT_LINE = /^\n|^# TYPE \S+ untyped$|^#(?! (?:HELP|TYPE|UNIT|EOF)\b)/m;

/** A line of version 2.0, which adds composite values, start times and counters whose family name ends with `_total`. */
const OPENMETRICS_2_LINE = /^[^#\n]*(?: st@|\s\{count:)|^# TYPE \S+_total counter$/m;

/** Number of bytes at the end of a document that are searched for `# EOF`, which may be followed by white space. */
export const TAIL_BYTES = 64;

/** Detects the format of a whole document. */
export function detectFormat(document: Buffer): FormatName {
  const format = detectFromHead(document);
  return format === undefined || format === 'text' ? detectFromTail(document, document.subarray(-TAIL_BYTES)) : format;
}

/** Detects the format from the start of a document; undefined if only its end can tell. */
export function detectFromHead(head: Buffer): FormatName | undefined {
  if (looksLikeProtobuf(head)) return 'protobuf';
  const text = head.toString('latin1');
  if (/^\s*(?:\[\s*[{\]])/.test(text)) return 'json';
  const lines = text.slice(0, text.lastIndexOf('\n') + 1); // The last line may be incomplete.
  if (hasOpenMetricsLine(lines)) return versionOf(lines);
  return TEXT_LINE.test(lines) ? 'text' : undefined;
}

/** Tells OpenMetrics, which must end with `# EOF`, from the text formats, where that is a comment. */
export function detectFromTail(head: Buffer, tail: Buffer): FormatName {
  return /(?:^|\n)# EOF\s*$/.test(tail.toString('latin1')) ? versionOf(head.toString('latin1')) : 'text';
}

/**
 * Searches for a line that is valid in OpenMetrics but not in the text formats: a type that they do not have, or a counter
 * whose sample has the suffix `_total` but whose family does not. UNIT is a comment in the text formats.
 */
function hasOpenMetricsLine(text: string): boolean {
  return (
    /^# TYPE (?:"(?:[^"\\\n]|\\.)*"|[^\s"]+) (?:unknown|info|stateset|gaugehistogram)$/m.test(text) ||
    /^# TYPE (\S+) counter\n(?:# (?:HELP|UNIT) .*\n)*\1_total[ {]/m.test(text)
  );
}

function versionOf(openMetrics: string): FormatName {
  return OPENMETRICS_2_LINE.test(openMetrics) ? 'openmetrics-2' : 'openmetrics';
}

/** Looks for a message length, followed by a name with its length and the tag of another field. */
function looksLikeProtobuf(head: Buffer): boolean {
  let at = 0;
  while (at < 5 && (head[at] ?? 0) >= 0x80) at++;
  if (head[at + 1] !== NAME_TAG) return false;
  const nameLength = head[at + 2] ?? 0;
  if (nameLength >= 0x80) return !head.subarray(at + 2, at + 64).includes('\n');
  return nameLength > 0 && NEXT_TAGS.includes(head[at + 3 + nameLength] ?? 0);
}
