import { Catalog } from './catalog.ts';

/** The part of the default registry that all copies of this package in a process share. */
interface Shared {
  readonly catalog: Catalog;
  /** The default registry, once it is used. */
  registry?: object;
}

/**
 * One per process: ESM, CommonJS and other copies of the package share it. The number is the version of its interface.
 */
const KEY = Symbol.for('zeroprom.defaultRegistry.2');
const MODULES = Symbol.for('zeroprom.defaultRegistry.modules.2');
const global = globalThis as {
  [KEY]?: Shared;
  /** The CommonJS modules that use the registry, by file. */
  [MODULES]?: Map<string, object>;
};

/** Whether this file runs again, as after Jest's `resetModules()`. Other copies of the package are other files. */
function isLoadedAgain(): boolean {
  if (typeof module !== 'object' || module.filename === undefined) return false;
  const known = global[MODULES]?.get(module.filename);
  return known !== undefined && known !== module;
}

if (global[KEY] === undefined || isLoadedAgain()) {
  global[KEY] = { catalog: new Catalog() };
  global[MODULES] = new Map();
}
if (typeof module === 'object' && module.filename !== undefined) global[MODULES]?.set(module.filename, module);

/** The metrics and collectors of the default registry, and the registry. */
export const processWide: Shared = global[KEY];
