// Reads objects of others without running any of their code: neither getters nor proxies. Nothing here throws.

/** Longer prototype chains are not searched. */
const LONGEST_CHAIN = 100;

/** Whether a value can have properties of its own. */
export function isObject(value: unknown): value is object {
  return (typeof value === 'object' && value !== null) || typeof value === 'function';
}

/** Whether an object is a proxy; false on platforms that cannot tell. */
export function isProxy(value: object): boolean {
  // Not imported: this folder also runs where there are no modules of Node.js.
  return globalThis.process?.getBuiltinModule?.('node:util')?.types.isProxy(value) ?? false;
}

/**
 * The value of a property, own or inherited; undefined where it is absent, or where a getter or a proxy stands in its place.
 * Getters of the platform, as those of a DOMException, are called.
 */
export function dataOf(object: object, key: string): unknown {
  return attempt(() => {
    const property = propertyOf(object, key);
    if (property === undefined || Object.hasOwn(property, 'value')) return property?.value;
    return property.get !== undefined && isOfPlatform(property.get, key) ? property.get.call(object) : undefined;
  }, undefined);
}

/** The own enumerable properties with their values, at most so many. Getters are left out. */
export function ownData(object: object, most: number): readonly (readonly [name: string, value: unknown])[] {
  return attempt(() => (isProxy(object) ? [] : Object.keys(object)), [])
    .slice(0, most)
    .filter((name) => Object.hasOwn(Object.getOwnPropertyDescriptor(object, name) ?? {}, 'value'))
    .map((name) => [name, Object.getOwnPropertyDescriptor(object, name)?.value]);
}

/** Whether an object inherits from a prototype. Unlike `instanceof`, it asks neither of them. */
export function inheritsFrom(object: object, prototype: object): boolean {
  return attempt(() => [...chainOf(object)].indexOf(prototype) > 0, false);
}

/** Whether it is an object literal, also one of another context, or an object without a prototype. */
export function isPlain(object: object): boolean {
  return attempt(() => [...chainOf(object)].length <= 2 && !isProxy(Object.getPrototypeOf(object) ?? {}), false);
}

function propertyOf(object: object, key: string): PropertyDescriptor | undefined {
  for (const link of chainOf(object)) {
    const property = Object.getOwnPropertyDescriptor(link, key);
    if (property !== undefined) return property;
  }
  return undefined;
}

/** An object and its prototypes, up to the first proxy. */
function* chainOf(object: object): Generator<object, void, void> {
  let link: object | null = object;
  for (let length = 0; link !== null && length < LONGEST_CHAIN && !isProxy(link); length++) {
    yield link;
    link = Object.getPrototypeOf(link);
  }
}

function isOfPlatform(getter: () => unknown, key: string): boolean {
  return [new Error(), DOMException.prototype].some(
    (owner) => getter === Object.getOwnPropertyDescriptor(owner, key)?.get,
  );
}

/** Where a platform cannot tell a proxy, that may throw after all. */
function attempt<T>(look: () => T, otherwise: T): T {
  try {
    return look();
  } catch {
    return otherwise;
  }
}
