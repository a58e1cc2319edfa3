import { deepImports as sharedImports } from '../prom-client/deep-imports.ts';
import type { MetricGroup } from '../prom-client/default-metrics/group.ts';
import { validateLabelName } from '../prom-client/series/label-arguments.ts';
import { successorGroups } from './default-metrics.ts';
import { Registry } from './registry.ts';

/** The exports of the files in `lib/` of the alias package, besides the public names. */
export const deepImports = {
  ...sharedImports,
  /** Returns the invalid names, where prom-client returns whether all are valid. */
  validateLabelName: (names: readonly string[] = []): string[] => names.filter((name) => !validateLabelName(name)),
  /** With the global registry of the successor as their default. */
  metricGroups: Object.fromEntries(
    Object.entries(successorGroups).map(([name, group]) => {
      const own = (...[registry = Registry.globalRegistry, options]: Parameters<MetricGroup>) =>
        group(registry, options);
      return [name, Object.assign(own, { metricNames: group.metricNames })];
    }),
  ),
};
