import { buildInfo, metricPrefix } from '../collectors/build-info.ts';
import type { CollectorHandle } from '../collectors/collector-group.ts';
import { Gauge } from '../metrics/gauge.ts';
import { Registry } from '../registry/registry.ts';
import { SchedulerCollector } from '../scheduler/scheduler-collector.ts';
import type { WebConfigFile } from '../web-config/web-config-file.ts';
import { type CollectorArguments, isCollectorOn } from './collector-selection.ts';
import type { CollectorFlag } from './exporter-flags.ts';
import type { DefaultCollectors, ExporterOptions } from './exporter-options.ts';

/** What an exporter tells of itself, until it is stopped. */
export interface OwnMetrics {
  readonly registry: Registry;
  stop(): void;
}

type OwnMetricsOptions = Pick<ExporterOptions, 'name' | 'version' | 'revision' | 'defaultCollectors' | 'scheduler'> & {
  readonly collectors?: object;
};

const FLAGS = {
  process: { help: 'What the operating system knows of this process (process_*).' },
  nodejs: { help: 'How Node.js fares: event loop, garbage collection, heap (nodejs_*).' },
} as const satisfies Readonly<Record<string, CollectorFlag>>;

/** The default collectors by name, as far as flags turn them on and off. */
export function defaultCollectorFlags({
  defaultCollectors,
}: OwnMetricsOptions): Readonly<Record<string, CollectorFlag>> {
  return defaultCollectors === undefined ? FLAGS : {};
}

/** Starts to collect the build, the process and Node.js, tasks and the web configuration, unless nobody wants that. */
export async function startOwnMetrics(
  { name, version = 'unknown', revision, scheduler, collectors = {}, ...options }: OwnMetricsOptions,
  args: CollectorArguments,
  webConfig: WebConfigFile | undefined,
): Promise<OwnMetrics | undefined> {
  const isOn = (collector: string) => isCollectorOn(collector, args) && !Object.hasOwn(collectors, collector);
  const { defaultCollectors = defaultCollectorsThatAre(isOn) } = options;
  if (defaultCollectors === false || args.values['web.disable-exporter-metrics'] === true) return undefined;
  const registry = new Registry({ selfMetrics: false });
  buildInfo({ name, version, revision, registry });
  if (webConfig !== undefined) registerReloads(metricPrefix(name), webConfig, registry);
  if (scheduler?.tasks !== undefined) registry.register(new SchedulerCollector(() => scheduler.tasks ?? []));
  const defaults = await defaultCollectors(registry);
  return { registry, stop: () => defaults.stop() };
}

function defaultCollectorsThatAre(isOn: (name: keyof typeof FLAGS) => boolean): DefaultCollectors {
  return async (registry) => {
    const { collectNodeRuntime, collectProcess } = await import('../collectors/index.ts');
    const handles: CollectorHandle[] = [];
    if (isOn('process')) handles.push(collectProcess({ registry }));
    if (isOn('nodejs')) handles.push(collectNodeRuntime({ registry }));
    return {
      stop: () => {
        for (const handle of handles) handle.stop();
      },
    };
  };
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
    unit: 'seconds',
    help: 'When the web configuration that is in use was read.',
    registry,
    collect: (gauge) => gauge.set(webConfig.loadedAt / 1000),
  });
}
