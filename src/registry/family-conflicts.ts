import type { Descriptor } from '../model/family.ts';
import { exposedNames, ReservedNames } from '../model/sample-names.ts';

/** Finds families of one scrape that conflict by name. A family may occur again with the same type, help and unit. */
export class FamilyConflicts {
  readonly #names: ReservedNames;
  readonly #families = new Map<string, Descriptor>();

  /** Names in `taken` are reserved already. */
  constructor(taken?: ReservedNames) {
    this.#names = new ReservedNames(taken);
  }

  /** Adds a family. Throws an Error that names both families if it conflicts with an earlier one. */
  add(descriptor: Descriptor): void {
    const { name } = descriptor;
    const earlier = this.#families.get(name);
    if (earlier === undefined) {
      this.#names.claim(descriptor, exposedNames(descriptor));
      this.#families.set(name, descriptor);
    } else if (!isSameFamily(earlier, descriptor)) {
      throw new Error(`${name} differs in type, help or unit from an earlier family with this name.`);
    }
  }
}

/** Whether the series of both can be exposed as one family. */
export function isSameFamily(one: Descriptor, other: Descriptor): boolean {
  return (
    one.name === other.name &&
    one.type === other.type &&
    one.help === other.help &&
    (one.unit ?? '') === (other.unit ?? '')
  );
}
