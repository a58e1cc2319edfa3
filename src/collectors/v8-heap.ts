import type { HeapInfo, HeapSpaceInfo } from 'node:v8';
import { builtinModule, ifAvailable } from '../model/missing-api.ts';
import type { CollectorGroup } from './collector-group.ts';
import { type LiveFamily, liveGroup } from './live-metric.ts';

/** The JavaScript heap as a whole. */
export const heap: CollectorGroup = liveGroup<HeapInfo>(
  () => ifAvailable('v8.getHeapStatistics()', () => builtinModule('node:v8')?.getHeapStatistics()),
  [
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
      help: 'Maximum heap size in bytes, beyond which Node.js terminates the process.',
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
      help: 'Memory allocated by V8 outside its heap in bytes.',
      type: 'gauge',
      value: (statistics) => statistics.malloced_memory,
    },
    {
      name: 'nodejs_native_contexts',
      help: 'Number of top-level JavaScript contexts; steady growth indicates a memory leak.',
      type: 'gauge',
      value: (statistics) => statistics.number_of_native_contexts,
    },
    {
      name: 'nodejs_detached_contexts',
      help: 'Number of detached JavaScript contexts not yet garbage collected; a lasting value above 0 indicates a memory leak.',
      type: 'gauge',
      value: (statistics) => statistics.number_of_detached_contexts,
    },
  ],
);

/** The JavaScript heap by its spaces: `new`, `old`, `code`, `large_object`, ... */
export const heapSpaces: CollectorGroup = liveGroup<readonly HeapSpaceInfo[]>(
  () => ifAvailable('v8.getHeapSpaceStatistics()', () => builtinModule('node:v8')?.getHeapSpaceStatistics()),
  [
    space('total', (statistics) => statistics.space_size),
    space('used', (statistics) => statistics.space_used_size),
    space('available', (statistics) => statistics.space_available_size),
  ],
);

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
