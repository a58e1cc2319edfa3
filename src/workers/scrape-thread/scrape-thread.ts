import { asError } from '../../model/thrown.ts';
import type { Gatherer } from '../../registry/gathering.ts';
import type { CallHandlers } from '../shared-tables/port-calls.ts';
import { ThreadRun } from './thread-run.ts';
import type { ThreadAddress, ThreadSettings } from './thread-settings.ts';

/** Time before a thread that has ended is started again; doubles each time. */
const FIRST_DELAY_MS = 100;
const MAX_DELAY_MS = 30_000;
/** A thread that has run for this long is started again after the shortest time. */
const STABLE_MS = 60_000;

/** Functions that a scrape thread calls in the thread that has started it. */
export interface ThreadListener {
  /** Functions that the thread may call by name. */
  readonly handlers: CallHandlers;
  /**
   * Called if the thread has ended by itself, and if starting it again fails. `restartInMs` is undefined if it cannot be started
   * again, because it has closed an inherited socket.
   */
  readonly onFailure: (error: Error, restartInMs: number | undefined) => void;
}

/** A thread that serves the registries of this one, and is started again if it ends by itself. */
export class ScrapeThread {
  readonly addresses: readonly ThreadAddress[];
  readonly #registry: Gatherer;
  readonly #settings: ThreadSettings;
  readonly #listener: ThreadListener;
  /** The thread; undefined between two of them. */
  #run: ThreadRun | undefined = undefined;
  #startedAt = performance.now();
  #restarts = 0;
  #delayMs = FIRST_DELAY_MS;
  #timer: NodeJS.Timeout | undefined = undefined;
  #restarting: Promise<void> | undefined = undefined;
  #stopped: Promise<void> | undefined = undefined;

  private constructor(
    addresses: readonly ThreadAddress[],
    parts: { readonly registry: Gatherer; readonly settings: ThreadSettings; readonly listener: ThreadListener },
  ) {
    this.addresses = addresses;
    this.#registry = parts.registry;
    this.#settings = parts.settings;
    this.#listener = parts.listener;
  }

  /** Starts a thread that serves the registries. Rejects if it cannot listen. */
  static async start(registry: Gatherer, settings: ThreadSettings, listener: ThreadListener): Promise<ScrapeThread> {
    let onExit = (_: Error) => {};
    const { handlers } = listener;
    const run = await ThreadRun.start(registry, settings, { handlers, onExit: (error) => onExit(error) });
    const listen = settings.listen.map((target, index) => onSamePort(target, run.addresses[index]));
    const thread = new ScrapeThread(run.addresses, { registry, settings: { ...settings, listen }, listener });
    thread.#run = run;
    onExit = (error) => thread.#ended(error);
    return thread;
  }

  /** Calls a function of the thread. Rejects while it is started again. */
  async call(name: string, argument: unknown, timeoutMs: number): Promise<unknown> {
    if (this.#run === undefined) throw new Error('The scrape thread has ended, and is started again.');
    return this.#run.call(name, argument, timeoutMs);
  }

  /** Answers the scrapes in flight and ends the thread. */
  stop(): Promise<void> {
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  async #stop(): Promise<void> {
    clearTimeout(this.#timer);
    await this.#restarting;
    await this.#run?.stop();
  }

  #ended(error: Error): void {
    this.#run = undefined;
    if (this.#stopped !== undefined) return;
    if (this.#settings.listen.some((target) => typeof target === 'object' && 'fd' in target)) {
      this.#listener.onFailure(error, undefined);
      return;
    }
    if (performance.now() - this.#startedAt > STABLE_MS) this.#delayMs = FIRST_DELAY_MS;
    this.#restartLater(error);
  }

  #restartLater(error: Error): void {
    const delayMs = this.#delayMs;
    this.#delayMs = Math.min(delayMs * 2, MAX_DELAY_MS);
    this.#timer = setTimeout(() => {
      this.#restarting = this.#restart();
    }, delayMs);
    this.#listener.onFailure(error, delayMs);
  }

  async #restart(): Promise<void> {
    this.#restarts++;
    try {
      this.#startedAt = performance.now();
      const settings = { ...this.#settings, restarts: this.#restarts };
      const { handlers } = this.#listener;
      const onExit = (error: Error) => this.#ended(error);
      this.#run = await ThreadRun.start(this.#registry, settings, { handlers, onExit });
    } catch (thrown) {
      if (this.#stopped === undefined) this.#restartLater(asError(thrown));
    }
  }
}

/** Returns the target with the port that the system has chosen, so that scrapers find the next thread. */
function onSamePort(
  target: ThreadSettings['listen'][number],
  address: ThreadAddress | undefined,
): ThreadSettings['listen'][number] {
  if (address?.port === undefined) return target;
  if (typeof target === 'string') return target.replace(/:0+$/, `:${address.port}`);
  return 'port' in target ? { ...target, port: address.port } : target;
}
