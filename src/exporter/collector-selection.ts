import type { Flags, FlagValues } from '../command-line/flag.ts';
import type { Gatherer } from '../registry/gathering.ts';
import { Registry } from '../registry/registry.ts';
import { DISABLE_DEFAULTS } from './exporter-flags.ts';
import type { ExporterCollector } from './exporter-options.ts';

/** The arguments, as far as they say which collectors are on. */
export interface CollectorArguments {
  readonly values: Readonly<Record<string, unknown>>;
  readonly given: ReadonlySet<string>;
}

/** The collectors that are on; undefined where an exporter has none at all. */
export async function createCollectors<F extends Flags>(
  collectors: Readonly<Record<string, ExporterCollector<F>>>,
  args: CollectorArguments,
): Promise<Registry | undefined> {
  const registry = new Registry();
  for (const [name, { create }] of Object.entries(collectors)) {
    if (!isCollectorOn(name, args)) continue;
    // The exporter's own flags stand among all others under their own names.
    const collector = await create(args.values as FlagValues<F>);
    registry.register({ name, collect: (context) => collector.collect(context) });
  }
  return Object.keys(collectors).length === 0 ? undefined : registry;
}

export function isCollectorOn(name: string, { values, given }: CollectorArguments): boolean {
  const flag = `collector.${name}`;
  return values[flag] === true && (given.has(flag) || values[DISABLE_DEFAULTS] !== true);
}

/** Several as one, as far as they are there. */
export function merged(gatherers: readonly (Gatherer | undefined)[]): Gatherer {
  const all = gatherers.filter((gatherer) => gatherer !== undefined);
  const [only] = all;
  return all.length === 1 && only !== undefined ? only : Registry.merge(...all);
}
