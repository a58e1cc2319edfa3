import { ByteWriter } from '../../exposition/bytes/byte-writer.ts';
import { EncodedLabels } from '../../exposition/bytes/encoded-labels.ts';
import type { LabelSet } from '../../model/label-set.ts';
import type { LabelEncoding } from '../../model/label-values.ts';
import { ANY_VALUE, type Field, KEY_VALUE } from './fields.ts';

/** Value of an attribute. */
export type AttributeValue = string | number | boolean;

/**
 * Writes messages of OTLP field by field. The encodings of OTLP are subclasses. Complete fields and items can be copied from one
 * writer of an encoding to another.
 */
export abstract class MessageWriter {
  protected readonly bytes = new ByteWriter({ capacity: 256 });
  readonly #labels = new Map<Field, EncodedLabels>();

  /** Starts a field that is a message. */
  abstract open(field: Field): void;
  /** Ends a message. */
  abstract close(): void;
  /** Starts a field that is a list of messages. */
  abstract openList(field: Field): void;
  /** Starts a message in the list. */
  abstract openItem(field: Field): void;
  /** Ends a list. */
  abstract closeList(): void;
  abstract text(field: Field, value: string): void;
  abstract flag(field: Field, value: boolean): void;
  /** Writes an enumeration or another small unsigned number. */
  abstract small(field: Field, value: number): void;
  /** Writes a sint32. */
  abstract signed(field: Field, value: number): void;
  /** Writes an int64. */
  abstract integer(field: Field, value: number): void;
  abstract double(field: Field, value: number): void;
  /** Writes a fixed64 that is not negative. */
  abstract count(field: Field, value: number): void;
  /** Writes a time in Unix seconds as nanoseconds. */
  abstract time(field: Field, seconds: number): void;
  /** Writes bytes that are given as hexadecimal digits. */
  abstract hex(field: Field, digits: string): void;
  abstract doubles(field: Field, values: readonly number[]): void;
  /** Writes a list of fixed64. */
  abstract counts(field: Field, values: readonly number[]): void;
  /** Writes a list of uint64. */
  abstract varints(field: Field, values: readonly number[]): void;
  /** Returns how labels are encoded as items of a list of attributes. */
  protected abstract encodingOf(field: Field): LabelEncoding;

  /** Must be called before the points of a family: the values of labels may have changed. */
  beginFamily(): void {
    for (const labels of this.#labels.values()) labels.begin();
  }

  /** Writes the items of a list of attributes. Labels without a value count as missing. */
  labelItems(field: Field, { names, values, ids }: LabelSet): void {
    let labels = this.#labels.get(field);
    if (labels === undefined) {
      labels = new EncodedLabels(this.encodingOf(field));
      this.#labels.set(field, labels);
    }
    this.bytes.values(labels.of(names, values), ids, 0);
  }

  /** Writes an item of a list of attributes. */
  attribute(field: Field, name: string, value: AttributeValue): void {
    this.openItem(field);
    this.text(KEY_VALUE.key, name);
    this.open(KEY_VALUE.value);
    if (typeof value === 'string') this.text(ANY_VALUE.string, value);
    else if (typeof value === 'boolean') this.flag(ANY_VALUE.bool, value);
    else if (Number.isSafeInteger(value)) this.integer(ANY_VALUE.int, value);
    else this.double(ANY_VALUE.double, value);
    this.close();
    this.close();
  }

  /** Number of bytes written. */
  get length(): number {
    return this.bytes.length;
  }

  /** Copies fields or items of a writer of the same encoding. */
  copy(fields: MessageWriter | Uint8Array): void {
    if (fields instanceof MessageWriter) this.bytes.fragment(fields.bytes.written);
    else this.bytes.bytes(fields);
  }

  /** Drops everything. */
  clear(): void {
    this.bytes.rewind(this.bytes.position - this.bytes.length);
  }

  /** Returns what was written; the writer is empty then. */
  take(): Uint8Array {
    return this.bytes.take();
  }

  /** Returns what was written as a complete message. */
  takeMessage(): Uint8Array {
    return this.take();
  }
}
