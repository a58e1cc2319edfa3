import { buildInfo, metricPrefix } from '../collectors/build-info.ts';
import { startAll } from '../collectors/collector-group.ts';
import { Gauge } from '../metrics/gauge.ts';
import { Registry } from '../registry/registry.ts';
import { SchedulerCollector } from '../scheduler/scheduler-collector.ts';
import type { WebConfigFile } from '../web-config/web-config-file.ts';
import { type CollectorArguments, isCollectorEnabled } from './collector-selection.ts';
import type { CollectorFlag } from './exporter-flags.ts';
import type { DefaultCollectors, ExporterOptions } from './exporter-options.ts';

/** Metrics about the exporter itself, in a registry of their own. */
export interface ExporterMetrics {
  readonly registry: Registry;
  /** Whether the scrape thread has to expose `process_*`. */
  readonly isProcessInThread: boolean;
  stop(): void;
}

type ExporterMetricsOptions = Pick<
  ExporterOptions,
  'name' | 'version' | 'revision' | 'defaultCollectors' | 'scheduler'
> & { readonly collectors?: object };

const FLAGS = {
  process: { help: 'Collect process metrics (process_*).' },
  nodejs: { help: 'Collect Node.js runtime metrics (nodejs_*).' },
} as const satisfies Readonly<Record<string, CollectorFlag>>;

/** Returns the default collectors that have flags: none if the exporter replaces or removes them. */
export function defaultCollectorFlags({
  defaultCollectors,
}: ExporterMetricsOptions): Readonly<Record<string, CollectorFlag>> {
  return defaultCollectors === undefined ? FLAGS : {};
}

/**
 * Registers metrics about the build, the process, Node.js, tasks and the web configuration; undefined if they are
 * disabled.
 */
export async function startExporterMetrics(
  { name, version = 'unknown', revision, scheduler, collectors = {}, ...options }: ExporterMetricsOptions,
  args: CollectorArguments,
  { webConfig, isThreaded = false }: { readonly webConfig: WebConfigFile | undefined; readonly isThreaded?: boolean },
): Promise<ExporterMetrics | undefined> {
  const isEnabled = (collector: string) => isCollectorEnabled(collector, args) && !Object.hasOwn(collectors, collector);
  const hasProcess = isThreaded && options.defaultCollectors === undefined && isEnabled('process');
  const { defaultCollectors = enabledDefaults((name) => isEnabled(name) && !(hasProcess && name === 'process')) } =
    options;
  if (defaultCollectors === false || args.values['web.disable-exporter-metrics'] === true) return undefined;
  const registry = new Registry({ selfMetrics: false });
  buildInfo({ name, version, revision, registry });
  if (webConfig !== undefined && !isThreaded) registerReloads(metricPrefix(name), webConfig, registry);
  if (scheduler?.tasks !== undefined && !isThreaded)
    registry.register(new SchedulerCollector(() => scheduler.tasks ?? []));
  const defaults = await defaultCollectors(registry);
  return { registry, isProcessInThread: hasProcess, stop: () => defaults.stop() };
}

function enabledDefaults(isEnabled: (name: keyof typeof FLAGS) => boolean): DefaultCollectors {
  return async (registry) => {
    const { collectNodeRuntime, collectProcess } = await import('../collectors/index.ts');
    const stop = startAll([
      ...(isEnabled('process') ? [() => collectProcess({ registry }).stop] : []),
      ...(isEnabled('nodejs') ? [() => collectNodeRuntime({ registry }).stop] : []),
    ]);
    return { stop };
  };
}

/** Registers metrics about the reloads of the web configuration. */
export function registerReloads(prefix: string, webConfig: WebConfigFile, registry: Registry): void {
  new Gauge({
    name: `${prefix}_web_config_last_reload_successful`,
    help: 'Whether the last reload of the web configuration was successful.',
    registry,
    collect: (gauge) => gauge.set(Number(webConfig.isLastReloadGood)),
  });
  new Gauge({
    name: `${prefix}_web_config_last_reload_success_timestamp_seconds`,
    unit: 'seconds',
    help: 'Unix timestamp of the last successful reload of the web configuration.',
    registry,
    collect: (gauge) => gauge.set(webConfig.loadedAt / 1000),
  });
}
