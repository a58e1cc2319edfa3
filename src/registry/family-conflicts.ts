import type { Descriptor } from '../model/family.ts';
import { Claims, shownNames } from './claims.ts';

/** Says which families of one scrape can stand beside each other: a name may come again if it is the same family. */
export class FamilyConflicts {
  readonly #claims: Claims;
  readonly #families = new Map<string, Descriptor>();

  /** Names that `taken` has are free for nobody. */
  constructor(taken?: Claims) {
    this.#claims = new Claims(taken);
  }

  /** Throws an Error that names both families where this one cannot be shown beside one before it. */
  add(descriptor: Descriptor): void {
    const { name } = descriptor;
    const admitted = this.#families.get(name);
    if (admitted === undefined) {
      this.#claims.claim(descriptor, shownNames(descriptor));
      this.#families.set(name, descriptor);
    } else if (!isSameFamily(admitted, descriptor)) {
      throw new Error(`${name} differs in type, help or unit from the family of that name before it.`);
    }
  }
}

/** Whether series of both can be shown as one family. */
export function isSameFamily(one: Descriptor, other: Descriptor): boolean {
  return (
    one.name === other.name &&
    one.type === other.type &&
    one.help === other.help &&
    (one.unit ?? '') === (other.unit ?? '')
  );
}
