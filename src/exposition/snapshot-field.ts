const SPELLED: ReadonlyMap<unknown, number> = new Map([
  ['NaN', Number.NaN],
  ['+Inf', Number.POSITIVE_INFINITY],
  ['-Inf', Number.NEGATIVE_INFINITY],
  ['-0', -0],
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

  entries(): [name: string, value: Field][] {
    return Object.entries(this.#object()).map(([name, value]) => [name, new Field(`${this.path}.${name}`, value)]);
  }

  list(): Field[] {
    if (!Array.isArray(this.#value)) throw this.#isNo('list');
    return this.#value.map((item: unknown, index) => new Field(`${this.path}[${index}]`, item));
  }

  numbers(): number[] {
    return this.list().map((item) => item.number());
  }

  number(): number {
    const number = typeof this.#value === 'number' ? this.#value : SPELLED.get(this.#value);
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
    if (typeof this.#value !== 'object' || this.#value === null || Array.isArray(this.#value))
      throw this.#isNo('object');
    return { ...this.#value };
  }

  #isNo(kind: string): TypeError {
    return new TypeError(`${this.path} is no ${kind}.`);
  }
}
