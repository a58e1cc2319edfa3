import type { FormatName } from '../input/format-names.ts';

const NAME_TAG = 0x0a;
/** What follows the name in a MetricFamily: help, type, a metric, the unit. */
const NEXT_TAGS = [0x12, 0x18, 0x22, 0x2a];

/** Bytes at the end of a document that tell whether it is OpenMetrics: `# EOF` with white space behind it. */
export const TAIL_BYTES = 64;

/** The format of a whole document. */
export function sniff(document: Buffer): FormatName {
  const format = sniffBeginning(document);
  return format === undefined || format === 'text' ? sniffText(document, document.subarray(-TAIL_BYTES)) : format;
}

/** The format of a document that begins like this; undefined where only its end can tell. */
export function sniffBeginning(head: Buffer): FormatName | undefined {
  if (looksLikeProtobuf(head)) return 'protobuf';
  const text = head.toString('latin1');
  if (/^\s*(?:\[\s*[{\]])/.test(text)) return 'json';
  const lines = text.slice(0, text.lastIndexOf('\n') + 1); // The last may be half a line.
  if (hasOpenMetricsLine(lines)) return openMetricsOf(lines);
  return hasTextLine(lines) ? 'text' : undefined;
}

/** Which format of lines it is, by the end. To the text formats `# EOF` is a comment; OpenMetrics must end in it. */
export function sniffText(head: Buffer, tail: Buffer): FormatName {
  return /(?:^|\n)# EOF\s*$/.test(tail.toString('latin1')) ? openMetricsOf(head.toString('latin1')) : 'text';
}

/**
 * Whether there is a line that is right in OpenMetrics and wrong in the text formats: a type that is not theirs, or a
 * counter's sample with a suffix that its family does not have. UNIT is a comment there.
 */
function hasOpenMetricsLine(text: string): boolean {
  return (
    /^# TYPE (?:"(?:[^"\\\n]|\\.)*"|[^\s"]+) (?:unknown|info|stateset|gaugehistogram)$/m.test(text) ||
    /^# TYPE (\S+) counter\n(?:# (?:HELP|UNIT) .*\n)*\1_total[ {]/m.test(text)
  );
}

/** Whether there is a line that no reader of OpenMetrics takes: an empty one, another comment, a type of the text formats. */
function hasTextLine(text: string): boolean {
  return /^\n|^# TYPE \S+ untyped$|^#(?! (?:HELP|TYPE|UNIT|EOF)\b)/m.test(text);
}

function openMetricsOf(text: string): FormatName {
  return looksLikeOpenMetrics2(text) ? 'openmetrics-2' : 'openmetrics';
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
