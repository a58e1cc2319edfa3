import { type LabelInput, LabelValue } from '../model/labels.ts';

/** The distinct values of one label, each with a small number, its id. */
export class Dictionary {
  /** By id. */
  values: LabelValue[] = [];
  /** Ids by what callers pass: each value's text, and numbers and booleans that were seen for it. */
  #ids = new Map<LabelInput | undefined, number>();

  /** The id of a value, if it has one. As a key undefined is harmless: one look-up checks all that a caller gave. */
  idOf(value: LabelInput | undefined): number | undefined {
    return this.#ids.get(value);
  }

  /** The id of a text, given at its first use. */
  intern(text: string): number {
    const known = this.#ids.get(text);
    if (known !== undefined) return known;
    const id = this.values.push(new LabelValue(text)) - 1;
    this.#ids.set(text, id);
    return id;
  }

  /** Lets look-ups by `value` find `text`, without turning it into text each time. At most a few for each text. */
  alias(value: number | boolean, text: string): void {
    const id = this.#ids.get(text);
    if (id !== undefined) this.#ids.set(value, id);
  }

  /** Forgets all but the ids in `kept`, which get the numbers of their places there. */
  retain(kept: readonly number[]): void {
    const values = kept.flatMap((id) => this.values[id] ?? []);
    this.values = values;
    this.#ids = new Map(values.map(({ text }, id) => [text, id]));
  }
}
