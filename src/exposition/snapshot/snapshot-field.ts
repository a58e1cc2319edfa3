import { kindOf } from '../../model/printable.ts';

const SPELLED: ReadonlyMap<unknown, number> = new Map([
  ['NaN', Number.NaN],
  ['+Inf', Number.POSITIVE_INFINITY],
  ['-Inf', Number.NEGATIVE_INFINITY],
]);

/**
 * A value in a snapshot, which may be anything. Its methods throw a TypeError with its path if it is not of the
 * expected kind.
 */
export class Field {
  /** Path such as `snapshot[2].points[0].value`. */
  readonly path: string;
  readonly #value: unknown;

  constructor(path: string, value: unknown) {
    this.path = path;
    this.#value = value;
  }

  /** Returns an own property; its value is undefined if it is missing. */
  get(name: string): Field {
    const object = this.#object();
    return new Field(`${this.path}.${name}`, Object.hasOwn(object, name) ? object[name] : undefined);
  }

  /** Returns the texts of the properties of an object by their names. */
  texts(): { [name: string]: string } {
    const object = this.#object();
    return Object.fromEntries(Object.keys(object).map((name) => [name, this.get(name).text()]));
  }

  /** Reads each item with `read`. One after the other, because a snapshot can have an item for every two bytes. */
  list<T>(read: (item: Field) => T): T[] {
    return this.#items().map((item, index) => read(new Field(`${this.path}[${index}]`, item)));
  }

  numbers(): number[] {
    return this.#items().map((item, index) => numberIn(item) ?? new Field(`${this.path}[${index}]`, item).number());
  }

  number(): number {
    const number = numberIn(this.#value);
    if (number === undefined) throw this.#isNot('a number');
    return number;
  }

  text(): string {
    if (typeof this.#value !== 'string') throw this.#isNot('a string');
    return this.#value;
  }

  boolean(): boolean {
    if (typeof this.#value !== 'boolean') throw this.#isNot('a boolean');
    return this.#value;
  }

  /** Returns undefined if the value is undefined or null. */
  optional<T>(read: (field: Field) => T): T | undefined {
    return this.#value === undefined || this.#value === null ? undefined : read(this);
  }

  #object(): { readonly [name: string]: unknown } {
    const value = this.#value;
    if (typeof value !== 'object' || value === null || Array.isArray(value)) throw this.#isNot('an object');
    return value as { readonly [name: string]: unknown }; // Only its own properties are read.
  }

  #items(): readonly unknown[] {
    if (!Array.isArray(this.#value)) throw this.#isNot('an array');
    return this.#value;
  }

  #isNot(kind: string): TypeError {
    return new TypeError(`${this.path} must be ${kind}, got ${kindOf(this.#value)}.`);
  }
}

function numberIn(value: unknown): number | undefined {
  return typeof value === 'number' ? value : SPELLED.get(value);
}
