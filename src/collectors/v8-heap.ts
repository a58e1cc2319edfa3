import { getHeapSpaceStatistics, getHeapStatistics, type HeapInfo, type HeapSpaceInfo } from 'node:v8';
import type { Group } from './collector-group.ts';
import { liveGroup } from './live-group.ts';
import type { LiveFamily } from './live-metric.ts';

/** The JavaScript heap as a whole. */
export const heap: Group = liveGroup<HeapInfo>(getHeapStatistics, [
  {
    name: 'nodejs_heap_size_total_bytes',
    help: 'Process heap size from Node.js in bytes.',
    type: 'gauge',
    value: (statistics) => statistics.total_heap_size,
  },
  {
    name: 'nodejs_heap_size_used_bytes',
    help: 'Process heap size used from Node.js in bytes.',
    type: 'gauge',
    value: (statistics) => statistics.used_heap_size,
  },
  {
    name: 'nodejs_heap_size_limit_bytes',
    help: 'Heap size at which Node.js ends the process in bytes.',
    type: 'gauge',
    value: (statistics) => statistics.heap_size_limit,
  },
  {
    name: 'nodejs_external_memory_bytes',
    help: 'Node.js external memory size in bytes.',
    type: 'gauge',
    value: (statistics) => statistics.external_memory,
  },
  {
    name: 'nodejs_malloced_memory_bytes',
    help: 'Memory that V8 allocated beside its heap in bytes.',
    type: 'gauge',
    value: (statistics) => statistics.malloced_memory,
  },
  {
    name: 'nodejs_native_contexts',
    help: 'Top-level contexts of JavaScript: a number that grows is a leak.',
    type: 'gauge',
    value: (statistics) => statistics.number_of_native_contexts,
  },
  {
    name: 'nodejs_detached_contexts',
    help: 'Contexts of JavaScript that were detached and not yet collected: a number that stays above 0 is a leak.',
    type: 'gauge',
    value: (statistics) => statistics.number_of_detached_contexts,
  },
]);

/** The JavaScript heap by its spaces: `new`, `old`, `code`, `large_object`, ... */
export const heapSpaces: Group = liveGroup<readonly HeapSpaceInfo[]>(getHeapSpaceStatistics, [
  space('total', (statistics) => statistics.space_size),
  space('used', (statistics) => statistics.space_used_size),
  space('available', (statistics) => statistics.space_available_size),
]);

function space(what: string, sizeOf: (statistics: HeapSpaceInfo) => number): LiveFamily<readonly HeapSpaceInfo[]> {
  return {
    name: `nodejs_heap_space_size_${what}_bytes`,
    help: `Process heap space size ${what} from Node.js in bytes.`,
    type: 'gauge',
    label: 'space',
    value: (spaces) =>
      new Map(spaces.map((statistics) => [statistics.space_name.replace(/_space$/, ''), sizeOf(statistics)])),
  };
}
