/** A call of a collector, or of a metric's callback, and the call that it comes from, if any. */
export class GatherLink {
  /** Whether the collector is done: what it has left running may gather. */
  isOver = false;
  /** Why the collector fails: it would have waited for itself. */
  loop: Error | undefined = undefined;
  /** What is called. */
  readonly asked: object;
  readonly name: string;
  readonly parent: GatherLink | undefined;

  constructor(asked: object, name: string) {
    this.asked = asked;
    this.name = name;
    this.parent = currentLink();
  }

  /**
   * Calls a collector, and knows it again in all that it calls and awaits. Rejects, too, where the collector has asked
   * for itself, whatever it made of the error.
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

/** The collector that the current code was called by. */
export function currentLink(): GatherLink | undefined {
  return gatherings === 0 ? undefined : storageOf().getStore();
}

/**
 * Throws an Error where the current code was called by one of those that are to be asked, directly or through other
 * collectors: it would wait for itself, and ask itself again and again.
 */
export function checkLoop(asked: readonly object[]): void {
  const path: GatherLink[] = [];
  for (let link = currentLink(); link !== undefined; link = link.parent) {
    path.unshift(link);
    if (!link.isOver && asked.includes(link.asked)) throw loopOf(path);
  }
}

/** Fails all collectors on the way, so that the scrape tells of it, also where one of them goes on without the others. */
function loopOf(path: readonly GatherLink[]): Error {
  const [first, ...others] = path.map(({ name }) => name);
  const through = others.length === 0 ? '' : `, not through ${others.join(' and ')} either`;
  const loop = new Error(`The collector ${first} must not gather its own registry${through}: use another registry.`);
  for (const link of path) link.loop = loop;
  return loop;
}

/** How many gatherings are under way. */
let gatherings = 0;

/** To be called when a gathering begins; what it returns is to be called when it ends. */
export function beginGathering(): () => void {
  gatherings++;
  return () => {
    gatherings--;
    // Up to Node.js 22 each promise of the process takes three times as long while this is in use.
    if (gatherings === 0) disable(storageOf());
  };
}

function disable(unused: Storage): void {
  try {
    unused.disable();
  } catch {
    // Cloudflare's workerd does not implement it, and its promises do not take longer.
  }
}

interface Storage {
  run<T>(link: GatherLink, call: () => T): T;
  getStore(): GatherLink | undefined;
  disable(): void;
}

let storage: Storage | undefined;

function storageOf(): Storage {
  // Not imported: this folder also runs where there are no modules of Node.js.
  const hooks = globalThis.process?.getBuiltinModule?.('node:async_hooks');
  storage ??= hooks === undefined ? new SynchronousStorage() : new hooks.AsyncLocalStorage<GatherLink>();
  return storage;
}

/** Where nothing else is there: until the first `await`. */
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
