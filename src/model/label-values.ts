import type { LabelInput } from './labels.ts';
import { hashOf, LEFT_OUT, TextTable } from './text-table.ts';

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
  /** Forgets all values. */
  clear(): void;
}

/** How a format writes a label. Formats that write labels in the same way share one object, and so the encoded values. */
export interface LabelEncoding {
  /** Returns an empty list of encoded values for the label. */
  begin(values: LabelValues, name: string): EncodedValues;
}

/** With more distinct values of a label, most are not used again. */
const MANY = 1024;

/** Maximum number of values in the first map of ids: extending a larger one takes several milliseconds. */
const MAX_FIRST = 2 ** 16;
/** Number of maps of all further ids. */
const FURTHER_MAPS = 64;

/** The distinct values of one label. Each has a small number, its id, in the order of their first use. */
export class LabelValues {
  /** Values by id. */
  texts: string[] = [];
  /** Encoded values by encoding; created with the first. */
  #encoded: Map<LabelEncoding, EncodedValues> | undefined = undefined;
  /** Ids by numbers and booleans that callers pass, and by the texts that are not in the table. */
  #ids = new Map<LabelInput | undefined, number>();
  /** Further ids, if there are very many. */
  #furtherIds: readonly Map<LabelInput | undefined, number>[] | undefined = undefined;
  /** Finds most texts of labels with few values. */
  readonly #texts = new TextTable((text, id) => this.#store(text, id));

  /** Whether there are so many values that a cache of them should start afresh. */
  get areMany(): boolean {
    return this.texts.length >= MANY;
  }

  // A map asks the engine for the hash of each text that is not a constant of the program. The table needs none, and takes
  // half of the time.
  /** Returns the id of a value, if it has one. Undefined has none, so callers need not check for it first. */
  idOf(value: LabelInput | undefined): number | undefined {
    if (typeof value === 'string' && this.#texts.isUsed) {
      const id = this.#texts.idOf(value);
      if (id !== LEFT_OUT) return id >= 0 ? id : undefined;
    }
    const id = this.#ids.get(value);
    return id !== undefined || this.#furtherIds === undefined ? id : this.#furtherIds[mapOf(value)]!.get(value);
  }

  /** Returns the id of a text, which it gets at its first use. */
  intern(text: string): number {
    return this.idOf(text) ?? this.append(text);
  }

  /** Adds a text that has no id and returns its id. */
  append(text: string): number {
    const id = this.texts.push(text) - 1;
    this.#texts.add(text, id, this.texts);
    return id;
  }

  /** Makes a text the only value, with id 0, without making it known to look-ups. For values that are rarely used again. */
  setOnly(text: string): void {
    if (this.texts[0] === text) return;
    this.texts[0] = text;
    if (this.#encoded !== undefined) for (const encoded of this.#encoded.values()) encoded.clear();
  }

  /** Lets look-ups by `value` find `text` without converting it each time. Use it for a few values of each text at most. */
  alias(value: number | boolean, text: string): void {
    const id = this.idOf(text);
    if (id !== undefined && this.idOf(value) === undefined) this.#store(value, id);
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
    this.#ids.clear();
    this.#furtherIds = undefined;
    this.#texts.replace(this.texts);
  }

  #store(value: LabelInput, id: number): void {
    if (this.#ids.size < MAX_FIRST) {
      this.#ids.set(value, id);
      return;
    }
    this.#furtherIds ??= Array.from({ length: FURTHER_MAPS }, () => new Map());
    this.#furtherIds[mapOf(value)]!.set(value, id);
  }
}

/** Returns the index of the map for a value that has no room in the first one. */
function mapOf(value: LabelInput | undefined): number {
  return (typeof value === 'string' ? hashOf(value) : Number(value)) & (FURTHER_MAPS - 1);
}

/** Returns the values of a label that has only one value, with id 0. */
export function onlyValue(text: string): LabelValues {
  const values = new LabelValues();
  values.intern(text);
  return values;
}
