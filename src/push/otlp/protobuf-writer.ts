import { labelEncoding } from '../../exposition/bytes/encoded-labels.ts';
import { zigzag } from '../../exposition/bytes/varint.ts';
import type { LabelEncoding } from '../../model/label-values.ts';
import { writeInt64 } from '../remote-write/wire.ts';
import type { Field } from './fields.ts';
import { MessageWriter } from './message-writer.ts';
import { isScopeLabel } from './scope.ts';

const VARINT = 0;
const EIGHT_BYTES = 1;
const LENGTH_PREFIXED = 2;

/** Encodings of labels by the number of the field with the attributes, which is part of them. */
const encodings = new Map<number, LabelEncoding>();

/** OTLP as protobuf. Fields with default values are left out, except counts, times and values. */
export class ProtobufWriter extends MessageWriter {
  readonly #starts: number[] = [];

  open(field: Field): void {
    this.#starts.push(this.bytes.open(keyOf(field, LENGTH_PREFIXED)));
  }

  close(): void {
    const start = this.#starts.pop();
    if (start !== undefined) this.bytes.close(start);
  }

  openList(): void {}

  openItem(field: Field): void {
    this.open(field);
  }

  closeList(): void {}

  text(field: Field, value: string): void {
    const start = this.bytes.open(keyOf(field, LENGTH_PREFIXED));
    this.bytes.text(value);
    this.bytes.close(start);
  }

  flag(field: Field, value: boolean): void {
    this.small(field, Number(value));
  }

  small(field: Field, value: number): void {
    this.bytes.byte(keyOf(field, VARINT));
    this.bytes.varint(value);
  }

  signed(field: Field, value: number): void {
    this.small(field, zigzag(value));
  }

  integer(field: Field, value: number): void {
    this.bytes.byte(keyOf(field, VARINT));
    writeInt64(this.bytes, value);
  }

  double(field: Field, value: number): void {
    this.bytes.doubleField(keyOf(field, EIGHT_BYTES), value);
  }

  count(field: Field, value: number): void {
    this.bytes.byte(keyOf(field, EIGHT_BYTES));
    this.#fixed(value / 2 ** 32, value);
  }

  time(field: Field, seconds: number): void {
    this.bytes.byte(keyOf(field, EIGHT_BYTES));
    // Nanoseconds exceed the integers of a double: they are computed in two halves.
    const microseconds = Math.round(seconds * 1e6);
    const low = (microseconds % 2 ** 32) * 1000;
    this.#fixed(Math.floor(microseconds / 2 ** 32) * 1000 + Math.floor(low / 2 ** 32), low);
  }

  hex(field: Field, digits: string): void {
    const start = this.bytes.open(keyOf(field, LENGTH_PREFIXED));
    this.bytes.bytes(Buffer.from(digits, 'hex'));
    this.bytes.close(start);
  }

  doubles(field: Field, values: readonly number[]): void {
    this.#packed(field, values, (value) => this.bytes.double(value));
  }

  counts(field: Field, values: readonly number[]): void {
    this.#packed(field, values, (value) => this.#fixed(value / 2 ** 32, value));
  }

  varints(field: Field, values: readonly number[]): void {
    this.#packed(field, values, (value) => this.bytes.varint(value));
  }

  protected encodingOf(field: Field): LabelEncoding {
    const known = encodings.get(field.number);
    if (known !== undefined) return known;
    const encoding = labelEncoding((bytes, name, value) => {
      if (value === '' || isScopeLabel(name)) return;
      const writer = new ProtobufWriter();
      writer.attribute(field, name, value);
      bytes.bytes(writer.take());
    });
    encodings.set(field.number, encoding);
    return encoding;
  }

  #packed(field: Field, values: readonly number[], write: (value: number) => void): void {
    if (values.length === 0) return;
    const start = this.bytes.open(keyOf(field, LENGTH_PREFIXED));
    for (const value of values) write(value);
    this.bytes.close(start);
  }

  /** Writes a fixed64 from the number of its upper 32 bits and one with the same lower 32 bits. */
  #fixed(high: number, low: number): void {
    const { bytes } = this;
    for (let rest = low % 2 ** 32, index = 0; index < 4; index++, rest /= 256) bytes.byte(rest & 0xff);
    for (let rest = Math.floor(high), index = 0; index < 4; index++, rest /= 256) bytes.byte(rest & 0xff);
  }
}

function keyOf({ number }: Field, wireType: number): number {
  return number * 8 + wireType;
}
