import { Gauge } from '../metrics/gauge.ts';
import type { Gatherer } from '../registry/gathering.ts';
import { Registry } from '../registry/registry.ts';
import { type Build, metricPrefix, registerBuildInfo } from './build.ts';
import type { DefaultCollectors, ExporterCollector } from './exporter-options.ts';
import { DISABLE_DEFAULTS } from './flags/exporter-flags.ts';
import type { Flags, FlagValues } from './flags/flag.ts';
import type { WebConfigFile } from './web-config/web-config-file.ts';

export interface OwnMetrics {
  readonly build: Build;
  readonly defaultCollectors: DefaultCollectors;
  readonly webConfig: WebConfigFile | undefined;
}

/** For what an exporter tells of itself. */
export function ownRegistry({ build, defaultCollectors, webConfig }: OwnMetrics): Registry {
  const registry = new Registry({ selfMetrics: false });
  registerBuildInfo(build, registry);
  if (webConfig !== undefined) registerReloads(metricPrefix(build.name), webConfig, registry);
  defaultCollectors(registry);
  return registry;
}

/** The collectors that are on; undefined where an exporter has none at all. */
export async function createCollectors<F extends Flags>(
  collectors: Readonly<Record<string, ExporterCollector<F>>>,
  { values, given }: { readonly values: Readonly<Record<string, unknown>>; readonly given: ReadonlySet<string> },
): Promise<Registry | undefined> {
  const registry = new Registry();
  for (const [name, { create }] of Object.entries(collectors)) {
    const flag = `collector.${name}`;
    const isOn = values[flag] === true && (given.has(flag) || values[DISABLE_DEFAULTS] !== true);
    if (!isOn) continue;
    // The exporter's own flags stand among all others under their own names.
    const collector = await create(values as FlagValues<F>);
    registry.register({ name, collect: (context) => collector.collect(context) });
  }
  return Object.keys(collectors).length === 0 ? undefined : registry;
}

/** Several as one, as far as they are there. */
export function merged(gatherers: readonly (Gatherer | undefined)[]): Gatherer {
  const all = gatherers.filter((gatherer) => gatherer !== undefined);
  const [only] = all;
  return all.length === 1 && only !== undefined ? only : Registry.merge(...all);
}

function registerReloads(prefix: string, webConfig: WebConfigFile, registry: Registry): void {
  new Gauge({
    name: `${prefix}_web_config_last_reload_successful`,
    help: 'Whether the web configuration could be used when it was last read.',
    registry,
    collect: (gauge) => gauge.set(Number(webConfig.isLastReloadGood)),
  });
  new Gauge({
    name: `${prefix}_web_config_last_reload_success_timestamp_seconds`,
    help: 'When the web configuration that is in use was read.',
    registry,
    collect: (gauge) => gauge.set(webConfig.loadedAt / 1000),
  });
}
