import { activeResources } from './active-resources.ts';
import { arrayBuffers } from './array-buffers.ts';
import { type CollectorOptions, collect } from './collect.ts';
import type { CollectorHandle, Group } from './collector-group.ts';
import { eventLoopDelay } from './event-loop-delay.ts';
import { eventLoopTime } from './event-loop-time.ts';
import { garbageCollection } from './garbage-collection.ts';
import { threads } from './threads.ts';
import { heap, heapSpaces } from './v8-heap.ts';
import { versionInfo } from './version-info.ts';

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
} as const satisfies Record<string, Group>;

export type NodeRuntimeGroup = keyof typeof nodeRuntimeGroups;

export type NodeRuntimeOptions = CollectorOptions<NodeRuntimeGroup>;

/**
 * Shows how this thread's Node.js fares: `nodejs_...`. Between scrapes it costs an observer of garbage collections and a
 * timer of 250 ms for the event loop's delay, neither of which keeps the process alive.
 */
export function collectNodeRuntime(options: NodeRuntimeOptions = {}): CollectorHandle {
  return collect<NodeRuntimeGroup>(nodeRuntimeGroups, options);
}
