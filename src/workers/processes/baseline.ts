import { EventLoopBudget } from '../../model/event-loop-budget.ts';
import { thrownText } from '../../model/thrown.ts';
import { isKept } from '../merge/empty-family.ts';
import { MAX_ENDED_SERIES, overflowError } from '../merge/ended-series.ts';
import { Merger } from '../merge/merger.ts';
import { contentOf, type MeetingDirectory, removeFile } from './meeting/meeting-directory.ts';
import { ColumnsEncoder } from './snapshot/columns-encoder.ts';
import type { FamilyColumns } from './snapshot/family-columns.ts';
import { readSnapshot } from './snapshot/read-snapshot-bytes.ts';
import type { MemberId, Snapshot } from './snapshot/snapshot.ts';
import { encodeFamilies } from './snapshot/snapshot-bytes.ts';

/** Number of incarnations that are remembered: those that may still occur in a scrape that has begun. */
const MAX_FOLDED = 1000;
/**
 * Number of old baselines that are kept, so that a process that was stopped while it wrote one finds its number taken.
 */
const KEPT = 8;
const MAX_TRIES = 100;

const NOTHING: Snapshot = {
  slot: -1,
  incarnation: '',
  sequence: 0,
  joinedAt: 0,
  takenAt: 0,
  families: new Map(),
  departed: new Map(),
  folded: [],
};

type Families = ReadonlyMap<string, FamilyColumns>;

/**
 * The sums of the processes of a group that have ended. Each change is a new file with the next number, which only one
 * process can create: the others begin again. So a process is never added twice, and no lock can be left behind.
 */
export class Baseline {
  readonly #directory: MeetingDirectory;
  readonly #onProblem: (problem: Error, reason: 'unreadable' | 'overflow') => void;
  /** The highest number of a file when `#latest` was read. */
  #highest = 0;
  #latest = NOTHING;

  constructor(directory: MeetingDirectory, onProblem: (problem: Error, reason: 'unreadable' | 'overflow') => void) {
    this.#directory = directory;
    this.#onProblem = onProblem;
  }

  /** The baseline as it was read last. */
  get latest(): Snapshot {
    return this.#latest;
  }

  /** Reads the latest baseline; it is empty if no process has ended. */
  async read(): Promise<Snapshot> {
    for (let tries = 0; tries < MAX_TRIES; tries++) {
      const { baselines } = await this.#directory.list();
      if (await this.#readFirst(baselines)) return this.#latest;
    }
    throw new Error(`The baseline in ${this.#directory.path} changed ${MAX_TRIES} times while it was read.`);
  }

  /** Reads the first file that is intact. Returns false if it was removed, because there is a newer one. */
  async #readFirst(numbers: readonly number[]): Promise<boolean> {
    const [highest = 0] = numbers;
    if (highest === this.#highest) return true;
    for (const number of numbers) {
      const path = this.#directory.baselinePath(number);
      const bytes = await contentOf(path);
      if (bytes === undefined) return false;
      try {
        this.#latest = readSnapshot(bytes);
        this.#highest = highest;
        return true;
      } catch (thrown) {
        this.#onProblem(new Error(`Cannot read ${path}: ${thrownText(thrown)}`, { cause: thrown }), 'unreadable');
      }
    }
    this.#latest = NOTHING;
    this.#highest = highest;
    return true;
  }

  /**
   * Adds the last snapshot of a process that has ended, unless another process did, and removes its files. `snapshot` is
   * called once it is certain that it is needed.
   */
  async fold(id: MemberId, snapshot: () => Promise<Snapshot | undefined>): Promise<void> {
    for (let tries = 0; tries < MAX_TRIES; tries++) {
      const baseline = await this.read();
      const number = this.#highest + 1;
      if (baseline.folded.includes(id.incarnation)) return this.#directory.removeMember(id);
      const last = await snapshot();
      const { sum, overflow } = await sumOf(baseline, last, id, number);
      if (!(await this.#publish(number, sum))) continue;
      for (const name of overflow) this.#onProblem(overflowError(name), 'overflow');
      await this.#directory.removeMember(id);
      return;
    }
    throw new Error(`The baseline in ${this.#directory.path} changed ${MAX_TRIES} times while it was written.`);
  }

  async #publish(number: number, next: Snapshot): Promise<boolean> {
    const path = this.#directory.baselinePath(number);
    if (!(await this.#directory.writeNew(path, encodeFamilies(next)))) return false;
    const { baselines } = await this.#directory.list();
    const old = baselines.filter((other) => other <= (baselines[0] ?? 0) - KEPT);
    await Promise.all(old.map((other) => removeFile(this.#directory.baselinePath(other))));
    return baselines[0] === number;
  }
}

/** Adds a snapshot to a baseline. */
async function sumOf(
  baseline: Snapshot,
  last: Snapshot | undefined,
  { incarnation }: MemberId,
  number: number,
): Promise<{ readonly sum: Snapshot; readonly overflow: readonly string[] }> {
  const families = await merged(baseline.families, last?.families);
  const departed = await merged(baseline.departed, last?.departed);
  const sum = {
    ...NOTHING,
    sequence: number,
    takenAt: Date.now(),
    families: families.sum,
    departed: departed.sum,
    folded: [...baseline.folded.slice(1 - MAX_FOLDED), incarnation],
  };
  return { sum, overflow: families.overflow };
}

/** Returns the sums, and the names of families with too many series. */
async function merged(
  one: Families,
  other: Families = new Map(),
): Promise<{ readonly sum: Families; readonly overflow: readonly string[] }> {
  const budget = new EventLoopBudget();
  const merger = new Merger({ label: 'worker' }, budget);
  for (const families of [one, other]) {
    const metrics = [...families.values()].filter(({ descriptor }) => isKept(descriptor));
    await merger.add({ metrics });
  }
  const overflow = await merger.limit(MAX_ENDED_SERIES);
  const encoder = new ColumnsEncoder(one);
  for (const metric of merger.metrics) {
    encoder.family(metric.descriptor);
    metric.encode(encoder, 0, metric.rowCount);
    if (budget.isOver) await budget.wait();
  }
  encoder.end();
  return { sum: encoder.families, overflow };
}
