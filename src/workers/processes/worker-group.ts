import { asError, thrownText } from '../../model/thrown.ts';
import { type CollectorFailure, Gathering, type GatherOptions, type WorkerChoice } from '../../registry/gathering.ts';
import { overflowError } from '../merge/ended-series.ts';
import { type Member, membersApart } from '../merge/members-apart.ts';
import { Merger } from '../merge/merger.ts';
import type { UnionSeries } from '../merge/union-series.ts';
import type { ThreadMembers } from '../threads/thread-members.ts';
import { Baseline } from './baseline.ts';
import { foldMember, lastSnapshot } from './ended-members.ts';
import { MeetingDirectory } from './meeting/meeting-directory.ts';
import { membershipIn } from './membership.ts';
import { RemoteMember } from './remote-member.ts';
import { SharedRound } from './shared-round.ts';
import type { MemberId, Snapshot } from './snapshot/snapshot.ts';
import { type ErrorReason, WorkerErrors } from './worker-errors.ts';
import { type WorkerState, workerFamilies } from './worker-families.ts';

/** Part of the time that is left for merging. */
const MERGING_SHARE = 0.1;
const MAX_MERGING_MS = 250;
/** Maximum number of problems that are remembered so that they are reported once. */
const MAX_REPORTED = 1000;

/** A process whose values are shown. */
interface Shown {
  readonly snapshot: Snapshot;
  readonly isUp: boolean;
}

/** By directory and label, so that connections are shared if `collectWorkers()` is called again. */
const groups = new Map<string, WorkerGroup>();

/** Returns the group of a directory. */
export function groupAt(path: string, label: string, threads: ThreadMembers | undefined): WorkerGroup {
  const key = JSON.stringify([path, label, threads !== undefined]);
  const group = groups.get(key) ?? new WorkerGroup(path, label, threads);
  groups.set(key, group);
  return group;
}

/** The processes that meet in a directory. */
export class WorkerGroup {
  readonly #directory: MeetingDirectory;
  readonly #label: string;
  /** The worker threads of this process. */
  readonly #threads: ThreadMembers | undefined;
  readonly #baseline: Baseline;
  readonly #ownErrors = new WorkerErrors();
  /** By incarnation. */
  readonly #members = new Map<string, RemoteMember>();
  /** Series of merged families, which are usually the same in the next scrape. */
  readonly #series = new Map<string, UnionSeries>();
  readonly #reported = new Set<string>();
  /** Names of summaries whose quantiles were left out. */
  readonly #withoutQuantiles = new Set<string>();
  #failures: CollectorFailure[] = [];
  #listed: readonly MemberId[] = [];
  #round: { readonly endsAt: number; readonly shared: SharedRound<Gathering> } | undefined = undefined;

  constructor(path: string, label: string, threads: ThreadMembers | undefined) {
    this.#threads = threads;
    this.#directory = new MeetingDirectory(path);
    this.#label = label;
    this.#baseline = new Baseline(this.#directory, (problem, reason) => this.#report(undefined, reason, problem));
  }

