import { processWide } from './default-catalog.ts';
import { Registry } from './registry.ts';

/** Another copy of the package may have created it. */
function sharedRegistry(): Registry {
  processWide.registry ??= new Registry({}, processWide.catalog);
  return processWide.registry as Registry; // The key contains the version of the interface.
}

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
export const defaultRegistry: Registry = /* @__PURE__ */ sharedRegistry();
