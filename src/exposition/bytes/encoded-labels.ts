import type { EncodedValues, LabelEncoding, LabelValues } from '../../model/label-values.ts';
import { ByteWriter } from './byte-writer.ts';
import { FragmentPool, type Region } from './fragment.ts';

/** Size of the first region for the values of a label; later ones are twice as large each. */
const INITIAL_BYTES = 64;

const pool = new FragmentPool();

/** Finds the encoded values of the labels of a family. */
export class EncodedLabels {
  readonly #encoding: LabelEncoding;
  #names: readonly string[] | undefined = undefined;
  #values: readonly LabelValues[] = [];
  #encoded: readonly EncodedValues[] = [];

  constructor(encoding: LabelEncoding) {
    this.#encoding = encoding;
  }

  /** Must be called at the start of each family: the values of the previous one may have changed. */
  begin(): void {
    this.#names = undefined;
  }

  /** Returns the encoded values of each label. The points of a family usually share names and lists of values. */
  of(names: readonly string[], values: readonly LabelValues[]): readonly EncodedValues[] {
    if (names === this.#names && values === this.#values) return this.#encoded;
    this.#encoded = names.map((name, index) => values[index]!.encodedBy(this.#encoding, name));
    this.#names = names;
    this.#values = values;
    return this.#encoded;
  }
}

/** Writes a label. */
type WriteLabel = (writer: ByteWriter, name: string, value: string) => void;

/** Returns an encoding that calls `write` once for each value of a label. */
export function labelEncoding(write: WriteLabel): LabelEncoding {
  return { begin: (values, name) => new EncodedOnce(values, name, write) };
}

/** Reused for each value, because allocating a buffer takes longer than encoding a value. */
const oneLabel = new ByteWriter({ capacity: 1024 });

class EncodedOnce implements EncodedValues {
  readonly name: string;
  readonly places: number[] = [];
  readonly #values: LabelValues;
  readonly #write: WriteLabel;
  #region: Region = pool.reserve(INITIAL_BYTES);
  #used = 0;
  /** All ids below it are encoded. */
  #complete = 0;
  longest = 0;
  bytes: Uint8Array = this.#region.bytes;
  view: DataView = this.#region.view;

  constructor(values: LabelValues, name: string, write: WriteLabel) {
    this.name = name;
    this.#values = values;
    this.#write = write;
  }

  addAll(): void {
    const { length } = this.#values.texts;
    for (; this.#complete < length; this.#complete++) {
      const at = this.#complete * 2;
      if (at >= this.places.length || this.places[at + 1] === 0) this.add(this.#complete);
    }
  }

  clear(): void {
    for (let at = 0; at < this.places.length; at++) this.places[at] = 0; // As if they were not encoded yet.
    this.#used = 0;
    this.#complete = 0;
  }

  add(id: number): void {
    const { places } = this;
    oneLabel.rewind(0);
    this.#write(oneLabel, this.name, this.#values.texts[id]!);
    const length = oneLabel.position;
    if (this.#used + length > this.#region.length) this.#grow(length);
    const start = this.#region.start + this.#used;
    oneLabel.copyTo(this.bytes, start);
    this.#used += length;
    this.longest = Math.max(this.longest, length);
    while (places.length <= id * 2) places.push(0, 0);
    places[id * 2] = start;
    places[id * 2 + 1] = length;
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
