/** A call of a collector or of a metric's callback, linked to the call from which it was made, if any. */
export class GatherLink {
  /** Whether the call has ended: work that it left running may gather. */
  isOver = false;
  /** Set if the collector fails because it would wait for itself. */
  loop: Error | undefined = undefined;
  /** The collector or metric. */
  readonly asked: object;
  readonly name: string;
  readonly parent: GatherLink | undefined;

  constructor(asked: object, name: string) {
    this.asked = asked;
    this.name = name;
    this.parent = currentLink();
  }

  /**
   * Calls a collector so that it is recognized in everything that it calls and awaits. Also rejects if the collector
   * gathered its own registry and ignored the error.
   */
  async call<T>(collect: () => T | PromiseLike<T>): Promise<Awaited<T>> {
    try {
      const collected = await storageOf().run(this, collect);
      if (this.loop !== undefined) throw this.loop;
      return collected;
    } finally {
      this.isOver = true;
    }
  }
}

/** The collector from which the current code was called. */
export function currentLink(): GatherLink | undefined {
  return gatherings === 0 ? undefined : storageOf().getStore();
}

/**
 * Throws an Error if the current code was called by one of the collectors about to be run, directly or through others:
 * it would wait for itself and run itself forever.
 */
export function checkLoop(asked: readonly object[]): void {
  const path: GatherLink[] = [];
  for (let link = currentLink(); link !== undefined; link = link.parent) {
    path.unshift(link);
    if (!link.isOver && asked.includes(link.asked)) throw loopOf(path);
  }
}

/** Fails all collectors on the path, so that the scrape reports it even if one of them ignores the error. */
function loopOf(path: readonly GatherLink[]): Error {
  const [first, ...others] = path.map(({ name }) => name);
  const through = others.length === 0 ? '' : `, even through ${others.join(' and ')}`;
  const loop = new Error(`Collector ${first} must not gather its own registry${through}; use another registry.`);
  for (const link of path) link.loop = loop;
  return loop;
}

/** Number of gatherings in progress. */
let gatherings = 0;

/** Call it when a gathering begins. Returns a function to call when it ends. */
export function beginGathering(): () => void {
  gatherings++;
  return () => {
    gatherings--;
    // Up to Node.js 22 every await of the process takes about three times as long while the storage is in use. run()
    // enables it, so that a registry without custom collectors never does.
    if (gatherings === 0) disable(storageOf());
  };
}

function disable(unused: Storage): void {
  try {
    unused.disable();
  } catch {
    // Cloudflare's workerd does not implement disable(), and its promises are not slower.
  }
}

interface Storage {
  run<T>(link: GatherLink, call: () => T): T;
  getStore(): GatherLink | undefined;
  disable(): void;
}

let storage: Storage | undefined;

function storageOf(): Storage {
  storage ??= newStorage();
  return storage;
}

function newStorage(): Storage {
  try {
    // Not imported: this folder also runs on platforms without the modules of Node.js.
    return new (process.getBuiltinModule('node:async_hooks').AsyncLocalStorage)<GatherLink>();
  } catch {
    return new SynchronousStorage();
  }
}

/** Stand-in for platforms without AsyncLocalStorage: recognizes a collector until its first `await`. */
class SynchronousStorage implements Storage {
  #current: GatherLink | undefined;

  run<T>(link: GatherLink, call: () => T): T {
    const before = this.#current;
    this.#current = link;
    try {
      return call();
    } finally {
      this.#current = before;
    }
  }

  getStore(): GatherLink | undefined {
    return this.#current;
  }

  disable(): void {}
}
