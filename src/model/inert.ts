// Reads untrusted objects without running their code: neither getters nor proxies are called. Nothing here throws.

/** Maximum length of a prototype chain that is searched. */
const LONGEST_CHAIN = 100;

/** Returns whether a value can have own properties. */
export function isObject(value: unknown): value is object {
  return (typeof value === 'object' && value !== null) || typeof value === 'function';
}

/** Returns whether an object is a proxy; false on platforms that cannot detect proxies. */
export function isProxy(value: object): boolean {
  // Not imported, because this folder also runs on platforms without Node.js modules.
  return attempt(() => process.getBuiltinModule('node:util').types.isProxy(value), false);
}

/**
 * Returns the value of an own or inherited property; undefined if it is missing, or if it is a getter or behind a proxy.
 * Getters of the platform, such as those of DOMException, are called.
 */
export function dataOf(object: object, key: string): unknown {
  return attempt(() => {
    const property = propertyOf(object, key);
    if (property === undefined || Object.hasOwn(property, 'value')) return property?.value;
    const isOfPlatform = [new Error(), DOMException.prototype].some(
      (owner) => property.get === Object.getOwnPropertyDescriptor(owner, key)?.get,
    );
    return property.get !== undefined && isOfPlatform ? property.get.call(object) : undefined;
  }, undefined);
}

/** Returns at most `most` own enumerable properties with their values. Getters are left out. */
export function ownData(object: object, most: number): readonly (readonly [name: string, value: unknown])[] {
  return attempt(() => (isProxy(object) ? [] : Object.keys(object)), [])
    .slice(0, most)
    .filter((name) => Object.hasOwn(Object.getOwnPropertyDescriptor(object, name) ?? {}, 'value'))
    .map((name) => [name, Object.getOwnPropertyDescriptor(object, name)?.value]);
}

/** Returns whether an object inherits from a prototype. Unlike `instanceof`, it runs no code of either. */
export function inheritsFrom(object: object, prototype: object): boolean {
  return attempt(() => [...chainOf(object)].indexOf(prototype) > 0, false);
}

/** Returns whether an object is a literal, also of another context, or has no prototype. */
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

/** Yields an object and its prototypes, up to the first proxy. */
function* chainOf(object: object): Generator<object, void, void> {
  let link: object | null = object;
  for (let length = 0; link !== null && length < LONGEST_CHAIN && !isProxy(link); length++) {
    yield link;
    link = Object.getPrototypeOf(link);
  }
}

/** On platforms that cannot detect proxies, `look` may throw. */
function attempt<T>(look: () => T, otherwise: T): T {
  try {
    return look();
  } catch {
    return otherwise;
  }
}
