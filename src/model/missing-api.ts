import type http from 'node:http';
import type net from 'node:net';
import type os from 'node:os';
import type perfHooks from 'node:perf_hooks';
import type v8 from 'node:v8';
import { thrownText } from './thrown.ts';

/** The types of Node.js describe what `import()` would give. */
interface Modules {
  readonly 'node:cluster': { readonly isWorker: boolean };
  readonly 'node:http': typeof http;
  readonly 'node:net': typeof net;
  readonly 'node:os': typeof os;
  readonly 'node:perf_hooks': typeof perfHooks;
  readonly 'node:v8': typeof v8;
  readonly 'node:zlib': object;
}

const reported = new Set<string>();

/** Calls a function of Node.js that other runtimes may lack. If it throws, that is reported once and undefined returned. */
export function ifAvailable<T>(api: string, call: () => T): T | undefined {
  try {
    return call();
  } catch (error) {
    reportMissing(api, thrownText(error));
    return undefined;
  }
}

/** Emits a warning, once per process, that the runtime lacks an API and that what needs it is left out. */
export function reportMissing(api: string, reason: string): void {
  if (reported.has(api)) return;
  reported.add(api);
  const message = `${api} is not available here, so everything that needs it is left out: ${reason.replace(/\.$/, '')}.`;
  if (globalThis.process?.emitWarning !== undefined)
    process.emitWarning(message, { type: 'ZeropromWarning', code: 'MISSING_API' });
  // biome-ignore lint/suspicious/noConsole: a runtime without process warnings has no other place for them.
  else console.warn(message);
}

/**
 * Returns a module of Node.js without importing it: few programs need it, and an import of a missing module fails. If the
 * runtime lacks it, that is reported once and undefined returned.
 */
export function builtinModule<Name extends keyof Modules>(name: Name): Modules[Name] | undefined {
  return ifAvailable('process.getBuiltinModule()', () => {
    const found = process.getBuiltinModule(name) as unknown as Modules[Name] | undefined;
    if (found === undefined) reportMissing(name, 'the runtime does not have the module');
    return found;
  });
}
