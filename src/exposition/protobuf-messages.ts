import type { Exemplar } from '../model/family.ts';
import { ByteWriter } from './byte-writer.ts';
import { type Fragment, FragmentPool } from './fragment.ts';

const LABEL_PAIR = { name: 0x0a, value: 0x12 };
const EXEMPLAR = { label: 0x0a, value: 0x11, timestamp: 0x1a };
const TIMESTAMP = { seconds: 0x08, nanos: 0x10 };

/** A field that holds a text. `key` is the field's, as in all of these functions. */
export function writeString(writer: ByteWriter, key: number, text: string): void {
  writer.byte(key);
  const start = writer.open();
  writer.text(text);
  writer.close(start);
}

export function writeLabelPair(writer: ByteWriter, key: number, name: string, value: string): void {
  writer.byte(key);
  const start = writer.open();
  writeString(writer, LABEL_PAIR.name, name);
  writeString(writer, LABEL_PAIR.value, value);
  writer.close(start);
}

export function writeExemplar(writer: ByteWriter, key: number, { labels, value, timestamp }: Exemplar): void {
  writer.varint(key);
  const start = writer.open();
  for (const [name, label] of Object.entries(labels)) writeLabelPair(writer, EXEMPLAR.label, name, String(label));
  writer.byte(EXEMPLAR.value);
  writer.double(value);
  if (timestamp !== undefined) writeTimestamp(writer, EXEMPLAR.timestamp, timestamp);
  writer.close(start);
}

/**
 * A google.protobuf.Timestamp. As a double has today's times to a quarter of a microsecond, digits below a microsecond
 * would be noise, and could make the server's millisecond the one before. Times before 1970 are left out.
 */
export function writeTimestamp(writer: ByteWriter, key: number, seconds: number): void {
  const microseconds = Math.round(seconds * 1e6);
  if (!(microseconds >= 0 && Number.isSafeInteger(microseconds))) return;
  writer.byte(key);
  const start = writer.open();
  const whole = Math.floor(microseconds / 1e6);
  writer.byte(TIMESTAMP.seconds);
  writer.varint(whole);
  writer.byte(TIMESTAMP.nanos);
  writer.varint((microseconds - whole * 1e6) * 1000);
  writer.close(start);
}

/** As `writeTimestamp()`, for a field that often has the same time again: many series begin within a millisecond. */
export class TimestampField {
  readonly #key: number;
  #seconds = Number.NaN;
  /** The field with that time, if it came twice. */
  #again: Fragment | undefined = undefined;

  constructor(key: number) {
    this.#key = key;
  }

  write(writer: ByteWriter, seconds: number): void {
    if (seconds !== this.#seconds) {
      this.#seconds = seconds;
      this.#again = undefined;
      writeTimestamp(writer, this.#key, seconds);
      return;
    }
    this.#again ??= this.#encoded(seconds);
    writer.fragment(this.#again);
  }

  #encoded(seconds: number): Fragment {
    const writer = new ByteWriter(32);
    writeTimestamp(writer, this.#key, seconds);
    return new FragmentPool().ofBytes(writer.take());
  }
}
