import { Gauge } from '../metrics/gauge.ts';
import { type GroupSettings, type MetricGroup, metricGroup } from './group.ts';

/** Functions of the process that Node.js does not document, and may not have. */
interface ProcessInternals {
  _getActiveHandles?(): readonly unknown[];
  _getActiveRequests?(): readonly unknown[];
  getActiveResourcesInfo?(): readonly string[];
}

const internals = (): ProcessInternals => process as ProcessInternals;

export const processResources = activeGroup({
  name: 'nodejs_active_resources',
  help: 'Number of active resources that are currently keeping the event loop alive, grouped by async resource type.',
  totalHelp: 'Total number of active resources.',
  list: () => internals().getActiveResourcesInfo?.(),
  typeOf: String,
});

export const processHandles = activeGroup({
  name: 'nodejs_active_handles',
  help: 'Number of active libuv handles grouped by handle type. Every handle type is C++ class name.',
  totalHelp: 'Total number of active handles.',
  list: () => internals()._getActiveHandles?.(),
  typeOf: classOf,
});

export const processRequests = activeGroup({
  name: 'nodejs_active_requests',
  help: 'Number of active libuv requests grouped by request type. Every request type is C++ class name.',
  totalHelp: 'Total number of active requests.',
  list: () => internals()._getActiveRequests?.(),
  typeOf: classOf,
});

interface ActiveObjects {
  readonly name: string;
  readonly help: string;
  readonly totalHelp: string;
  /** Returns undefined if the runtime does not have this list. */
  readonly list: () => readonly unknown[] | undefined;
  /** Returns the type of an object; undefined leaves it out. */
  readonly typeOf: (object: unknown) => string | undefined;
}

function activeGroup({ name, help, totalHelp, list, typeOf }: ActiveObjects): MetricGroup {
  return metricGroup([name, `${name}_total`], ({ labels, config }: GroupSettings) => {
    if (list() === undefined) return;
    const byType = new Gauge({
      ...config(name, help, ['type']),
      collect() {
        const counts = new Map<string, number>();
        for (const type of (list() ?? []).map(typeOf))
          if (type !== undefined) counts.set(type, (counts.get(type) ?? 0) + 1);
        byType.reset();
        for (const [type, count] of counts) byType.set({ type, ...labels }, count);
      },
    });
    const total = new Gauge({
      ...config(`${name}_total`, totalHelp),
      collect: () => total.set(labels, list()?.length ?? 0),
    });
  });
}

function classOf(object: unknown): string | undefined {
  if (typeof object !== 'object' || object === null) return undefined;
  const type: unknown = object.constructor;
  return typeof type === 'function' ? type.name : undefined;
}
