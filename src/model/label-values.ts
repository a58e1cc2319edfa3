import type { LabelInput } from './labels.ts';

/**
 * The values of a label as a format writes them, each encoded at its first use: one run of bytes, and the place of each
 * value in it.
 */
export interface EncodedValues {
  /** The name of the label, which is encoded together with each value. */
  readonly name: string;
  readonly bytes: Uint8Array;
  /** The same memory as `bytes`. */
  readonly view: DataView;
  /** Two numbers for each id, start and length. Ids that are not encoded yet are beyond its end, or have a length of 0. */
  readonly places: readonly number[];
  /** Encodes the value with this id. */
  add(id: number): void;
}

/** How a format writes a label. Formats that write labels in the same way share one object, and so the encoded values. */
export interface LabelEncoding {
  /** Returns an empty list of encoded values for the label. */
  begin(values: LabelValues, name: string): EncodedValues;
}

/** More distinct values of a label are hardly used twice. */
const MANY = 1024;

/** The distinct values of one label, each with a small number, its id. Ids are given in the order of the first uses. */
export class LabelValues {
  /** By id. */
  texts: string[] = [];
  /** Encoded values by encoding; created with the first. */
  #encoded: Map<LabelEncoding, EncodedValues> | undefined = undefined;
  /** Ids by what callers pass: each value's text, and numbers and booleans that were seen for it. */
  #ids = new Map<LabelInput | undefined, number>();

  /** Whether there are so many that whoever keeps them for later use should begin anew. */
  get areMany(): boolean {
    return this.texts.length >= MANY;
  }

  /** The id of a value, if it has one. As a key undefined is harmless: one look-up checks all that a caller gave. */
  idOf(value: LabelInput | undefined): number | undefined {
    return this.#ids.get(value);
  }

  /** The id of a text, given at its first use. */
  intern(text: string): number {
    const known = this.#ids.get(text);
    if (known !== undefined) return known;
    const id = this.texts.push(text) - 1;
    this.#ids.set(text, id);
    return id;
  }

  /** Lets look-ups by `value` find `text`, without turning it into text each time. At most a few for each text. */
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

  /** Forgets all but the ids in `kept`, which get the numbers of their places there. */
  retain(kept: readonly number[]): void {
    this.texts = kept.map((id) => this.texts[id]!);
    this.#encoded = undefined;
    this.#ids = new Map(this.texts.map((text, id) => [text, id]));
  }
}

/** The values of a label that has but one, with the id 0. */
export function onlyValue(text: string): LabelValues {
  const values = new LabelValues();
  values.intern(text);
  return values;
}
