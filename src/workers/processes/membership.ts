import { randomBytes } from 'node:crypto';
import { isMainThread } from 'node:worker_threads';
import { parseDuration } from '../../model/duration.ts';
import { checkOptionNames } from '../../model/option-names.ts';
import { asError, callUserCode, thrownText } from '../../model/thrown.ts';
import { defaultRegistry } from '../../registry/default-registry.ts';
import { type Gatherer, Gathering } from '../../registry/gathering.ts';
import { isDirect } from '../../registry/named-collector.ts';
import { joinThread } from '../threads/join-thread.ts';
import { Baseline } from './baseline.ts';
import { foldEnded } from './ended-members.ts';
import { JOIN_OPTIONS, type JoinWorkersOptions } from './join-options.ts';
import { MeetingDirectory, removeFile } from './meeting/meeting-directory.ts';
import { isForked, meetingPath } from './meeting/meeting-group.ts';
import { MemberFiles } from './meeting/member-files.ts';
import { MemberServer } from './meeting/member-server.ts';
import { removeAbandoned } from './meeting/remove-abandoned.ts';
import type { MemberId, Snapshot } from './snapshot/snapshot.ts';
import { SnapshotLog } from './snapshot/snapshot-log.ts';
import { type ErrorReason, WorkerErrors } from './worker-errors.ts';

/** The membership of a process or thread, as {@link joinWorkers} returns it. */
export interface WorkerMembership {
  /**
   * Number of the process or thread among those that have joined, the value of the label `worker`. A thread gets another number
   * if a process that is shown with it has the same.
   */
  readonly worker: number;
  /** Saves the values a last time and leaves. The others keep what this process or thread has counted. */
  leave(): Promise<void>;
}

/** Maximum number of processes in a group. */
const MAX_MEMBERS = 1000;
const GATHER_TIMEOUT_MS = 5000;

/** The memberships of this process, by meeting directory. */
const joined = new Map<string, Membership>();

/** Returns the membership of this process, if it has joined the group that meets in a directory. */
export function membershipIn(path: string): Membership | undefined {
  return joined.get(path);
}

/** Returns the directory that this process has joined first. */
export function joinedDirectory(): string | undefined {
  const [path] = joined.keys();
  return path;
}

/**
 * Shows the metrics of this process together with those of others: of the workers of a cluster, of processes started
 * with `fork()`, or of the instances of an application under PM2. Any of them can then serve `collectWorkers()`, and so
 * can their parent. A process that ends keeps its place in the sums.
 *
 * In a worker thread, shows the metrics of the thread in `collectWorkers()` of the main thread, which reads them in shared
 * memory: also while the thread is blocked, and when it has ended. Waits until the main thread has called
 * `collectWorkers()`, for at most 30 s.
 *
 * @throws {Error} if the directory cannot be used, or if this process has joined already.
 * @throws {TypeError | RangeError} if an option is invalid.
 *
 * @example
 * ```ts
 * import cluster from 'node:cluster';
 * import { createServer } from 'node:http';
 * import { Counter } from 'zeroprom';
 * import { metricsHandler } from 'zeroprom/http';
 * import { collectWorkers, joinWorkers } from 'zeroprom/workers';
 *
 * if (cluster.isPrimary) {
 *   cluster.fork();
 *   cluster.fork();
 *   setTimeout(() => cluster.disconnect(), 2000);
 * } else {
 *   new Counter({ name: 'jobs_total', help: 'Finished jobs.' }).inc();
 *   await joinWorkers();
 *   createServer(metricsHandler({ registry: collectWorkers() })).listen(9464);
 * }
 * ```
 */
export async function joinWorkers(options: JoinWorkersOptions = {}): Promise<WorkerMembership> {
  checkOptionNames('joinWorkers()', options, JOIN_OPTIONS);
  if (!isMainThread && options.directory === undefined && options.group === undefined) return joinThread(options);
  if (process.platform === 'win32') {
    throw new Error('joinWorkers() needs Unix sockets, which Node.js does not have on Windows; use worker threads.');
  }
  const path = meetingPath(options, isForked());
  if (joined.has(path)) {
    throw new Error(`This process has joined ${path} already; merge its registries with Registry.merge() instead.`);
  }
  const membership = new Membership(path, options);
  joined.set(path, membership);
  try {
    await membership.join();
  } catch (error) {
    joined.delete(path);
    throw error;
  }
  return membership;
}

