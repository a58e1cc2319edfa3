import type { Exemplar } from '../../model/family.ts';
import { ByteWriter } from '../bytes/byte-writer.ts';
import type { Fragment } from '../bytes/fragment.ts';
import { varintLength } from '../bytes/varint.ts';

const LABEL_PAIR = { name: 0x0a, value: 0x12 };
const EXEMPLAR = { label: 0x0a, value: 0x11, timestamp: 0x1a };
const TIMESTAMP = { seconds: 0x08, nanos: 0x10 };

/** Key of a field that no message has. */
const PADDING = 0x7a;
/** The length of a longer field would take two bytes. */
const MAX_PADDING = 2 + 0x7f;
const NOTHING = new Uint8Array(MAX_PADDING);

/** Number of bytes that hold every timestamp, in steps of eight. */
export const TIMESTAMP_STEPS = 16;

/** The smallest integer that does not fit into a uint64. */
export const UINT64_END = 2 ** 64;

/** Writes a field with a text. `key` is the key of the field, as in all of these functions. */
export function writeString(writer: ByteWriter, key: number, text: string): void {
  const start = writer.open(key);
  writer.text(text);
  writer.close(start);
}

/** Returns the number of bytes that {@link writeString} writes. */
export function stringLength(text: string): number {
  const length = Buffer.byteLength(text);
  return 1 + varintLength(length) + length;
}

/** Writes fields that readers skip, of `length` bytes together: 0, or at least 2. */
export function writePadding(writer: ByteWriter, length: number): void {
  for (let rest = length; rest > 0; ) {
    const field = rest <= MAX_PADDING ? rest : Math.min(MAX_PADDING, rest - 2);
    writer.byte(PADDING);
    writer.byte(field - 2);
    writer.bytes(NOTHING.subarray(0, field - 2));
    rest -= field;
  }
}

export function writeLabelPair(writer: ByteWriter, key: number, name: string, value: string): void {
  const start = writer.open(key);
  writeString(writer, LABEL_PAIR.name, name);
  writeString(writer, LABEL_PAIR.value, value);
  writer.close(start);
}

export function writeExemplar(writer: ByteWriter, key: number, { labels, value, timestamp }: Exemplar): void {
  const start = writer.open(key);
  for (const [name, label] of Object.entries(labels)) writeLabelPair(writer, EXEMPLAR.label, name, String(label));
  writer.doubleField(EXEMPLAR.value, value);
  if (timestamp !== undefined) writeTimestamp(writer, EXEMPLAR.timestamp, timestamp);
  writer.close(start);
}

/**
 * Writes a google.protobuf.Timestamp in microseconds. Current times have a precision of a quarter of a microsecond as
 * doubles, so finer digits would be noise and could make servers round down to the previous millisecond. Times before
 * 1970 are left out.
 */
export function writeTimestamp(writer: ByteWriter, key: number, seconds: number): void {
  const microseconds = Math.round(seconds * 1e6);
  if (!(microseconds >= 0 && Number.isSafeInteger(microseconds))) return;
  const start = writer.open(key);
  const whole = Math.floor(microseconds / 1e6);
  writer.byte(TIMESTAMP.seconds);
  writer.varint(whole);
  writer.byte(TIMESTAMP.nanos);
  writer.varint((microseconds - whole * 1e6) * 1000);
  writer.close(start);
}

/** Like {@link writeTimestamp}, for a field that often has the same time: many series start within a millisecond. */
export class TimestampField {
  readonly #key: number;
  // Memory of zeros: copies read a few bytes beyond the field, which must not look like a NaN.
  readonly #writer = new ByteWriter({ capacity: 32, allocate: (atLeast) => Buffer.from(new ArrayBuffer(atLeast)) });
  #seconds = Number.NaN;
  #field: Fragment;

  constructor(key: number) {
    this.#key = key;
    this.#writer.reserve(TIMESTAMP_STEPS);
    this.#field = this.#writer.written;
  }

  /** Returns the field with this time, in memory of at least `TIMESTAMP_STEPS` bytes. It is valid until the next call. */
  of(seconds: number): Fragment {
    if (seconds === this.#seconds) return this.#field;
    this.#writer.rewind(0);
    writeTimestamp(this.#writer, this.#key, seconds);
    this.#seconds = seconds;
    this.#field = this.#writer.written;
    return this.#field;
  }
}
