import { labelEncoding } from '../../exposition/bytes/encoded-labels.ts';
import type { LabelEncoding } from '../../model/label-values.ts';
import type { Field } from './fields.ts';
import { MessageWriter } from './message-writer.ts';
import { isScopeLabel } from './scope.ts';

const ENCODING = labelEncoding((bytes, name, value) => {
  if (value === '' || isScopeLabel(name)) return;
  const writer = new JsonWriter();
  writer.attribute({ name: '', number: 0 }, name, value);
  bytes.bytes(writer.take());
});

/**
 * OTLP as JSON: integers of 64 bits are strings, and so are values that JSON has no number for. A comma follows each field and
 * item until its message or list ends.
 */
export class JsonWriter extends MessageWriter {
  readonly #starts: number[] = [];

  open(field: Field): void {
    this.#name(field);
    this.#begin('{');
  }

  close(): void {
    this.#end('},');
  }

  openList(field: Field): void {
    this.#name(field);
    this.#begin('[');
  }

  openItem(): void {
    this.#begin('{');
  }

  closeList(): void {
    this.#end('],');
  }

  text(field: Field, value: string): void {
    this.#name(field);
    this.bytes.text(`${JSON.stringify(value.toWellFormed())},`);
  }

  flag(field: Field, value: boolean): void {
    this.#raw(field, String(value));
  }

  small(field: Field, value: number): void {
    this.#raw(field, String(value));
  }

  signed(field: Field, value: number): void {
    this.#raw(field, String(value));
  }

  integer(field: Field, value: number): void {
    this.#raw(field, `"${value}"`);
  }

  double(field: Field, value: number): void {
    this.#raw(field, doubleText(value));
  }

  count(field: Field, value: number): void {
    this.#raw(field, countText(value));
  }

  time(field: Field, seconds: number): void {
    this.#raw(field, `"${Math.round(seconds * 1e6)}000"`); // Nanoseconds exceed the integers of a double.
  }

  hex(field: Field, digits: string): void {
    this.#raw(field, `"${digits}"`);
  }

  doubles(field: Field, values: readonly number[]): void {
    this.#raw(field, `[${values.map(doubleText).join(',')}]`);
  }

  counts(field: Field, values: readonly number[]): void {
    this.#raw(field, `[${values.map(countText).join(',')}]`);
  }

  varints(field: Field, values: readonly number[]): void {
    this.counts(field, values);
  }

  override takeMessage(): Uint8Array {
    const fields = this.take();
    this.bytes.byte(0x7b);
    this.bytes.bytes(fields.subarray(0, -1));
    this.bytes.byte(0x7d);
    return this.take();
  }

  protected encodingOf(): LabelEncoding {
    return ENCODING;
  }

  #name({ name }: Field): void {
    this.bytes.ascii(`"${name}":`);
  }

  #raw(field: Field, text: string): void {
    this.#name(field);
    this.bytes.ascii(`${text},`);
  }

  #begin(bracket: string): void {
    this.bytes.ascii(bracket);
    this.#starts.push(this.bytes.position);
  }

  #end(bracket: string): void {
    const { position } = this.bytes;
    if (position !== this.#starts.pop()) this.bytes.rewind(position - 1);
    this.bytes.ascii(bracket);
  }
}

function doubleText(value: number): string {
  return Number.isFinite(value) ? String(value) : `"${value}"`;
}

function countText(value: number): string {
  return `"${BigInt(value)}"`;
}
