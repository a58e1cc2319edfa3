import { Registry } from './registry.ts';

/**
 * One per process: ESM, CommonJS and other copies of the package share it. The number is the version of its interface.
 */
const KEY = Symbol.for('zeroprom.defaultRegistry.1');
const MODULES = Symbol.for('zeroprom.defaultRegistry.modules.1');
const shared = globalThis as {
  [KEY]?: Registry;
  /** The CommonJS modules that use the registry, by file. */
  [MODULES]?: Map<string, object>;
};

/** Whether this file runs again, as after Jest's `resetModules()`. Other copies of the package are other files. */
function isLoadedAgain(): boolean {
  if (typeof module !== 'object' || module.filename === undefined) return false;
  const known = shared[MODULES]?.get(module.filename);
  return known !== undefined && known !== module;
}

if (shared[KEY] === undefined || isLoadedAgain()) {
  shared[KEY] = new Registry();
  shared[MODULES] = new Map();
}
if (typeof module === 'object' && module.filename !== undefined) shared[MODULES]?.set(module.filename, module);

/**
 * The registry in which metrics register themselves unless their option `registry` names another one. All copies of
 * this package in a process share it. Loading the CommonJS package again, as after Jest's `resetModules()`, starts with a
 * new one.
 *
 * @example
 * ```ts
 * import { Counter, defaultRegistry } from 'zeroprom';
 *
 * new Counter({ name: 'jobs_total', help: 'Finished jobs.' }).inc();
 * console.log(await defaultRegistry.expose());
 * ```
 */
export const defaultRegistry: Registry = shared[KEY];
