import type { Cgroup } from './cgroup.ts';
import type { Group } from './collector-group.ts';
import { KeyedNumbers } from './keyed-numbers.ts';
import { liveGroup } from './live-group.ts';
import type { LiveFamily } from './live-metric.ts';

interface Reading {
  readonly cgroup: Cgroup;
  readonly cpu: KeyedNumbers;
  readonly memoryEvents: KeyedNumbers;
}

/** What the process may use in its container, and what it had to wait for. Linux, control groups of version 2. */
export function processCgroup(cgroup: Cgroup | undefined): Group {
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

const FAMILIES: readonly LiveFamily<Reading>[] = [
  {
    name: 'process_cgroup_memory_limit_bytes',
    help: 'Memory that the control group of the process may use in bytes, +Inf where there is no limit.',
    type: 'gauge',
    value: ({ cgroup }) => cgroup.lowest('memory.max', bytes),
  },
  {
    name: 'process_cgroup_memory_usage_bytes',
    help: 'Memory that the control group of the process uses in bytes, page cache included.',
    type: 'gauge',
    value: ({ cgroup }) => bytes(cgroup.read('memory.current')?.trim() ?? ''),
  },
  {
    name: 'process_cgroup_memory_oom_kills_total',
    help: 'Processes of the control group that were killed for want of memory.',
    type: 'counter',
    value: ({ memoryEvents }) => memoryEvents.number('oom_kill'),
  },
  {
    name: 'process_cgroup_cpu_limit_cores',
    help: 'Processors that the control group of the process may use, +Inf where there is no limit.',
    type: 'gauge',
    value: ({ cgroup }) => cgroup.lowest('cpu.max', cores),
  },
  {
    name: 'process_cgroup_cpu_periods_total',
    help: 'Periods of the CPU limit in which the control group ran.',
    type: 'counter',
    value: ({ cpu }) => cpu.number('nr_periods'),
  },
  {
    name: 'process_cgroup_cpu_throttled_periods_total',
    help: 'Periods of the CPU limit in which the control group used it up and had to wait for the next one.',
    type: 'counter',
    value: ({ cpu }) => cpu.number('nr_throttled'),
  },
  {
    name: 'process_cgroup_cpu_throttled_seconds_total',
    help: 'Seconds that the control group had to wait for its CPU limit.',
    type: 'counter',
    value: ({ cpu }) => cpu.seconds('throttled_usec'),
  },
];

function bytes(text: string): number | undefined {
  if (text === 'max') return Number.POSITIVE_INFINITY;
  return /^\d+$/.test(text) ? Number(text) : undefined;
}

/** `200000 100000`, microseconds in a period of so many, are 2 processors. */
function cores(text: string): number | undefined {
  const [, quota = '', period = ''] = /^(\d+|max) ([1-9]\d*)$/.exec(text) ?? [];
  if (quota === 'max') return Number.POSITIVE_INFINITY;
  return quota === '' ? undefined : Number(quota) / Number(period);
}
