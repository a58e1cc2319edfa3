import { printable } from '../model/printable.ts';
import type { Overrides } from './overrides.ts';

/** The environment variable with the path of the file. */
export const OVERRIDES_VARIABLE = 'ZEROPROM_OVERRIDES';
/** The flag with the path of the file. */
export const OVERRIDES_FLAG = 'metrics.overrides';

/** Parses the text of a file. Throws an Error that names the file, the line and the key. */
type Reader = (text: string, path: string) => Overrides;

interface State {
  readonly overrides?: Overrides | undefined;
  /** Why the file cannot be used. */
  readonly error?: Error | undefined;
}

/** One per process: ESM, CommonJS and other copies of the package share it. The number is the version of its interface. */
const KEY = Symbol.for('zeroprom.overrides.1');
const shared = globalThis as { [KEY]?: State };
/** The reader, if `zeroprom/overrides` has been imported. */
const READER = Symbol.for('zeroprom.overrides.reader.1');

/**
 * The overrides of this process; undefined if it has none. Reads their file when it is first called.
 *
 * @throws {Error} if the file cannot be read or is invalid, unless the program only checks its configuration.
 */
export function currentOverrides(): Overrides | undefined {
  const { overrides, error } = loaded();
  if (error !== undefined && !isCheck()) throw error;
  return overrides;
}

/** Why the file of overrides cannot be used; undefined if it can, or if there is none. */
export function overridesMistake(): string | undefined {
  return loaded().error?.message;
}

/** Sets the overrides of this process. */
export function setOverrides(overrides: Overrides | undefined): void {
  shared[KEY] = { overrides };
}

function loaded(): State {
  shared[KEY] ??= load();
  return shared[KEY];
}

function load(): State {
  const path = overridesPath();
  if (path === undefined) return {};
  const fs = process.getBuiltinModule?.('node:fs');
  if (fs === undefined) {
    const message = `${path}: this runtime cannot read files, so the overrides are ignored.`;
    process.emitWarning?.(message, { type: 'ZeropromWarning', code: 'OVERRIDES' });
    return {};
  }
  try {
    return { overrides: reader()(fs.readFileSync(path, 'utf8'), path) };
  } catch (error) {
    // An Error of Node.js, of the reader or of this file. thrownText() would enlarge the bundle of a counter by 3 %.
    const { message } = error as Error;
    return {
      error: new Error(printable(`Invalid overrides: ${message.includes(path) ? message : `${path}: ${message}`}`)),
    };
  }
}

/** The command line takes precedence over the environment. */
function overridesPath(): string | undefined {
  const { argv = [], env = {} } = globalThis.process ?? {};
  const end = argv.indexOf('--');
  const args = argv.slice(2, end < 0 ? undefined : end);
  const given = args.flatMap((arg, index) => {
    const [name, path] = /^--?([^=]*)(?:=(.*))?$/s.exec(arg)?.slice(1) ?? [];
    return name === OVERRIDES_FLAG ? [path ?? args[index + 1] ?? ''] : [];
  });
  return given.at(-1) || env[OVERRIDES_VARIABLE] || undefined;
}

function isCheck(): boolean {
  return globalThis.process?.argv?.includes('--config.check') ?? false;
}

/** Loads the reader, of which most programs have no need, at once: metrics are created synchronously. */
function reader(): Reader {
  const global = globalThis as { [READER]?: Reader };
  const { createRequire } = process.getBuiltinModule('node:module');
  for (const from of [ownFile(), `${process.cwd()}/`]) {
    if (global[READER] !== undefined) break;
    try {
      createRequire(from)('zeroprom/overrides');
    } catch {
      // The package is not there: this is a bundle.
    }
  }
  if (global[READER] !== undefined) return global[READER];
  throw new Error("a bundle cannot read it unless import 'zeroprom/overrides' is the first line of the program.");
}

/** This file, as a stack names it: `import.meta` does not exist in CommonJS. */
function ownFile(): string {
  const [, file = ''] = /\(?((?:file:\/\/|\/|[A-Z]:\\).+?):\d+:\d+\)?$/m.exec(String(new Error().stack)) ?? [];
  return file || `${process.cwd()}/`;
}
