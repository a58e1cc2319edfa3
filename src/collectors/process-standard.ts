import { ifAvailable } from '../model/missing-api.ts';
import type { CollectorGroup } from './collector-group.ts';
import type { KernelFiles, KeyedNumbers } from './kernel-files.ts';
import { type LiveFamily, liveGroup, type ScrapeReading } from './live-metric.ts';

/** Start time of the process as Unix time in seconds, if known. Computed once, so that it does not change with the system clock. */
export const processStart = ifAvailable('process.uptime()', () => startOf(Date.now(), process.uptime()));

interface StandardReading {
  readonly usage: NodeJS.ResourceUsage | undefined;
  readonly residentBytes: number | undefined;
  readonly status: KeyedNumbers | undefined;
  readonly limits: string | undefined;
  readonly openFiles: number | undefined;
}

interface SharedReadings {
  readonly status: ScrapeReading<KeyedNumbers>;
  readonly usage: ScrapeReading<NodeJS.ResourceUsage>;
}

/** The metrics and help texts of Prometheus' "Writing client libraries", and CPU time by mode. */
export function standardProcess(
  files: KernelFiles,
  shared: SharedReadings,
  platform = process.platform,
): CollectorGroup {
  return liveGroup((context) => {
    const status = shared.status.at(context);
    return {
      usage: shared.usage.at(context),
      residentBytes: platform === 'linux' ? status?.bytes('VmRSS') : residentBytes(),
      status,
      limits: files.read('proc/self/limits'),
      openFiles: files.count('proc/self/fd'),
    };
  }, STANDARD);
}

const startTimestamp = processStart;

const STANDARD: readonly LiveFamily<StandardReading>[] = [
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

/**
 * Reads the soft limit from a line of `/proc/self/limits`: `Max open files    1024    4096    files`. Infinity for unlimited;
 * undefined if the line is missing.
 */
function softLimit(limits: string | undefined, name: string): number | undefined {
  const at = limits === undefined ? -1 : `\n${limits}`.indexOf(`\n${name} `);
  if (limits === undefined || at < 0) return undefined;
  const [text = ''] = limits
    .slice(at + name.length)
    .trimStart()
    .split(/\s/, 1);
  if (text === 'unlimited') return Number.POSITIVE_INFINITY;
  return /^\d+$/.test(text) ? Number(text) : undefined;
}

/** Page faults and context switches. Windows does not count most of them. */
export function processUsage(
  usage: ScrapeReading<NodeJS.ResourceUsage>,
  platform: NodeJS.Platform = process.platform,
): CollectorGroup {
  return liveGroup((context) => (platform === 'win32' ? undefined : usage.at(context)), USAGE);
}

const USAGE: readonly LiveFamily<NodeJS.ResourceUsage>[] = [
  {
    name: 'process_major_pagefaults_total',
    help: 'Total number of page faults that required I/O.',
    type: 'counter',
    startTimestamp,
    value: ({ majorPageFault }) => majorPageFault,
  },
  {
    name: 'process_minor_pagefaults_total',
    help: 'Total number of page faults that did not require I/O.',
    type: 'counter',
    startTimestamp,
    value: ({ minorPageFault }) => minorPageFault,
  },
  {
    name: 'process_context_switches_total',
    help: 'Total number of context switches by kind: voluntary (waiting) or involuntary (preempted).',
    type: 'counter',
    startTimestamp,
    label: 'kind',
    value: (usage) =>
      new Map([
        ['voluntary', usage.voluntaryContextSwitches],
        ['involuntary', usage.involuntaryContextSwitches],
      ]),
  },
];

function residentBytes(): number | undefined {
  return ifAvailable('process.memoryUsage.rss()', () => process.memoryUsage.rss());
}

/** Some runtimes have no clock while modules are loaded. */
function startOf(nowMs: number, uptimeSeconds: number): number | undefined {
  return nowMs === 0 ? undefined : Math.round(nowMs - uptimeSeconds * 1000) / 1000;
}