/** The membership of this process in a group. */
export class Membership implements WorkerMembership {
  readonly #directory: MeetingDirectory;
  readonly #registry: Gatherer;
  readonly #saveIntervalMs: number;
  readonly #onError: (error: Error) => void;
  readonly #incarnation = randomBytes(6).toString('hex');
  readonly #log = new SnapshotLog({ slot: -1, incarnation: this.#incarnation });
  readonly #server = new MemberServer(async ({ since, timeoutMs }) => {
    const { sequence } = await this.snapshot(timeoutMs);
    return this.#log.bytesSince(since <= sequence ? since : 0);
  });
  /** Errors that this process has noticed. @internal */
  readonly errors = new WorkerErrors();
  #timer: NodeJS.Timeout | undefined = undefined;
  #taking: Promise<Snapshot> | undefined = undefined;
  #gathering = new Gathering([], []);
  #files: MemberFiles | undefined = undefined;
  #saved = -1;

  /** @internal */
  constructor(path: string, options: JoinWorkersOptions) {
    const { registry = defaultRegistry, saveInterval = '5s', onError = () => {} } = options;
    this.#directory = new MeetingDirectory(path);
    this.#registry = registry;
    this.#saveIntervalMs = parseDuration(saveInterval, { name: 'saveInterval' });
    this.#onError = onError;
  }

  /** Number of this process in its group, the value of the label `worker`. */
  get worker(): number {
    return this.#log.latest.slot;
  }

  /** Random name of this process. @internal */
  get incarnation(): string {
    return this.#incarnation;
  }

  /** @internal */
  async join(): Promise<void> {
    await this.#directory.create();
    await this.#server.listen(this.#directory.socketPath(this.#incarnation));
    try {
      await this.#gather(GATHER_TIMEOUT_MS);
      const baseline = new Baseline(this.#directory, (problem, reason) => this.#report(reason, problem));
      await foldEnded(this.#directory, baseline, (problem) => this.#report('unreadable', problem));
      await this.#claimSlot();
    } catch (error) {
      await this.#server.close();
      throw error;
    }
    this.#timer = setInterval(() => void this.snapshot(GATHER_TIMEOUT_MS), this.#saveIntervalMs).unref();
    process.on('disconnect', this.#save);
    process.on('exit', this.#saveNow);
    void removeAbandoned(this.#directory.path);
  }

  /**
   * Saves the values a last time and leaves the group. The other processes keep what this process has counted.
   */
  async leave(): Promise<void> {
    joined.delete(this.#directory.path);
    clearInterval(this.#timer);
    process.off('disconnect', this.#save);
    process.off('exit', this.#saveNow);
    await this.snapshot(GATHER_TIMEOUT_MS);
    await this.#server.close();
    await removeFile(this.#directory.socketPath(this.#incarnation));
    this.#files?.close();
    this.#files = undefined;
  }

  /**
   * Returns the current values. They are saved before, so that a scrape never shows more than is left if this process is
   * killed. Concurrent calls share one result. @internal
   */
  snapshot(timeoutMs: number): Promise<Snapshot> {
    this.#taking ??= this.#take(timeoutMs).finally(() => {
      this.#taking = undefined;
    });
    return this.#taking;
  }

  async #take(timeoutMs: number): Promise<Snapshot> {
    try {
      await this.#gather(timeoutMs);
    } catch (thrown) {
      this.#report('gather', asError(thrown));
      await this.#log.take(this.#withErrors(this.#gathering)); // Metrics are read now.
    }
    await this.#saveLatest();
    return this.#log.latest;
  }

  async #gather(timeoutMs: number): Promise<void> {
    this.#gathering = await this.#registry.gather({ timeoutMs: Math.max(timeoutMs, 1) });
    for (const { collector, error } of this.#gathering.failures) {
      callUserCode(() => this.#onError(new Error(`${collector}: ${thrownText(error)}`, { cause: error })));
    }
    await this.#log.take(this.#withErrors(this.#gathering));
  }

  #withErrors({ entries, failures }: Gathering): Gathering {
    return new Gathering([...entries, ...this.errors.metrics], failures);
  }

  async #saveLatest(): Promise<void> {
    const { sequence } = this.#log.latest;
    if (sequence === this.#saved || this.#files === undefined) return;
    try {
      if (this.#files.areDeleted) await this.#joinAgain();
      this.#files.write(this.#log.bytesSince(0));
      this.#saved = sequence;
    } catch (thrown) {
      this.#report('save', asError(thrown));
    }
  }

  /** The directory has been deleted, and with it the sums of ended processes. */
  async #joinAgain(): Promise<void> {
    this.#files?.close();
    this.#files = undefined;
    await this.#directory.create();
    await this.#server.close();
    await this.#server.listen(this.#directory.socketPath(this.#incarnation));
    await this.#claimSlot();
    this.#report('save', new Error(`${this.#directory.path} was deleted, and with it the counts of ended processes.`));
  }

  readonly #save = () => void this.snapshot(GATHER_TIMEOUT_MS);

  /** Values of metrics are read now; those of collectors are from the latest gathering. */
  readonly #saveNow = () => {
    try {
      const { entries, failures } = this.#gathering;
      const metrics = this.#registry.metrics ?? entries.filter(isDirect);
      const collected = entries.filter((entry) => !isDirect(entry));
      this.#log.takeNow(this.#withErrors(new Gathering([...metrics, ...collected], failures)));
      this.#files?.write(this.#log.bytesSince(0));
    } catch (thrown) {
      callUserCode(() => this.#onError(asError(thrown)));
    }
  };

  /**
   * Takes a low number that is free. If two processes take the same one, the later one sees it, and both may. Those that
   * see it try again with more numbers to choose from.
   */
  async #claimSlot(): Promise<void> {
    for (let choices = 1; ; choices *= 2) {
      const { members } = await this.#directory.list();
      const taken = new Set(members.map(({ slot }) => slot));
      if (taken.size >= MAX_MEMBERS) {
        throw new Error(`At most ${MAX_MEMBERS} processes can join ${this.#directory.path}; use several groups.`);
      }
      const slot = freeSlot(taken, Math.floor(choices * Math.random()));
      this.#log.moveTo(slot);
      const id: MemberId = { slot, incarnation: this.#incarnation };
      await this.#directory.write(this.#directory.memberPath(id), this.#log.bytesSince(0));
      this.#saved = this.#log.latest.sequence;
      const rivals = (await this.#directory.list()).members.filter((other) => other.slot === slot);
      if (rivals.every(({ incarnation }) => incarnation === this.#incarnation)) {
        this.#files = new MemberFiles(this.#directory, id);
        return;
      }
      await removeFile(this.#directory.memberPath(id));
    }
  }

  #report(reason: ErrorReason, error: Error): void {
    this.errors.count(this.worker, reason);
    callUserCode(() => this.#onError(error));
  }
}

/** Returns the free slot with this index among all that are free. */
function freeSlot(taken: ReadonlySet<number>, index: number): number {
  let slot = 0;
  for (let left = index; left > 0 || taken.has(slot); slot++) if (!taken.has(slot)) left--;
  return slot;
}
