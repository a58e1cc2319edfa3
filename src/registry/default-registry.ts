import { Registry } from './registry.ts';

/**
 * One per process: ESM, CommonJS and other copies of the package share it. The number is the version of its interface.
 */
const KEY = Symbol.for('zeroprom.defaultRegistry.1');
const shared = globalThis as { [KEY]?: Registry };

shared[KEY] ??= new Registry();

/**
 * The registry in which metrics register themselves unless their option `registry` names another one. All copies of
 * this package in a process share it.
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
