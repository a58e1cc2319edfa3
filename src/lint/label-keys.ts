import { isSameNames, type Labels } from '../model/labels.ts';

/**
 * Keys of label sets: the same text for the same labels, in any order, and with or without labels that have no value,
 * which are none to a server. Names are put in order once where they repeat.
 */
export class LabelKeys {
  #names: readonly string[] = [];
  #sorted: readonly string[] = [];
  /** Lengths before texts: no other labels make the same key, whatever is in them. */
  #prefix = '';

  of(labels: Labels): string {
    const names = Object.keys(labels).filter((name) => labels[name] !== '');
    if (!isSameNames(names, this.#names)) this.#use(names);
    let key = this.#prefix;
    for (const name of this.#sorted) {
      const value = String(labels[name]);
      key += `${value.length}:${value}`;
    }
    return key;
  }

  #use(names: readonly string[]): void {
    this.#names = names;
    this.#sorted = names.toSorted();
    this.#prefix = `${names.length} ${this.#sorted.map((name) => `${name.length}:${name}`).join('')}`;
  }
}
