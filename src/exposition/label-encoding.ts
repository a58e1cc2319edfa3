import type { EncodedValues, LabelValues } from '../model/label-values.ts';
import { ByteWriter } from './byte-writer.ts';
import { FragmentPool, type Region } from './fragment.ts';
import { writeLabelPair } from './protobuf-messages.ts';
import { labelToken } from './quoting.ts';

/** The first values take so many bytes together, and then twice as many, and so on. */
const INITIAL_BYTES = 64;

const pool = new FragmentPool();

/** The encoded values of the labels of a family, as a format has them. */
export class LabelEncoding {
  readonly #encodedFor: (values: LabelValues, name: string) => EncodedValues;
  #names: readonly string[] | undefined = undefined;
  #values: readonly LabelValues[] = [];
  #encoded: readonly EncodedValues[] = [];

  constructor(encodedFor: (values: LabelValues, name: string) => EncodedValues) {
    this.#encodedFor = encodedFor;
  }

  /** To be called where a family begins: the values of the one before may have changed meanwhile. */
  begin(): void {
    this.#names = undefined;
  }

  /** For each label. Points of a family mostly have the same names and lists of values. */
  of(names: readonly string[], values: readonly LabelValues[]): readonly EncodedValues[] {
    if (names === this.#names && values === this.#values) return this.#encoded;
    this.#encoded = names.map((name, index) => this.#encodedFor(values[index]!, name));
    this.#names = names;
    this.#values = values;
    return this.#encoded;
  }
}

/** `method="GET",` for each value: what the text formats have on their lines. */
export function lines(values: LabelValues, name: string): EncodedValues {
  if (values.lines?.name !== name) {
    values.lines = new EncodedOnce(values, name, (text) => Buffer.from(`${labelToken(name, text)},`));
  }
  return values.lines;
}

/** Labels as protobuf has them; `key` is the field's. */
export function messages(key: number): (values: LabelValues, name: string) => EncodedValues {
  return (values, name) => {
    if (values.messages?.name !== name) values.messages = new EncodedOnce(values, name, messageOf(name, key));
    return values.messages;
  };
}

function messageOf(name: string, key: number): (text: string) => Uint8Array {
  return (text) => {
    const writer = new ByteWriter({ capacity: 64 });
    writeLabelPair(writer, key, name, text);
    return writer.take();
  };
}

class EncodedOnce implements EncodedValues {
  readonly name: string;
  readonly places: number[] = [];
  readonly #values: LabelValues;
  readonly #encode: (text: string) => Uint8Array;
  #region: Region = pool.reserve(INITIAL_BYTES);
  #used = 0;
  bytes: Uint8Array = this.#region.bytes;
  view: DataView = this.#region.view;

  constructor(values: LabelValues, name: string, encode: (text: string) => Uint8Array) {
    this.name = name;
    this.#values = values;
    this.#encode = encode;
  }

  add(id: number): void {
    const { places } = this;
    const encoded = this.#encode(this.#values.texts[id]!);
    if (this.#used + encoded.length > this.#region.length) this.#grow(encoded.length);
    const start = this.#region.start + this.#used;
    this.bytes.set(encoded, start);
    this.#used += encoded.length;
    while (places.length <= id * 2) places.push(0, 0);
    places[id * 2] = start;
    places[id * 2 + 1] = encoded.length;
  }

  #grow(atLeast: number): void {
    const { bytes, start, length } = this.#region;
    const region = pool.reserve(Math.max(length * 2, this.#used + atLeast));
    region.bytes.set(bytes.subarray(start, start + this.#used), region.start);
    for (let at = 0; at < this.places.length; at += 2) this.places[at]! += region.start - start;
    this.#region = region;
    this.bytes = region.bytes;
    this.view = region.view;
  }
}
