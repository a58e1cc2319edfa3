import type { Exemplar } from '../../model/family.ts';
import { EXEMPLAR, type Field } from './fields.ts';
import type { MessageWriter } from './message-writer.ts';

/** Writes an exemplar. Its time is `now` if it has none. */
export function writeExemplar(
  writer: MessageWriter,
  field: Field,
  { labels, value, timestamp }: Exemplar,
  now: number,
): void {
  const { trace_id: trace, span_id: span, ...others } = labels;
  const ids = [isId(trace, 32) ? trace : undefined, isId(span, 16) ? span : undefined] as const;
  const kept = Object.entries({
    ...others,
    ...(trace !== undefined && ids[0] === undefined ? { trace_id: trace } : {}),
    ...(span !== undefined && ids[1] === undefined ? { span_id: span } : {}),
  });
  writer.openItem(field);
  writer.openList(EXEMPLAR.filteredAttributes);
  for (const [name, label] of kept) writer.attribute(EXEMPLAR.filteredAttributes, name, String(label));
  writer.closeList();
  writer.time(EXEMPLAR.timeUnixNano, timestamp !== undefined && isValidTime(timestamp) ? timestamp : now);
  writer.double(EXEMPLAR.asDouble, value);
  if (ids[1] !== undefined) writer.hex(EXEMPLAR.spanId, ids[1]);
  if (ids[0] !== undefined) writer.hex(EXEMPLAR.traceId, ids[0]);
  writer.close();
}

/** Whether a label is a valid id of a trace or span: hexadecimal digits, not all 0. */
function isId(label: unknown, digits: number): label is string {
  return typeof label === 'string' && label.length === digits && /^[0-9a-f]+$/i.test(label) && /[^0]/.test(label);
}

/** Whether OTLP has the time: nanoseconds since 1970 in 64 bits. */
export function isValidTime(seconds: number): boolean {
  return seconds > 0 && seconds < 2 ** 63 / 1e9;
}
