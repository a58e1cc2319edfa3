import type { NumberRows } from '../../model/label-set.ts';
import type { EncodedValues } from '../../model/label-values.ts';
import type { ByteWriter } from '../bytes/byte-writer.ts';
import { putVarint, varintLength } from '../bytes/varint.ts';
import type { TimestampField } from './message-writer.ts';

/** Key of `metric` in io.prometheus.client.MetricFamily. */
const METRIC = 0x22;
/** Key of the value in Counter, Gauge and Untyped. */
const VALUE = 0x09;
/** Length of the value with its key. */
const VALUE_LENGTH = 9;
/** Length of the message with the value, with its key and length. */
const MESSAGE_LENGTH = 2 + VALUE_LENGTH;
/** Maximum number of bytes of a row without its labels: key and length of the metric, message, and start time. */
const MOST_WITHOUT_LABELS = 48;
/** Longer labels are copied faster by the engine than in steps. */
const STEPS_UP_TO = 128;

/** Rows whose series are numbers, and how to write them. */
export interface NumberMessages {
  readonly rows: NumberRows;
  readonly labels: readonly EncodedValues[];
  /** Key of the field of Metric that has the number. */
  readonly key: number;
  /** Encodes start times; undefined if they are not written. */
  readonly start: TimestampField | undefined;
}

/** Returns the number of bytes that {@link writeNumbers} writes for rows [first, end). */
export function numbersLength({ rows, labels, start }: NumberMessages, first: number, end: number): number {
  const { ids, startTimestamps } = rows;
  const width = labels.length;
  for (const list of labels) list.addAll();
  const [one, two = one, three = one] = labels.map(({ places }) => places) as [Places, Places?, Places?]; // At least one.
  let total = 0;
  for (let row = first; row < end; row++) {
    const at = row * width;
    const head = ids[at]!;
    if (head < 0) continue;
    let length = MESSAGE_LENGTH + one[head * 2 + 1]!;
    if (width > 1) length += two[ids[at + 1]! * 2 + 1]!;
    if (width > 2) length += three[ids[at + 2]! * 2 + 1]!;
    for (let index = 3; index < width; index++) length += labels[index]!.places[ids[at + index]! * 2 + 1]!;
    if (start !== undefined && startTimestamps !== undefined) length += start.of(startTimestamps[row]!).length;
    total += 1 + varintLength(length) + length;
  }
  return total;
}

type Places = readonly number[];

/** Writes the metrics of rows [first, end). Other threads may remove rows meanwhile, so the first id is read once. */
export function writeNumbers(writer: ByteWriter, messages: NumberMessages, first: number, end: number): void {
  let bound = MOST_WITHOUT_LABELS;
  for (const list of messages.labels) {
    list.addAll();
    bound += list.longest;
  }
  if (messages.labels.some(({ longest }) => longest > STEPS_UP_TO)) {
    writeLong(writer, messages, first, end);
    return;
  }
  for (let row = first; row < end; ) {
    const count = Math.max(1, Math.min(Math.floor(writer.room / bound), end - row));
    writeShort(writer, messages, row, row + count, bound * count);
    row += count;
  }
}

/**
 * Writes rows with short labels. No call is left in the loop, so that the engine keeps everything in registers and checks
 * the lists of labels once; the first three labels are written without a loop. The length of a metric has as many bytes
 * as that of the metric before it, with few exceptions.
 */
function writeShort(writer: ByteWriter, messages: NumberMessages, first: number, end: number, bound: number): void {
  const { rows, labels, key, start } = messages;
  const { ids, numbers, startTimestamps } = rows;
  const width = labels.length;
  const [one, two = one, three = one] = labels as [EncodedValues, EncodedValues?, EncodedValues?]; // At least one.
  const { places: onePlaces, view: oneView } = one;
  const { places: twoPlaces, view: twoView } = two;
  const { places: threePlaces, view: threeView } = three;
  const hasStart = start !== undefined && startTimestamps !== undefined;
  let at = writer.claim(bound);
  const unused = bound + at;
  const { memory } = writer;
  let lengthBytes = 1;
  for (let row = first; row < end; row++) {
    const idAt = row * width;
    const head = ids[idAt]!;
    if (head < 0) continue;
    const from = at + 1 + lengthBytes;
    at = copy(memory, from, oneView, onePlaces, head);
    if (width > 1) at = copy(memory, at, twoView, twoPlaces, ids[idAt + 1]!);
    if (width > 2) at = copy(memory, at, threeView, threePlaces, ids[idAt + 2]!);
    for (let index = 3; index < width; index++) {
      at = copy(memory, at, labels[index]!.view, labels[index]!.places, ids[idAt + index]!);
    }
    let length = VALUE_LENGTH;
    if (hasStart) {
      const field = start.of(startTimestamps[row]!);
      length += field.length;
      memory.setFloat64(at + MESSAGE_LENGTH, field.view.getFloat64(0, true), true);
      memory.setFloat64(at + MESSAGE_LENGTH + 8, field.view.getFloat64(8, true), true);
    }
    memory.setUint32(at, key | (length << 8) | (VALUE << 16), true); // The number overwrites the fourth byte.
    memory.setFloat64(at + 3, numbers[row]! + 0, true); // Adding 0 drops the sign of -0, as in the text formats.
    at += 2 + length;
    const bytes = varintLength(at - from);
    if (bytes !== lengthBytes) {
      move(memory, from, at, bytes - lengthBytes);
      at += bytes - lengthBytes;
    }
    memory.setUint8(from - 1 - lengthBytes, METRIC);
    putVarint(memory, from - lengthBytes, at - from - bytes + lengthBytes);
    lengthBytes = bytes;
  }
  writer.rewind(writer.position - (unused - at));
}

function copy(to: DataView, at: number, from: DataView, places: Places, id: number): number {
  const start = places[id * 2]!;
  const length = places[id * 2 + 1]!;
  for (let offset = 0; offset < length; offset += 8) {
    to.setFloat64(at + offset, from.getFloat64(start + offset, true), true);
  }
  return at + length;
}

function move({ buffer, byteOffset }: DataView, from: number, end: number, by: number): void {
  new Uint8Array(buffer, byteOffset).copyWithin(from + by, from, end);
}

function writeLong(writer: ByteWriter, messages: NumberMessages, first: number, end: number): void {
  const { rows, labels, key, start } = messages;
  const width = labels.length;
  for (let row = first; row < end; row++) {
    if (rows.ids[row * width]! < 0) continue;
    const metric = writer.open(METRIC);
    writer.values(labels, rows.ids, row * width);
    const startTimestamp = rows.startTimestamps?.[row];
    const field = startTimestamp === undefined ? undefined : start?.of(startTimestamp);
    writer.byte(key);
    writer.byte(VALUE_LENGTH + (field?.length ?? 0));
    writer.doubleField(VALUE, rows.numbers[row]!);
    if (field !== undefined) writer.fragment(field);
    writer.close(metric);
  }
}
