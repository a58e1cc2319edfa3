import { Info } from '../metrics/info.ts';
import { ifAvailable } from '../model/missing-api.ts';
import { checkOptionNames } from '../model/option-names.ts';
import {
  COLLECTOR_OPTIONS,
  type CollectorGroup,
  type CollectorHandle,
  type CollectorOptions,
  startGroups,
} from './collector-group.ts';
import { eventLoopDelay } from './event-loop-delay.ts';
import { garbageCollection } from './garbage-collection.ts';
import { liveGroup } from './live-metric.ts';
import { threads } from './threads.ts';
import { heap, heapSpaces } from './v8-heap.ts';

/** Event loop utilization as counters: the rate of `active` is the fraction of time in which the loop was busy. */
const eventLoopTime = liveGroup(
  () => ifAvailable('performance.eventLoopUtilization()', () => performance.eventLoopUtilization()),
  [
    {
      name: 'nodejs_eventloop_time_seconds_total',
      help: 'Total time that the event loop was active or idle in seconds, by state.',
      type: 'counter',
      label: 'state',
      value: ({ active, idle }) =>
        new Map([
          ['active', active / 1000],
          ['idle', idle / 1000],
        ]),
    },
  ],
);

const arrayBuffers = liveGroup(arrayBufferBytes, [
  {
    name: 'nodejs_array_buffers_bytes',
    help: 'Memory allocated for ArrayBuffers, SharedArrayBuffers and Buffers in bytes; part of the external memory.',
    type: 'gauge',
    value: (bytes) => bytes,
  },
]);

/** `memoryUsage()` also reads the resident memory, and fails if /proc is missing. */
function arrayBufferBytes(): number | undefined {
  return ifAvailable('process.memoryUsage()', () => process.memoryUsage().arrayBuffers);
}

/** The types are classes of Node.js, so there are few. */
const activeResources = liveGroup(
  () => ifAvailable('process.getActiveResourcesInfo()', () => process.getActiveResourcesInfo()),
  [
    {
      name: 'nodejs_active_resources',
      help: 'Number of active resources that are currently keeping the event loop alive, grouped by async resource type.',
      type: 'gauge',
      label: 'type',
      value: (types) => {
        const counts = new Map<string, number>();
        for (const type of types) counts.set(type, (counts.get(type) ?? 0) + 1);
        return counts;
      },
    },
  ],
);

const versionInfo: CollectorGroup = ({ registry, prefix, labels }) => {
  const info = new Info({
    name: `${prefix}nodejs_version_info`,
    help: 'Node.js version info.',
    labelNames: ['version', 'major', 'minor', 'patch'],
    constLabels: labels,
    registry,
  });
  const [major = '', minor = '', patch = ''] = process.versions.node.split(/[.-]/);
  info.set({ version: process.version, major, minor, patch });
  return () => void registry.unregister(info);
};

export const nodeRuntimeGroups = {
  eventLoopDelay,
  eventLoopTime,
  garbageCollection,
  heap,
  heapSpaces,
  arrayBuffers,
  activeResources,
  threads,
  versionInfo,
} as const satisfies Record<string, CollectorGroup>;

/** Groups of Node.js metrics that can be left out. */
export type NodeRuntimeGroup = keyof typeof nodeRuntimeGroups;

/** Options of {@link collectNodeRuntime}. */
export type NodeRuntimeOptions = CollectorOptions<NodeRuntimeGroup>;

/**
 * Collects metrics of the Node.js runtime in this thread, `nodejs_*`. Between scrapes, only an observer of garbage collections
 * and a timer of 619 ms for the event loop delay are active; neither keeps the process alive.
 *
 * @returns a handle; the same one if it is called again for the registry.
 * @throws {TypeError} for an unknown option, and if `groups` names an unknown group.
 * @throws {Error} if another metric has one of the names.
 *
 * @example
 * ```ts
 * import { defaultRegistry } from 'zeroprom';
 * import { collectNodeRuntime } from 'zeroprom/collectors';
 *
 * const runtime = collectNodeRuntime({ groups: { heapSpaces: false } });
 * console.log(await defaultRegistry.expose());
 * runtime.stop();
 * ```
 */
export function collectNodeRuntime(options: NodeRuntimeOptions = {}): CollectorHandle {
  checkOptionNames('collectNodeRuntime()', options, COLLECTOR_OPTIONS);
  return startGroups<NodeRuntimeGroup>(nodeRuntimeGroups, options);
}
