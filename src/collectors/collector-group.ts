import type { CollectorRegistry, DirectCollector } from '../model/collector.ts';
import type { Labels } from '../model/labels.ts';
import type { OptionNames } from '../model/option-names.ts';
import { defaultRegistry } from '../registry/default-registry.ts';
import { sharedHandle } from './shared-handle.ts';

/** Passed to a group when it starts. */
export interface GroupContext {
  readonly registry: CollectorRegistry;
  /** Prefix of all names. */
  readonly prefix: string;
  /** Labels of all series. */
  readonly labels: Labels;
}

/** Registers metrics that belong together and keeps them up to date. Returns a function that ends both. */
export type CollectorGroup = (context: GroupContext) => () => void;

/** Metrics that are being collected. */
export interface CollectorHandle {
  /**
   * Unregisters the metrics and stops measuring: no timer, observer or listener is left. If the function that returned
   * the handle was called several times for a registry, it has to be called as often.
   */
  stop(): void;
  /** Same as `stop()`, for `using`. */
  [Symbol.dispose](): void;
}

/** Options that all collectors of default metrics share. */
export interface CollectorOptions<Name extends string> {
  /**
   * Registry to use.
   *
   * @defaultValue `defaultRegistry`
   */
  readonly registry?: CollectorRegistry;
  /**
   * Prefix of all metric names.
   *
   * @defaultValue `''`
   */
  readonly prefix?: string;
  /**
   * Labels of all series.
   *
   * @defaultValue `{}`
   */
  readonly labels?: Labels;
  /**
   * Groups to leave out (`false`). A group that is left out costs nothing.
   *
   * @defaultValue all groups are collected
   */
  readonly groups?: { readonly [N in Name]?: boolean };
}

export const COLLECTOR_OPTIONS: OptionNames<CollectorOptions<string>> = {
  registry: true,
  prefix: true,
  labels: true,
  groups: true,
};

/**
 * Starts all groups that are not left out, or returns the handle of the same call before. `identities` distinguishes
 * groups of one name. Throws a TypeError if `groups` names an unknown group.
 */
export function startGroups<Name extends string>(
  all: Readonly<Record<Name, CollectorGroup>>,
  { registry = defaultRegistry, prefix = '', labels = {}, groups = {} }: CollectorOptions<Name>,
  identities: Readonly<Record<string, string>> = {},
): CollectorHandle {
  for (const name of Object.keys(groups)) {
    if (!Object.hasOwn(all, name))
      throw new TypeError(`Unknown group ${name}: groups must be among ${Object.keys(all).join(', ')}.`);
  }
  // Object.entries() loses the type of the keys.
  const wanted = (Object.entries(all) as [Name, CollectorGroup][]).filter(([name]) => groups[name] !== false);
  const series = JSON.stringify([prefix, Object.entries(labels).sort()]);
  const keys = wanted.map(([name]) => `group ${name} ${identities[name] ?? ''} ${series}`);
  // Groups are shared, too: collectDefaults() includes those of collectProcess().
  const start =
    ([, group]: [Name, CollectorGroup], index: number) =>
    () =>
      startGroup(group, keys[index] ?? '', { registry, prefix, labels });
  return sharedHandle(registry, `all of ${keys.join()}`, () => handleOf(startAll(wanted.map(start))), keys);
}

function startGroup(group: CollectorGroup, key: string, context: GroupContext): () => void {
  const start = (registry: CollectorRegistry) => ({ stop: group({ ...context, registry }) });
  return sharedHandle(context.registry, key, start).stop;
}

/** Makes a handle of a function that stops. */
export function handleOf(stop: () => void): CollectorHandle {
  return {
    stop,
    [Symbol.dispose]() {
      this.stop();
    },
  };
}

/** Starts one after the other; returns a function that stops them all. If one throws, those before it are stopped. */
export function startAll(starts: readonly (() => () => void)[]): () => void {
  const stops: (() => void)[] = [];
  const stopAll = () => {
    for (const stop of stops.splice(0)) stop();
  };
  try {
    for (const start of starts) stops.push(start());
  } catch (error) {
    stopAll();
    throw error;
  }
  return stopAll;
}

/** Registers all metrics, or none if one of the names is taken; returns a function that unregisters them. */
export function registerAll(registry: CollectorRegistry, metrics: readonly DirectCollector[]): () => void {
  return startAll(
    metrics.map((metric) => () => {
      registry.register(metric);
      return () => void registry.unregister(metric);
    }),
  );
}
