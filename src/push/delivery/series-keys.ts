import type { LabelSet } from '../../model/label-set.ts';

/** Builds the keys of series. The points of a family share the order of their labels, so each key takes one pass. */
export class SeriesKeys {
  #layout: LabelLayout | undefined;

  /**
   * Returns a text that identifies a series. Empty values count as missing labels.
   *
   * @param addedName Name of a label that the point has besides its own, such as `le`; undefined for none.
   * @param addedValue Value of that label.
   */
  keyOf(name: string, labels: LabelSet, addedName: string | undefined, addedValue: string | undefined): string {
    const { names } = labels;
    if (this.#layout?.names !== names || this.#layout.added !== addedName)
      this.#layout = new LabelLayout(names, addedName);
    return this.#layout.key(name, labels, addedValue);
  }
}

/** Returns the labels in a key of {@link SeriesKeys}, sorted by name. */
export function labelsIn(key: string): [name: string, value: string][] {
  let position = 0;
  const nextText = (): string => {
    const colon = key.indexOf(':', position);
    position = colon + 1 + Number(key.slice(position, colon));
    return key.slice(colon + 1, position);
  };
  nextText(); // The name that is not one of a label.
  const labels: [name: string, value: string][] = [];
  while (position < key.length) labels.push([nextText(), nextText()]);
  return labels;
}

/** Order of the labels of a family. */
class LabelLayout {
  readonly names: readonly string[];
  readonly added: string | undefined;
  /** Index of each label in `names`, in the order of names; the number of names for the added label. */
  readonly #order: readonly number[];
  readonly #prefixes: readonly string[];

  constructor(names: readonly string[], added: string | undefined) {
    this.names = names;
    this.added = added;
    const all = added === undefined ? names : [...names, added];
    this.#order = all.map((_name, index) => index).sort((a, b) => (all[a]! < all[b]! ? -1 : 1));
    this.#prefixes = all.map((name) => `${name.length}:${name}`);
  }

  /** Texts are preceded by their lengths, so that any may contain anything. */
  key(name: string, { values, ids }: LabelSet, added: string | undefined): string {
    let key = `${name.length}:${name}`;
    for (const index of this.#order) {
      const value = index < ids.length ? values[index]!.texts[ids[index]!]! : added!;
      if (value !== '') key += `${this.#prefixes[index]}${value.length}:${value}`;
    }
    return key;
  }
}
