import type { LabelInput } from './labels.ts';

/**
 * The values of a label as a format writes them, each encoded at its first use: one run of bytes, and the place of each
 * value in it.
 */
export interface EncodedValues {
  /** The name of the label, which is encoded together with each value. */
  readonly name: string;
  /** All encoded values. */
  readonly bytes: Uint8Array;
  /** A view of the memory of `bytes`. */
  readonly view: DataView;
  /** Two numbers for each id, start and length. Ids that are not encoded yet are beyond its end, or have a length of 0. */
  readonly places: readonly number[];
  /** Length of the longest encoded value. */
  readonly longest: number;
  /** Encodes the value with this id. */
  add(id: number): void;
  /** Encodes all values that are not encoded yet. */
  addAll(): void;
}

/** How a format writes a label. Formats that write labels in the same way share one object, and so the encoded values. */
export interface LabelEncoding {
  /** Returns an empty list of encoded values for the label. */
  begin(values: LabelValues, name: string): EncodedValues;
}

/** With more distinct values of a label, most are not used again. */
const MANY = 1024;

/** The distinct values of one label. Each has a small number, its id, in the order of their first use. */
export class LabelValues {
  /** Values by id. */
  texts: string[] = [];
  /** Encoded values by encoding; created with the first. */
  #encoded: Map<LabelEncoding, EncodedValues> | undefined = undefined;
  /** Ids by the values that callers pass: texts, and numbers and booleans that were seen for them. */
  #ids = new Map<LabelInput | undefined, number>();

  /** Whether there are so many values that a cache of them should start afresh. */
  get areMany(): boolean {
    return this.texts.length >= MANY;
  }

  /** Returns the id of a value, if it has one. Undefined has none, so callers need not check for it first. */
  idOf(value: LabelInput | undefined): number | undefined {
    return this.#ids.get(value);
  }

  /** Returns the id of a text, which it gets at its first use. */
  intern(text: string): number {
    const known = this.#ids.get(text);
    if (known !== undefined) return known;
    const id = this.texts.push(text) - 1;
    this.#ids.set(text, id);
    return id;
  }

  /** Lets look-ups by `value` find `text` without converting it each time. Use it for a few values of each text at most. */
  alias(value: number | boolean, text: string): void {
    const id = this.#ids.get(text);
    if (id !== undefined) this.#ids.set(value, id);
  }

  /** Returns the values in this encoding, for a label of this name. They are kept until the ids change. */
  encodedBy(encoding: LabelEncoding, name: string): EncodedValues {
    this.#encoded ??= new Map();
    const known = this.#encoded.get(encoding);
    if (known?.name === name) return known;
    const encoded = encoding.begin(this, name);
    this.#encoded.set(encoding, encoded);
    return encoded;
  }

  /** Removes all values but those with an id in `kept`. Their new ids are their indexes in `kept`. */
  retain(kept: readonly number[]): void {
    this.texts = kept.map((id) => this.texts[id]!);
    this.#encoded = undefined;
    this.#ids = new Map(this.texts.map((text, id) => [text, id]));
  }
}

/** Returns the values of a label that has only one value, with id 0. */
export function onlyValue(text: string): LabelValues {
  const values = new LabelValues();
  values.intern(text);
  return values;
}
