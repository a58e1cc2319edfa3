import type { CollectorRegistry, Registrable } from '../model/collector.ts';

/** Something that was started for a registry, as far as it is used. */
interface Stoppable {
  stop(): void;
}

interface Shared {
  readonly handle: Stoppable;
  readonly registered: ReadonlySet<Registrable>;
  /** Number of callers that have not stopped it. */
  callers: number;
  readonly stop: () => void;
}

/** The copies of the package in a process share it: bundlers put one copy into each bundle. */
const KEY = Symbol.for('zeroprom.sharedHandles.1');
const root = globalThis as { [KEY]?: WeakMap<CollectorRegistry, Map<string, Shared>> };

/**
 * Starts something once per registry and key. Further calls return the same handle, whose `stop()` ends it when it was
 * called as often as this function. What is no longer registered, as after `registry.clear()`, is started anew. `parts`
 * are the keys of other handles that it consists of.
 */
export function sharedHandle<T extends Stoppable>(
  registry: CollectorRegistry,
  key: string,
  start: (registry: CollectorRegistry) => T,
  parts: readonly string[] = [],
): T {
  root[KEY] ??= new WeakMap();
  const handles = root[KEY].get(registry) ?? new Map<string, Shared>();
  root[KEY].set(registry, handles);
  const known = handles.get(key);
  const all = [known, ...parts.map((part) => handles.get(part))];
  if (known !== undefined && all.every((shared) => shared && isRegistered(registry, shared.registered))) {
    known.callers++;
    return known.handle as T; // A key always has the same type.
  }
  known?.stop();
  return begin(registry, key, handles, start);
}

function begin<T extends Stoppable>(
  registry: CollectorRegistry,
  key: string,
  handles: Map<string, Shared>,
  start: (registry: CollectorRegistry) => T,
): T {
  const registered = new Set<Registrable>();
  const handle = start({
    register: (collector) => {
      registry.register(collector);
      registered.add(collector);
    },
    unregister: (collector) => {
      registered.delete(collector);
      return registry.unregister(collector);
    },
  });
  const stop = handle.stop.bind(handle);
  const shared: Shared = { handle, registered, callers: 1, stop };
  handles.set(key, shared);
  handle.stop = () => {
    shared.callers--;
    if (shared.callers > 0) return;
    if (handles.get(key) === shared) handles.delete(key);
    stop();
  };
  return handle;
}

/** Views of other code may not tell what they contain. */
function isRegistered(
  registry: CollectorRegistry & { has?(collector: Registrable): boolean },
  all: Iterable<Registrable>,
) {
  return registry.has === undefined || [...all].every((collector) => registry.has?.(collector));
}
