import type { Cgroup } from './cgroup.ts';
import type { CollectorGroup } from './collector-group.ts';
import { KeyedNumbers } from './kernel-files.ts';
import { type LiveFamily, liveGroup } from './live-metric.ts';

interface CgroupReading {
  readonly cgroup: Cgroup;
  readonly cpu: KeyedNumbers;
  readonly memoryEvents: KeyedNumbers;
}

/** Limits, usage and throttling of the control group (Linux, version 2). */
export function processCgroup(cgroup: Cgroup | undefined): CollectorGroup {
  return liveGroup(
    () =>
      cgroup && {
        cgroup,
        cpu: new KeyedNumbers(cgroup.read('cpu.stat')),
        memoryEvents: new KeyedNumbers(cgroup.read('memory.events')),
      },
    FAMILIES,
  );
}

const FAMILIES: readonly LiveFamily<CgroupReading>[] = [
  {
    name: 'process_cgroup_memory_limit_bytes',
    help: 'Memory limit of the control group in bytes; +Inf if unlimited.',
    type: 'gauge',
    value: ({ cgroup }) => cgroup.lowest('memory.max', bytes),
  },
  {
    name: 'process_cgroup_memory_usage_bytes',
    help: 'Memory usage of the control group in bytes, including the page cache.',
    type: 'gauge',
    value: ({ cgroup }) => bytes(cgroup.read('memory.current')?.trim() ?? ''),
  },
  {
    name: 'process_cgroup_memory_oom_kills_total',
    help: 'Total number of processes in the control group killed by the OOM killer.',
    type: 'counter',
    value: ({ memoryEvents }) => memoryEvents.number('oom_kill'),
  },
  {
    name: 'process_cgroup_cpu_limit_cores',
    help: 'CPU limit of the control group in cores; +Inf if unlimited.',
    type: 'gauge',
    value: ({ cgroup }) => cgroup.lowest('cpu.max', cores),
  },
  {
    name: 'process_cgroup_cpu_periods_total',
    help: 'Total number of CPU limit periods in which the control group ran.',
    type: 'counter',
    value: ({ cpu }) => cpu.number('nr_periods'),
  },
  {
    name: 'process_cgroup_cpu_throttled_periods_total',
    help: 'Total number of CPU limit periods in which the control group was throttled.',
    type: 'counter',
    value: ({ cpu }) => cpu.number('nr_throttled'),
  },
  {
    name: 'process_cgroup_cpu_throttled_seconds_total',
    help: 'Total time that the control group was throttled by its CPU limit in seconds.',
    type: 'counter',
    value: ({ cpu }) => cpu.seconds('throttled_usec'),
  },
];

function bytes(text: string): number | undefined {
  if (text === 'max') return Number.POSITIVE_INFINITY;
  return /^\d+$/.test(text) ? Number(text) : undefined;
}

/** `200000 100000` means 200 ms of CPU time in each period of 100 ms: 2 cores. */
function cores(text: string): number | undefined {
  const [, quota = '', period = ''] = /^(\d+|max) ([1-9]\d*)$/.exec(text) ?? [];
  if (quota === 'max') return Number.POSITIVE_INFINITY;
  return quota === '' ? undefined : Number(quota) / Number(period);
}
