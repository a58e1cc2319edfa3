import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { Registry } from '../../../src/index.ts';
import { collectWorkers } from '../../../src/workers/index.ts';
import { pick, type Random } from '../../random.ts';
import { MemberProcess, valuesIn } from './member-process.ts';

const MOST = 4;
const QUEUES = ['mail', 'fax', 'print'];
/** A scrape takes its full timeout if a member is stopped. */
const SHORT_MS = 1000;
const LONG_MS = 20_000;

/** A member, and what the test knows about its counters by queue. */
interface Known {
  readonly process: MemberProcess;
  /** Its counts. */
  readonly counted: Map<string, number>;
  /** Lower bounds of its counts when it was last saved. */
  readonly saved: Map<string, number>;
  isStopped: boolean;
}

/**
 * A group of processes to which random things happen: they count, are scraped through any of them, exit, are killed,
 * stopped, continued and replaced. Fails if a counter decreases from one scrape to the next, or if it is not the sum of
 * what was counted, less what killed processes counted after they were saved.
 */
export class RandomMembers {
  readonly #t: Pick<TestContext, 'after'>;
  readonly #directory: string;
  readonly #random: Random;
  #members: Known[] = [];
  /** Lower and upper bounds of the counts that ended processes left. */
  readonly #leftAtLeast = new Map<string, number>();
  readonly #leftAtMost = new Map<string, number>();
  readonly #shown = new Map<string, number>();
  readonly #isObserved: boolean;

  /** `isObserved`: whether others scrape the members, too. */
  constructor(
    t: Pick<TestContext, 'after'>,
    directory: string,
    random: Random,
    { isObserved }: { readonly isObserved: boolean } = { isObserved: false },
  ) {
    this.#t = t;
    this.#directory = directory;
    this.#random = random;
    this.#isObserved = isObserved;
  }

  /** Performs one random action. */
  async step(): Promise<void> {
    if (this.#running.length === 0) return this.#start();
    const action = pick(this.#random, [
      () => this.#start(),
      () => this.#count(),
      () => this.#count(),
      () => this.#count(),
      () => this.#scrape(),
      () => this.#scrape(),
      () => this.#scrapeFromOutside(),
      () => this.#exit(),
      () => this.#kill(),
      () => this.#killDuringScrapes(),
      () => this.#stop(),
      () => this.#continue(),
    ]);
    await action();
  }

