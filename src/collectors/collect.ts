import type { Labels } from '../model/labels.ts';
import { defaultRegistry } from '../registry/default-registry.ts';
import type { CollectorHandle, CollectorRegistry, Group } from './collector-group.ts';
import { startAll } from './start-all.ts';

export interface CollectorOptions<Name extends string> {
  /** The default registry by default. */
  readonly registry?: CollectorRegistry;
  /** In front of all names; nothing by default. */
  readonly prefix?: string;
  /** On all series; none by default. */
  readonly labels?: Labels;
  /** `false` leaves a group out: it is not measured, and costs nothing. All are shown by default. */
  readonly groups?: { readonly [N in Name]?: boolean };
}

/** Starts those of the groups that nobody has switched off. Throws a TypeError for a group that there is not. */
export function collect<Name extends string>(
  all: Readonly<Record<Name, Group>>,
  { registry = defaultRegistry, prefix = '', labels = {}, groups = {} }: CollectorOptions<Name>,
): CollectorHandle {
  for (const name of Object.keys(groups)) {
    if (!Object.hasOwn(all, name)) {
      throw new TypeError(`There is no group ${name} of metrics; there are ${Object.keys(all).join(', ')}.`);
    }
  }
  // Object.entries() forgets that the keys are names of groups.
  const wanted = (Object.entries(all) as [Name, Group][]).filter(([name]) => groups[name] !== false);
  return handleOf(
    startAll(
      wanted.map(
        ([, group]) =>
          () =>
            group({ registry, prefix, labels }),
      ),
    ),
  );
}

export function handleOf(stop: () => void): CollectorHandle {
  return { stop, [Symbol.dispose]: stop };
}
