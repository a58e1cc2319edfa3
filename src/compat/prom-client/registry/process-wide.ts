/** Objects that all copies of the package share, and the CommonJS files that use them. */
interface Shared {
  readonly values: Map<string, unknown>;
  readonly files: Set<string>;
}

const KEY = Symbol.for('zeroprom.prom-client.shared.1');
const shared = join();

/** Returns the object of the process under a key. ESM, CommonJS and other copies of the package with the same key share it. */
export function processWide<T>(key: string, make: () => T): T {
  if (!shared.values.has(key)) shared.values.set(key, make());
  return shared.values.get(key) as T; // Keys contain a version of the type.
}

/**
 * A file that runs again, as after Jest's `resetModules()`, starts with new objects. Tests of programs rely on this with
 * prom-client, because the programs register their metrics again.
 */
function join(): Shared {
  const root = globalThis as { [KEY]?: Shared };
  const file = typeof module === 'object' ? module.filename : undefined;
  const known = root[KEY];
  const isAgain = file !== undefined && known?.files.has(file) === true;
  const joined = known === undefined || isAgain ? { values: new Map(), files: new Set<string>() } : known;
  if (file !== undefined) joined.files.add(file);
  root[KEY] = joined;
  return joined;
}
