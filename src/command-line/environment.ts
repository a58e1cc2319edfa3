import { readFileSync } from 'node:fs';
import { thrownText } from '../model/thrown.ts';
import { type Flag, type FlagSource, type Flags, splitValues } from './flag.ts';
import { hidesFlag, isServiceVariable } from './kubernetes-variables.ts';
import { UsageError } from './usage-error.ts';

/**
 * Returns the environment variable of a flag: `EXAMPLE_EXPORTER_WEB_TELEMETRY_PATH` for `web.telemetry-path`, unless the flag
 * names another one.
 */
export function variableOf(name: string, prefix: string, flag?: Flag): string {
  return flag?.variable ?? `${prefix}_${name}`.toUpperCase().replace(/[^A-Z0-9]/g, '_');
}

/** Environment variables with the prefix of a program. Empty ones count as unset. */
export class FlagVariables {
  /** Variables that belong to no flag. */
  readonly unknown: readonly string[];
  /** Variables that Kubernetes has set for a Service; they are ignored. */
  readonly ofServices: readonly string[];
  readonly #prefix: string;
  readonly #texts = new Map<string, string>();

  constructor(flags: Flags, env: NodeJS.ProcessEnv, prefix: string) {
    this.#prefix = prefix;
    const known = new Set(Object.entries(flags).map(([name, flag]) => variableOf(name, prefix, flag)));
    const isKnown = (name: string) => known.has(name) || (name.endsWith('_FILE') && known.has(name.slice(0, -5)));
    const ofServices: string[] = [];
    for (const [name, text = ''] of Object.entries(env)) {
      if (text === '' || !(name.startsWith(variableOf('', prefix)) || known.has(name))) continue;
      if (isKnown(name) ? hidesFlag(name, text, env) : isServiceVariable(name, text)) ofServices.push(name);
      else this.#texts.set(name, text);
    }
    this.unknown = [...this.#texts.keys()].filter((name) => !isKnown(name));
    this.ofServices = ofServices;
  }

  /**
   * Looks a flag up; undefined if its variable is not set.
   *
   * @throws {UsageError} if the file of a secret cannot be read.
   */
  find(name: string, flag: Flag): FlagSource | undefined {
    const source = variableOf(name, this.#prefix, flag);
    const text = this.#texts.get(source);
    if (text !== undefined) return { source, texts: splitValues(flag, text) };
    const path = flag.isSecret ? this.#texts.get(`${source}_FILE`) : undefined;
    return path === undefined ? undefined : { source, texts: [readSecret(path, `${source}_FILE`)] };
  }
}

/** Reads a file without the line feed that editors and `echo` put at its end. */
function readSecret(path: string, source: string): string {
  try {
    return readFileSync(path, 'utf8').replace(/\r?\n$/, '');
  } catch (error) {
    throw new UsageError(`${source}: ${thrownText(error)}`);
  }
}
