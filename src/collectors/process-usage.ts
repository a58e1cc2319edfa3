import type { Group } from './collector-group.ts';
import { liveGroup } from './live-group.ts';
import type { LiveFamily, Source } from './live-metric.ts';
import { processStart } from './process-start.ts';

/** Page faults and context switches. Windows has no count of most. */
export function processUsage(usage: Source<NodeJS.ResourceUsage>, platform: NodeJS.Platform = process.platform): Group {
  return liveGroup((context) => (platform === 'win32' ? undefined : usage.at(context)), FAMILIES);
}

const FAMILIES: readonly LiveFamily<NodeJS.ResourceUsage>[] = [
  counter('process_major_pagefaults_total', 'Page faults that had to wait for storage.', 'majorPageFault'),
  counter('process_minor_pagefaults_total', 'Page faults that needed no storage.', 'minorPageFault'),
  {
    name: 'process_context_switches_total',
    help: 'Times that a thread of the process gave up the processor by waiting (voluntary) or lost it (involuntary).',
    type: 'counter',
    startTimestamp: processStart,
    label: 'kind',
    value: (usage) =>
      new Map([
        ['voluntary', usage.voluntaryContextSwitches],
        ['involuntary', usage.involuntaryContextSwitches],
      ]),
  },
];

function counter(name: string, help: string, key: keyof NodeJS.ResourceUsage): LiveFamily<NodeJS.ResourceUsage> {
  return { name, help, type: 'counter', startTimestamp: processStart, value: (usage) => usage[key] };
}
