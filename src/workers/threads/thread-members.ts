import type { DirectCollector } from '../../model/collector.ts';
import { asError } from '../../model/thrown.ts';
import type { CollectorFailure, GatherOptions } from '../../registry/gathering.ts';
import { isDirect } from '../../registry/named-collector.ts';
import { isKept } from '../merge/empty-family.ts';
import { MAX_ENDED_SERIES } from '../merge/ended-series.ts';
import type { Member } from '../merge/members-apart.ts';
import { Merger } from '../merge/merger.ts';
import { type ReadingEnd, readRegistries } from '../shared-tables/registry-link.ts';
import { PlainFamily } from './plain-family.ts';
import { onOffer, type ThreadOffer } from './rendezvous.ts';

const WELCOME_TIMEOUT_MS = 30_000;

/** How threads are read. */
interface ReadOptions extends Pick<GatherOptions, 'signal' | 'timeoutMs'> {
  /** Numbers of the processes that are shown with the threads. */
  readonly taken: ReadonlySet<number>;
}

let members: ThreadMembers | undefined;

/** The worker threads of this process that join. */
export function threadMembers(): ThreadMembers {
  members ??= new ThreadMembers();
  return members;
}

/** The worker threads that have joined, and the sums of those that have ended. */
export class ThreadMembers {
  readonly #members = new Set<ThreadMember>();
  readonly #ended = new Merger({ label: 'worker' });
  /** Series that threads have removed: they count if another thread has them, so that no sum decreases. */
  #departed = new Merger({ label: 'worker' });
  /** Names of metrics that had too many series of ended threads, since they were reported. */
  readonly #overflow = new Set<string>();
  /** Numbers of the processes that were last shown with the threads. */
  #taken: ReadonlySet<number> = new Set();
  /** Ends when the last of the operations that must not overlap has ended. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor() {
    onOffer((offer) => this.#add(offer));
  }

  /** Returns the names of metrics that have had too many series of ended threads since the last call. */
  takeOverflow(): readonly string[] {
    const names = [...this.#overflow];
    this.#overflow.clear();
    return names;
  }

  /** Adds the metrics of all threads, and returns the threads that are running and what failed. */
  async merge(
    merger: Merger,
    options: ReadOptions,
  ): Promise<{ threads: readonly Member[]; failures: readonly CollectorFailure[] }> {
    return await this.#read(options, async (threads) => {
      for (const { metrics, worker } of threads) await merger.add({ metrics, worker });
      await merger.add({ metrics: this.#ended.metrics, departed: this.#departed.metrics });
    });
  }

  /** Returns the metrics of all threads that are running, and what failed. */
  async gather(options: ReadOptions): Promise<{ threads: readonly Member[]; failures: readonly CollectorFailure[] }> {
    return await this.#read(options, async () => {});
  }

  /** `use` is called with the threads before one that has ended is forgotten. */
  async #read(
    options: ReadOptions,
    use: (threads: readonly Member[]) => Promise<void>,
  ): Promise<{ threads: readonly Member[]; failures: readonly CollectorFailure[] }> {
    const asked = [...this.#members];
    const failures = (await Promise.all(asked.map((member) => member.gather(options)))).flat();
    const threads = await this.#exclusively(async () => {
      const running = asked.filter((member) => this.#members.has(member));
      this.#renumber(options.taken);
      // At once, so that a series that is removed meanwhile counts either as present or as departed.
      const members = running.map(({ metrics, worker, isUp }) => ({ metrics, worker, isUp, age: 0 }));
      const departed = running.flatMap((member) => member.takeDeparted());
      await this.#keepDeparted(departed);
      await use(members);
      return members;
    });
    return { threads, failures };
  }

  #add(offer: ThreadOffer): void {
    const member = new ThreadMember(offer, this.#freeNumber());
    this.#members.add(member);
    // The port closes after its last message has arrived.
    offer.port.on('close', () => {
      void this.#exclusively(() => this.#fold(member));
    });
  }

  /** Processes choose their numbers without knowing the threads, so threads give way. */
  #renumber(taken: ReadonlySet<number>): void {
    this.#taken = taken;
    for (const member of this.#members) if (taken.has(member.worker)) member.worker = this.#freeNumber();
  }

  #freeNumber(): number {
    const others = new Set(Array.from(this.#members, ({ worker }) => worker));
    let number = 0;
    while (others.has(number) || this.#taken.has(number)) number++;
    return number;
  }

  /** A thread that has ended can still be read. */
  async #fold(member: ThreadMember): Promise<void> {
    const metrics = member.lastMetrics.filter(({ descriptor }) => isKept(descriptor));
    await this.#ended.add({ metrics });
    for (const name of await this.#ended.limit(MAX_ENDED_SERIES)) this.#overflow.add(name);
    await this.#keepDeparted(member.takeDeparted());
    this.#members.delete(member);
  }

  async #keepDeparted(metrics: readonly DirectCollector[]): Promise<void> {
    await this.#departed.add({ metrics });
    // With more, most have been removed by all threads.
    const isTooLarge = this.#departed.metrics.some(({ rowCount }) => rowCount > MAX_ENDED_SERIES);
    if (isTooLarge) this.#departed = new Merger({ label: 'worker' });
  }

  /** Runs work when no other is running: what has ended must not count twice in a merge. */
  #exclusively<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#turn.then(work);
    this.#turn = result.catch(() => {});
    return result;
  }
}

class ThreadMember {
  worker: number;
  readonly #end: ReadingEnd;
  /** The metrics as of the last gathering. */
  metrics: readonly DirectCollector[] = [];

  constructor({ port, status }: ThreadOffer, worker: number) {
    this.worker = worker;
    this.#end = readRegistries(port, status, { keepsDeparted: true });
    // Without an answer, the thread has ended.
    this.#end.calls.call('welcome', worker, { timeoutMs: WELCOME_TIMEOUT_MS }).catch(() => {});
  }

  /** Whether its event loop is running. */
  get isUp(): boolean {
    return this.#end.status.blockedMs === 0;
  }

  takeDeparted(): readonly DirectCollector[] {
    return this.#end.mirror.takeDeparted();
  }

  /** Returns what failed. */
  async gather(options: Pick<GatherOptions, 'signal' | 'timeoutMs'>): Promise<readonly CollectorFailure[]> {
    try {
      const { entries, failures } = await this.#end.mirror.gather(options);
      this.metrics = entries.map((entry) => (isDirect(entry) ? entry : new PlainFamily(entry)));
      return failures;
    } catch (thrown) {
      return [{ collector: `worker ${this.worker}`, error: asError(thrown) }];
    }
  }

  /** The metrics as they are now, and the last known families of collectors. */
  get lastMetrics(): readonly DirectCollector[] {
    return [...this.#end.mirror.metrics, ...this.metrics.filter((metric) => metric instanceof PlainFamily)];
  }
}
