import { EventLoopBudget } from '../../model/event-loop-budget.ts';
import { thrownText } from '../../model/thrown.ts';
import { cumulativeType } from '../merge/empty-family.ts';
import { Merger } from '../merge/merger.ts';
import { contentOf, type MeetingDirectory, removeFile } from './meeting/meeting-directory.ts';
import { ColumnsEncoder } from './snapshot/columns-encoder.ts';
import type { FamilyColumns } from './snapshot/family-columns.ts';
import { readSnapshot } from './snapshot/read-snapshot-bytes.ts';
import type { MemberId, Snapshot } from './snapshot/snapshot.ts';
import { encodeFamilies } from './snapshot/snapshot-bytes.ts';

/** Maximum number of series of a family that are kept for ended processes. */
const MAX_SERIES = 10_000;
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
  readonly #onProblem: (problem: Error) => void;
  /** The highest number of a file when `#latest` was read. */
  #highest = 0;
  #latest = NOTHING;

  constructor(directory: MeetingDirectory, onProblem: (problem: Error) => void) {
    this.#directory = directory;
    this.#onProblem = onProblem;
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
        this.#onProblem(new Error(`Cannot read ${path}: ${thrownText(thrown)}`, { cause: thrown }));
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
      const next = await sumOf(baseline, last, id, number);
      if (!(await this.#publish(number, next))) continue;
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

/** Adds a snapshot to a baseline. Only values that never decrease outlive their process. */
async function sumOf(
  baseline: Snapshot,
  last: Snapshot | undefined,
  { incarnation }: MemberId,
  number: number,
): Promise<Snapshot> {
  return {
    ...NOTHING,
    sequence: number,
    takenAt: Date.now(),
    families: await merged(baseline.families, last?.families),
    departed: await merged(baseline.departed, last?.departed),
    folded: [...baseline.folded.slice(1 - MAX_FOLDED), incarnation],
  };
}

async function merged(one: Families, other: Families = new Map()): Promise<Families> {
  const budget = new EventLoopBudget();
  const merger = new Merger({ label: 'worker' }, budget);
  for (const families of [one, other]) {
    const metrics = [...families.values()].filter(({ descriptor }) => cumulativeType(descriptor) !== undefined);
    await merger.add({ metrics });
  }
  const encoder = new ColumnsEncoder(one);
  for (const metric of merger.metrics) {
    encoder.family(metric.descriptor);
    metric.encode(encoder, 0, Math.min(metric.rowCount, MAX_SERIES));
    if (budget.isOver) await budget.wait();
  }
  encoder.end();
  return encoder.families;
}
