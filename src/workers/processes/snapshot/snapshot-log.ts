import { EventLoopBudget } from '../../../model/event-loop-budget.ts';
import type { Gathering } from '../../../registry/gathering.ts';
import { ColumnsEncoder } from './columns-encoder.ts';
import { DepartedSeries } from './departed-series.ts';
import { type FamilyColumns, isSameMemory } from './family-columns.ts';
import type { MemberId, Snapshot } from './snapshot.ts';
import { encodeSnapshot, exemplarsText, type FamilyVersions, type VersionedFamily } from './snapshot-bytes.ts';

/**
 * The snapshots of this process, of which only the latest is kept. Notes for each part of each family in which snapshot
 * it has changed, so that only that is sent.
 */
export class SnapshotLog {
  #latest: Snapshot;
  readonly #families = new Map<string, VersionedFamily>();
  readonly #departedFamilies = new Map<string, VersionedFamily>();
  readonly #departed = new DepartedSeries();

  constructor(id: MemberId) {
    const now = Date.now();
    const families = new Map<string, FamilyColumns>();
    this.#latest = { ...id, sequence: 0, joinedAt: now, takenAt: now, families, departed: families, folded: [] };
  }

  /** The latest snapshot. */
  get latest(): Snapshot {
    return this.#latest;
  }

  /** Changes the slot of this and all further snapshots. */
  moveTo(slot: number): void {
    this.#latest = { ...this.#latest, slot };
  }

  /** Copies the metrics of a gathering, in turns of 2 ms between which the event loop runs other callbacks. */
  async take(gathering: Gathering): Promise<Snapshot> {
    const encoder = new ColumnsEncoder(this.#latest.families);
    const budget = new EventLoopBudget();
    for (const _step of gathering.steps(encoder)) if (budget.isOver) await budget.wait();
    encoder.end();
    return this.add(encoder.families);
  }

  /** Like `take()`, but at once, for a process that ends. */
  takeNow(gathering: Gathering): Snapshot {
    const encoder = new ColumnsEncoder(this.#latest.families);
    gathering.encode(encoder);
    encoder.end();
    return this.add(encoder.families);
  }

  /** Adds a snapshot with these families. */
  add(families: ReadonlyMap<string, FamilyColumns>): Snapshot {
    const next = this.#latest.sequence + 1;
    const departedNames = [...this.#latest.families].filter(([name, earlier]) => {
      const current = families.get(name);
      return earlier !== current && this.#departed.compare(earlier, current);
    });
    for (const [name] of departedNames) {
      const copy = this.#departed.copyOf(name, this.#departedFamilies.get(name)?.columns);
      if (copy !== undefined) this.#departedFamilies.set(name, changed(this.#departedFamilies.get(name), copy, next));
    }
    let isChanged = departedNames.length > 0 || families.size !== this.#latest.families.size;
    for (const name of this.#families.keys()) if (!families.has(name)) this.#families.delete(name);
    for (const [name, columns] of families) {
      const family = changed(this.#families.get(name), columns, next);
      this.#families.set(name, family);
      isChanged ||= Object.values(family.changedIn).includes(next);
    }
    const departed = new Map(Array.from(this.#departedFamilies, ([name, { columns }]) => [name, columns]));
    const sequence = isChanged ? next : this.#latest.sequence;
    this.#latest = { ...this.#latest, sequence, takenAt: Date.now(), families, departed };
    return this.#latest;
  }

  /** Returns the latest snapshot as bytes, without what a reader knows that has read an earlier one. */
  bytesSince(sequence: number): Buffer[] {
    return encodeSnapshot(this.#latest, this.#families, this.#departedFamilies, sequence);
  }
}

/** Compares a family with its version in the snapshot before. */
function changed(known: VersionedFamily | undefined, columns: FamilyColumns, sequence: number): VersionedFamily {
  const exemplars = exemplarsText(columns);
  if (known === undefined || !hasSameStructure(known.columns, columns)) {
    return { columns, exemplars, changedIn: { structure: sequence, numbers: sequence, exemplars: sequence } };
  }
  const isSame = columns.blocks.every(({ numbers }, at) => isSameMemory(numbers, known.columns.blocks[at]!.numbers));
  const changedIn: FamilyVersions = {
    structure: known.changedIn.structure,
    numbers: isSame ? known.changedIn.numbers : sequence,
    exemplars: exemplars === known.exemplars ? known.changedIn.exemplars : sequence,
  };
  return { columns, exemplars, changedIn, structure: known.structure };
}

function hasSameStructure(one: FamilyColumns, other: FamilyColumns): boolean {
  const { help, type, unit, acrossWorkers } = one.descriptor;
  return (
    other.hasSeriesOf(one) &&
    help === other.descriptor.help &&
    type === other.descriptor.type &&
    unit === other.descriptor.unit &&
    acrossWorkers === other.descriptor.acrossWorkers
  );
}
