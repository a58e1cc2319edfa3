import type { Group } from './collector-group.ts';
import { liveGroup } from './live-group.ts';

/** What keeps the event loop alive. Types are Node's own classes, so there are few. */
export const activeResources: Group = liveGroup(
  () => process.getActiveResourcesInfo(),
  [
    {
      name: 'nodejs_active_resources',
      help: 'Number of active resources that are currently keeping the event loop alive, grouped by async resource type.',
      type: 'gauge',
      label: 'type',
      value: (types) => {
        const counts = new Map<string, number>();
        for (const type of types) counts.set(type, (counts.get(type) ?? 0) + 1);
        return counts;
      },
    },
  ],
);
