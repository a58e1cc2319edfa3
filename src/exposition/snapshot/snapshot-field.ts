const SPELLED: ReadonlyMap<unknown, number> = new Map([
  ['NaN', Number.NaN],
  ['+Inf', Number.POSITIVE_INFINITY],
  ['-Inf', Number.NEGATIVE_INFINITY],
]);

/** A value somewhere in a snapshot, which may be anything: throws a TypeError with its place if it is not what is asked for. */
export class Field {
  /** `snapshot[2].points[0].value` */
  readonly path: string;
  readonly #value: unknown;

  constructor(path: string, value: unknown) {
    this.path = path;
    this.#value = value;
  }

  /** A property of its own; undefined where there is none. */
  get(name: string): Field {
    const object = this.#object();
    return new Field(`${this.path}.${name}`, Object.hasOwn(object, name) ? object[name] : undefined);
  }

  /** The texts of an object's properties, by their names. */
  texts(): { [name: string]: string } {
    const object = this.#object();
    return Object.fromEntries(Object.keys(object).map((name) => [name, this.get(name).text()]));
  }

  /** What `read` makes of each item, one after the other: a snapshot can have an item for every two bytes. */
  list<T>(read: (item: Field) => T): T[] {
    return this.#items().map((item, index) => read(new Field(`${this.path}[${index}]`, item)));
  }

  numbers(): number[] {
    return this.#items().map((item, index) => numberIn(item) ?? new Field(`${this.path}[${index}]`, item).number());
  }

  number(): number {
    const number = numberIn(this.#value);
    if (number === undefined) throw this.#isNo('number');
    return number;
  }

  text(): string {
    if (typeof this.#value !== 'string') throw this.#isNo('string');
    return this.#value;
  }

  boolean(): boolean {
    if (typeof this.#value !== 'boolean') throw this.#isNo('boolean');
    return this.#value;
  }

  /** Undefined where the value is undefined or null. */
  optional<T>(read: (field: Field) => T): T | undefined {
    return this.#value === undefined || this.#value === null ? undefined : read(this);
  }

  #object(): { readonly [name: string]: unknown } {
    const value = this.#value;
    if (typeof value !== 'object' || value === null || Array.isArray(value)) throw this.#isNo('object');
    return value as { readonly [name: string]: unknown }; // Whatever it is, only properties of its own are read.
  }

  #items(): readonly unknown[] {
    if (!Array.isArray(this.#value)) throw this.#isNo('list');
    return this.#value;
  }

  #isNo(kind: string): TypeError {
    return new TypeError(`${this.path} is no ${kind}.`);
  }
}

function numberIn(value: unknown): number | undefined {
  return typeof value === 'number' ? value : SPELLED.get(value);
}
