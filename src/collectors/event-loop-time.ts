import { performance } from 'node:perf_hooks';
import type { Group } from './collector-group.ts';
import { liveGroup } from './live-group.ts';

/** Event loop utilization, as counters: the rate of `active` is the share of time in which the loop was busy. */
export const eventLoopTime: Group = liveGroup(
  () => performance.eventLoopUtilization(),
  [
    {
      name: 'nodejs_eventloop_time_seconds_total',
      help: 'Seconds that the event loop ran code (active) or waited for something to do (idle).',
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
