import type { Cgroup } from './cgroup.ts';
import type { Group } from './collector-group.ts';
import { liveGroup } from './live-group.ts';
import type { LiveFamily } from './live-metric.ts';

const RESOURCES = ['cpu', 'io', 'memory'] as const;

type Reading = ReadonlyMap<(typeof RESOURCES)[number], string | undefined>;

/** How long the tasks of the control group waited for what they needed. Linux with pressure stall information. */
export function processPressure(cgroup: Cgroup | undefined): Group {
  return liveGroup(
    () => cgroup && new Map(RESOURCES.map((resource) => [resource, cgroup.read(`${resource}.pressure`)])),
    FAMILIES,
  );
}

const FAMILIES: readonly LiveFamily<Reading>[] = RESOURCES.flatMap((resource) => [
  {
    name: `process_pressure_${resource}_waiting_seconds_total`,
    help: `Seconds in which at least one task of the control group waited for ${resource}.`,
    type: 'counter' as const,
    value: (pressure: Reading) => stalledSeconds(pressure.get(resource), 'some'),
  },
  {
    name: `process_pressure_${resource}_stalled_seconds_total`,
    help: `Seconds in which all tasks of the control group waited for ${resource} at the same time.`,
    type: 'counter' as const,
    value: (pressure: Reading) => stalledSeconds(pressure.get(resource), 'full'),
  },
]);

/** From a line such as `some avg10=0.00 avg60=0.00 avg300=0.00 total=1234`, whose total is microseconds. */
function stalledSeconds(text: string | undefined, kind: 'some' | 'full'): number | undefined {
  const digits = new RegExp(`^${kind} .*total=(\\d+)$`, 'm').exec(text ?? '')?.[1];
  return digits === undefined ? undefined : Number(digits) / 1e6;
}
