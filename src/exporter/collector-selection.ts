import type { Flags, FlagValues } from '../command-line/flag.ts';
import type { Gatherer } from '../registry/gathering.ts';
import { Registry } from '../registry/registry.ts';
import { DISABLE_DEFAULTS } from './exporter-flags.ts';
import type { ExporterCollector } from './exporter-options.ts';

/** Parsed arguments, which enable and disable collectors. */
export interface CollectorArguments {
  readonly values: Readonly<Record<string, unknown>>;
  readonly given: ReadonlyMap<string, readonly string[]>;
}

/** Creates and registers the enabled collectors; undefined if the exporter defines none. */
export async function createCollectors<F extends Flags>(
  collectors: Readonly<Record<string, ExporterCollector<F>>>,
  args: CollectorArguments,
): Promise<Registry | undefined> {
  const registry = new Registry();
  for (const [name, { create }] of Object.entries(collectors)) {
    if (!isCollectorEnabled(name, args)) continue;
    const collector = await create(args.values as FlagValues<F>); // All flags are parsed together.
    registry.register({ name, up: collector.up, collect: (context) => collector.collect(context) });
  }
  return Object.keys(collectors).length === 0 ? undefined : registry;
}

/** Whether a collector is enabled, by its own flag or by default. */
export function isCollectorEnabled(name: string, { values, given }: CollectorArguments): boolean {
  const flag = `collector.${name}`;
  return values[flag] === true && (given.has(flag) || values[DISABLE_DEFAULTS] !== true);
}

/** Merges the gatherers that are defined. */
export function mergeGatherers(gatherers: readonly (Gatherer | undefined)[]): Gatherer {
  const defined = gatherers.filter((gatherer) => gatherer !== undefined);
  const [only] = defined;
  return defined.length === 1 && only !== undefined ? only : Registry.merge(...defined);
}