  /** Shares the result with concurrent calls that end later. */
  gather(timeoutMs: number, signal: AbortSignal | undefined): Promise<Gathering> {
    const endsAt = performance.now() + timeoutMs;
    const current = this.#round;
    const canJoin = current !== undefined && current.endsAt <= endsAt && !current.shared.isAborted;
    if (canJoin) return current.shared.join(signal);
    const waitMs = Math.max(1, timeoutMs - Math.min(timeoutMs * MERGING_SHARE, MAX_MERGING_MS));
    const round = { endsAt, shared: new SharedRound((aborted) => this.#gather(waitMs, aborted)) };
    this.#round = round;
    round.shared.onEnd(() => {
      if (this.#round === round) this.#round = undefined;
    });
    return round.shared.join(signal);
  }

  /** Gathers one worker or each. Concurrent calls share what they ask the processes. */
  async gatherApart(choice: WorkerChoice, timeoutMs: number, signal: AbortSignal | undefined): Promise<Gathering> {
    const { shown } = await this.#ask(timeoutMs, signal);
    const threads = await this.#threads?.gather({ timeoutMs, signal, taken: numbersOf(shown) });
    const members = [...shown.map(memberOf), ...(threads?.threads ?? [])];
    const { metrics, failures } = membersApart(members, choice, this.#label);
    return new Gathering(
      [...metrics, ...workerFamilies(members, this.#label)],
      [...failures, ...(threads?.failures ?? [])],
    );
  }

  async #gather(waitMs: number, signal: AbortSignal): Promise<Gathering> {
    const { shown, baseline } = await this.#ask(waitMs, signal);
    return this.#merge(shown, baseline, { timeoutMs: waitMs, signal });
  }

  /** Returns the values of all processes, and the sums of those that have ended. */
  async #ask(
    waitMs: number,
    signal: AbortSignal | undefined,
  ): Promise<{ shown: readonly Shown[]; baseline: Snapshot }> {
    const members = await this.#listMembers();
    this.#forgetOthers(members);
    const read = await Promise.all(members.map((id) => this.#read(id, waitMs, signal)));
    // Last, because a process that has ended since its answer is in the baseline with at least the same values.
    const baseline = await this.#readBaseline();
    const folded = new Set(baseline.folded);
    const shown = read
      .filter((one) => one !== undefined)
      .filter(({ snapshot }) => !folded.has(snapshot.incarnation))
      .sort((a, b) => a.snapshot.joinedAt - b.snapshot.joinedAt);
    return { shown, baseline };
  }

  /** The members that are known already if the directory cannot be read, for example because too many files are open. */
  async #listMembers(): Promise<readonly MemberId[]> {
    try {
      this.#listed = (await this.#directory.list()).members;
    } catch (thrown) {
      this.#report(undefined, 'unreadable', asError(thrown));
    }
    return this.#listed;
  }

  /** The last one if it cannot be read. */
  async #readBaseline(): Promise<Snapshot> {
    try {
      return await this.#baseline.read();
    } catch (thrown) {
      this.#report(undefined, 'unreadable', asError(thrown));
      return this.#baseline.latest;
    }
  }

  async #read(id: MemberId, waitMs: number, signal: AbortSignal | undefined): Promise<Shown | undefined> {
    const membership = membershipIn(this.#directory.path);
    if (membership?.incarnation === id.incarnation) return { snapshot: await membership.snapshot(waitMs), isUp: true };
    const member = this.#memberOf(id);
    const answer = await member.ask(waitMs, signal);
    switch (answer.status) {
      case 'up':
        return { snapshot: answer.snapshot, isUp: true };
      case 'ended':
        return this.#fold(id, member);
      case 'late':
        this.#errors.count(id.slot, 'late');
        return this.#last(id, member);
      case 'unreadable':
        this.#report(id.slot, 'unreadable', answer.error);
        return this.#last(id, member);
    }
  }

  async #fold(id: MemberId, member: RemoteMember): Promise<Shown | undefined> {
    try {
      const onProblem = (problem: Error) => this.#report(id.slot, 'unreadable', problem);
      await foldMember(this.#directory, this.#baseline, id, member.known, onProblem);
      return undefined;
    } catch (thrown) {
      this.#report(id.slot, 'save', asError(thrown));
      return this.#last(id, member);
    }
  }

  async #last(id: MemberId, member: RemoteMember): Promise<Shown | undefined> {
    try {
      const snapshot = await lastSnapshot(this.#directory, id, member.known);
      return snapshot && { snapshot, isUp: false };
    } catch (thrown) {
      this.#report(id.slot, 'unreadable', asError(thrown));
      return undefined;
    }
  }

  async #merge(
    shown: readonly Shown[],
    baseline: Snapshot,
    options: Pick<GatherOptions, 'timeoutMs' | 'signal'>,
  ): Promise<Gathering> {
    const merger = new Merger({ label: this.#label, series: this.#series });
    for (const { snapshot } of shown) await merger.add(sourceOf(snapshot, snapshot.slot));
    if (membershipIn(this.#directory.path) === undefined) await merger.add({ metrics: this.#ownErrors.metrics });
    await merger.add(sourceOf(baseline, undefined));
    const threads = await this.#threads?.merge(merger, { ...options, taken: numbersOf(shown) });
    merger.forgetStale();
    for (const { worker, error } of merger.problems) this.#report(worker, 'conflict', error);
    for (const name of this.#threads?.takeOverflow() ?? []) this.#report(undefined, 'overflow', overflowError(name));
    for (const name of merger.withoutQuantiles) this.#reportQuantiles(name);
    const failures = [...this.#failures, ...(threads?.failures ?? [])];
    this.#failures = [];
    const states = [...shown.map(stateOf), ...(threads?.threads ?? [])];
    return new Gathering([...merger.metrics, ...workerFamilies(states, this.#label)], failures);
  }

  /** Counts it once: it is the same in each scrape. */
  #reportQuantiles(name: string): void {
    if (this.#withoutQuantiles.has(name)) return;
    this.#withoutQuantiles.add(name);
    this.#report(
      undefined,
      'quantiles',
      new Error(`${name}: quantiles of several workers cannot be combined; use a histogram.`),
    );
  }

  #memberOf({ incarnation }: MemberId): RemoteMember {
    const member = this.#members.get(incarnation) ?? new RemoteMember(this.#directory.socketPath(incarnation));
    this.#members.set(incarnation, member);
    return member;
  }

  #forgetOthers(members: readonly MemberId[]): void {
    const current = new Set(members.map(({ incarnation }) => incarnation));
    for (const [incarnation, member] of this.#members) {
      if (current.has(incarnation)) continue;
      member.close();
      this.#members.delete(incarnation);
    }
  }

  get #errors(): WorkerErrors {
    return membershipIn(this.#directory.path)?.errors ?? this.#ownErrors;
  }

  /** Counts a problem each time, and reports it once. */
  #report(worker: number | undefined, reason: ErrorReason, error: Error): void {
    this.#errors.count(worker, reason);
    const text = thrownText(error);
    if (this.#reported.has(text) || this.#reported.size >= MAX_REPORTED) return;
    this.#reported.add(text);
    this.#failures.push({ collector: worker === undefined ? 'workers' : `worker ${worker}`, error });
  }
}

function stateOf({ snapshot, isUp }: Shown): WorkerState {
  return { worker: snapshot.slot, isUp, age: Math.max(0, Date.now() - snapshot.takenAt) / 1000 };
}

function numbersOf(shown: readonly Shown[]): ReadonlySet<number> {
  return new Set(shown.map(({ snapshot }) => snapshot.slot));
}

function memberOf(shown: Shown): Member {
  return { ...stateOf(shown), metrics: [...shown.snapshot.families.values()] };
}

function sourceOf({ families, departed }: Snapshot, worker: number | undefined) {
  return { metrics: [...families.values()], departed: [...departed.values()], worker };
}