  /** Lets all members run, and compares the sums a last time. Returns the counts by queue, which are left when it has killed them. */
  async end(): Promise<ReadonlyMap<string, number>> {
    for (const member of this.#members) await continueIt(member);
    if (this.#running.length === 0) await this.#start();
    await this.#scrape();
    for (const { process } of this.#members) await process.kill();
    return this.#shown;
  }

  get #running(): Known[] {
    return this.#members.filter(({ isStopped }) => !isStopped);
  }

  async #start(): Promise<void> {
    if (this.#members.length >= MOST) return;
    const process = await MemberProcess.start(this.#t, this.#directory);
    assert.ok(process.worker >= 0, 'it has joined');
    this.#members.push({ process, counted: new Map(), saved: new Map(), isStopped: false });
  }

  async #count(): Promise<void> {
    const { process, counted } = pick(this.#random, this.#running);
    const queue = pick(this.#random, QUEUES);
    const inc = this.#random(1000);
    add(counted, queue, inc);
    await process.tell({ queue, inc });
  }

  async #scrape(): Promise<void> {
    const { process } = pick(this.#random, this.#running);
    // A member may answer with what it was about to answer to another scrape, which began before it counted.
    if (this.#isObserved) await process.scrape(this.#timeoutMs);
    this.#check(await process.scrape(this.#timeoutMs));
  }

  /** A collector without earlier snapshots, like a worker that was just started. */
  async #scrapeFromOutside(): Promise<void> {
    if (this.#isObserved) await this.#shownOutside();
    this.#check(await this.#shownOutside());
  }

  async #shownOutside(): Promise<Map<string, number>> {
    const workers = collectWorkers({ directory: this.#directory, group: 'test' });
    const gatherer = { gather: () => workers.gather({ timeoutMs: this.#timeoutMs }) };
    return valuesIn(await Registry.merge(gatherer).expose());
  }

  get #timeoutMs(): number {
    return this.#running.length < this.#members.length ? SHORT_MS : LONG_MS;
  }

  async #exit(): Promise<void> {
    const member = pick(this.#random, this.#running);
    await member.process.tell({ exit: true });
    await member.process.ended;
    this.#ended(member, member.counted);
  }

  async #kill(): Promise<void> {
    const member = pick(this.#random, this.#members);
    await member.process.kill();
    this.#ended(member, member.saved);
  }

  /** Two collectors notice at the same time that a process has ended, or is about to. */
  async #killDuringScrapes(): Promise<void> {
    const victim = pick(this.#random, this.#members);
    const others = this.#running.filter((member) => member !== victim);
    const timeoutMs = this.#timeoutMs;
    const scrapes = [...others.map(({ process }) => process.scrape(timeoutMs)), this.#shownOutside()];
    victim.process.child.kill('SIGKILL');
    const shown = await Promise.all(scrapes);
    await victim.process.ended;
    this.#ended(victim, victim.saved);
    // They may see the last count of the victim or only the saved one, but the next collector must not see less.
    for (const values of shown) {
      for (const queue of QUEUES) {
        const value = countOf(values, queue);
        assert.ok(value >= (this.#shown.get(queue) ?? 0), `${queue} does not decrease during a kill`);
      }
    }
    for (const values of shown) {
      for (const queue of QUEUES) this.#shown.set(queue, Math.max(this.#shown.get(queue) ?? 0, countOf(values, queue)));
    }
    await this.#scrapeFromOutside();
  }

  async #stop(): Promise<void> {
    if (this.#running.length < 2) return;
    const member = pick(this.#random, this.#running);
    member.isStopped = true;
    member.process.child.kill('SIGSTOP');
  }

  async #continue(): Promise<void> {
    const member = this.#members.find(({ isStopped }) => isStopped);
    if (member !== undefined) await continueIt(member);
  }

  #ended(member: Known, atLeast: ReadonlyMap<string, number>): void {
    this.#members = this.#members.filter((other) => other !== member);
    for (const queue of QUEUES) {
      add(this.#leftAtLeast, queue, atLeast.get(queue) ?? 0);
      add(this.#leftAtMost, queue, member.counted.get(queue) ?? 0);
    }
  }

  #check(values: ReadonlyMap<string, number>): void {
    const isUp = ({ process }: Known) => values.get(`zeroprom_worker_up{worker="${process.worker}"}`) === 1;
    for (const { process, isStopped } of this.#members) {
      const name = `zeroprom_worker_up{worker="${process.worker}"}`;
      assert.ok(values.has(name), `${name} is shown`);
      if (!isStopped && this.#timeoutMs === LONG_MS) assert.equal(values.get(name), 1, name);
    }
    for (const queue of QUEUES) {
      const shown = countOf(values, queue);
      const counted = sumOf(this.#members, queue, ({ counted }) => counted);
      const atLeast = sumOf(this.#members, queue, (member) => (isUp(member) ? member.counted : member.saved));
      const [low, high] = [this.#leftAtLeast.get(queue) ?? 0, this.#leftAtMost.get(queue) ?? 0];
      assert.ok(shown >= (this.#shown.get(queue) ?? 0), `${queue}: ${shown} after ${this.#shown.get(queue)}`);
      assert.ok(shown >= atLeast + low, `${queue}: ${shown}, but at least ${atLeast + low} were saved`);
      assert.ok(shown <= counted + high, `${queue}: ${shown}, but only ${counted + high} were counted`);
      this.#shown.set(queue, shown);
      if (atLeast !== counted) continue;
      // All members have answered, so the counts that ended processes left are known.
      this.#leftAtLeast.set(queue, shown - counted);
      this.#leftAtMost.set(queue, shown - counted);
    }
    for (const member of this.#members.filter(isUp)) {
      for (const [queue, count] of member.counted) member.saved.set(queue, count);
    }
  }
}

async function continueIt(member: Known): Promise<void> {
  member.isStopped = false;
  member.process.child.kill('SIGCONT');
  await member.process.tell({});
}

function sumOf(
  members: readonly Known[],
  queue: string,
  counts: (member: Known) => ReadonlyMap<string, number>,
): number {
  return members.reduce((sum, member) => sum + (counts(member).get(queue) ?? 0), 0);
}

function countOf(values: ReadonlyMap<string, number>, queue: string): number {
  return values.get(`jobs_total{queue="${queue}"}`) ?? 0;
}

function add(counts: Map<string, number>, queue: string, count: number): void {
  counts.set(queue, (counts.get(queue) ?? 0) + count);
}
