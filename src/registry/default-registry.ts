import { Registry } from './registry.ts';

/** One for the process: ESM, CommonJS and other copies of the package share it, if they have the same version of it. */
const KEY = Symbol.for('zeroprom.defaultRegistry.1');
const shared = globalThis as { [KEY]?: Registry };

shared[KEY] ??= new Registry();

/** Where metrics register themselves unless told otherwise. */
export const defaultRegistry: Registry = shared[KEY];
