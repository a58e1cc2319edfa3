import type { Group } from './collector-group.ts';
import type { KernelFiles } from './kernel-files.ts';
import type { KeyedNumbers } from './keyed-numbers.ts';
import { liveGroup } from './live-group.ts';
import type { LiveFamily, Source } from './live-metric.ts';
import { softLimit } from './proc-limits.ts';
import { processStart } from './process-start.ts';

interface Reading {
  readonly usage: NodeJS.ResourceUsage | undefined;
  readonly residentBytes: number | undefined;
  readonly status: KeyedNumbers | undefined;
  readonly limits: string | undefined;
  readonly openFiles: number | undefined;
}

interface Sources {
  readonly status: Source<KeyedNumbers>;
  readonly usage: Source<NodeJS.ResourceUsage>;
}

/** The metrics that "Writing client libraries" of Prometheus asks for, in its words, and CPU time in two parts. */
export function standardProcess(files: KernelFiles, sources: Sources, platform = process.platform): Group {
  return liveGroup((context) => {
    const status = sources.status.at(context);
    return {
      usage: sources.usage.at(context),
      residentBytes: platform === 'linux' ? status?.bytes('VmRSS') : process.memoryUsage.rss(),
      status,
      limits: files.read('proc/self/limits'),
      openFiles: files.count('proc/self/fd'),
    };
  }, FAMILIES);
}

const startTimestamp = processStart;

const FAMILIES: readonly LiveFamily<Reading>[] = [
  {
    name: 'process_cpu_seconds_total',
    help: 'Total user and system CPU time spent in seconds.',
    type: 'counter',
    startTimestamp,
    value: ({ usage }) => usage && (usage.userCPUTime + usage.systemCPUTime) / 1e6,
  },
  {
    name: 'process_cpu_user_seconds_total',
    help: 'Total user CPU time spent in seconds.',
    type: 'counter',
    startTimestamp,
    value: ({ usage }) => usage && usage.userCPUTime / 1e6,
  },
  {
    name: 'process_cpu_system_seconds_total',
    help: 'Total system CPU time spent in seconds.',
    type: 'counter',
    startTimestamp,
    value: ({ usage }) => usage && usage.systemCPUTime / 1e6,
  },
  {
    name: 'process_open_fds',
    help: 'Number of open file descriptors.',
    type: 'gauge',
    value: ({ openFiles }) => openFiles,
  },
  {
    name: 'process_max_fds',
    help: 'Maximum number of open file descriptors.',
    type: 'gauge',
    value: ({ limits }) => softLimit(limits, 'Max open files'),
  },
  {
    name: 'process_virtual_memory_bytes',
    help: 'Virtual memory size in bytes.',
    type: 'gauge',
    value: ({ status }) => status?.bytes('VmSize'),
  },
  {
    name: 'process_virtual_memory_max_bytes',
    help: 'Maximum amount of virtual memory available in bytes.',
    type: 'gauge',
    value: ({ limits }) => softLimit(limits, 'Max address space'),
  },
  {
    name: 'process_resident_memory_bytes',
    help: 'Resident memory size in bytes.',
    type: 'gauge',
    value: ({ residentBytes }) => residentBytes,
  },
  {
    name: 'process_heap_bytes',
    help: 'Process heap size in bytes.',
    type: 'gauge',
    value: ({ status }) => status?.bytes('VmData'),
  },
  {
    name: 'process_start_time_seconds',
    help: 'Start time of the process since unix epoch in seconds.',
    type: 'gauge',
    value: () => processStart,
  },
  {
    name: 'process_threads',
    help: 'Number of OS threads in the process.',
    type: 'gauge',
    value: ({ status }) => status?.number('Threads'),
  },
];
