import { cumulativeType, emptySums } from '../../merge/empty-family.ts';
import type { MergedFamily } from '../../merge/merged-family.ts';
import { UnionSeries } from '../../merge/union-series.ts';
import { ColumnsEncoder } from './columns-encoder.ts';
import type { FamilyColumns } from './family-columns.ts';
import { labelsAt } from './row-labels.ts';

/** Maximum number of departed series of a family in each of two generations. */
const MAX_SERIES = 5000;

/**
 * The final values of series that this process has removed or reset. They still count if another process shows the
 * series: otherwise the sum would decrease, which looks like a restart.
 */
export class DepartedSeries {
  readonly #families = new Map<string, Departed>();

  /** Compares a family with an earlier copy of it. Returns whether series have departed. */
  compare(earlier: FamilyColumns, current: FamilyColumns | undefined): boolean {
    const type = cumulativeType(earlier.descriptor);
    if (type === undefined) return false;
    const rows = departedRows(earlier, current);
    for (const row of rows) {
      const departed = this.#families.get(earlier.descriptor.name) ?? new Departed();
      this.#families.set(earlier.descriptor.name, departed);
      departed.add(earlier, row);
    }
    return rows.length > 0;
  }

  /** Returns a copy of a family's departed series; `earlier` is the previous one. */
  copyOf(name: string, earlier: FamilyColumns | undefined): FamilyColumns | undefined {
    return this.#families.get(name)?.copy(name, earlier);
  }
}

/** The departed series of a family. Those that departed long ago are forgotten when there are too many. */
class Departed {
  #young: MergedFamily | undefined = undefined;
  #old: MergedFamily | undefined = undefined;

  add(family: FamilyColumns, row: number): void {
    if (this.#young !== undefined && this.#young.rowCount >= MAX_SERIES) {
      this.#old = this.#young;
      this.#young = undefined;
    }
    this.#young ??= emptySumsFor(family);
    try {
      this.#young?.add(family, row, row + 1);
    } catch {
      // The metric was created again with other buckets. The others cannot be added to these from now on.
      this.#old = undefined;
      this.#young = emptySumsFor(family);
      this.#young?.add(family, row, row + 1);
    }
  }

  copy(name: string, earlier: FamilyColumns | undefined): FamilyColumns | undefined {
    const encoder = new ColumnsEncoder(new Map(earlier === undefined ? [] : [[name, earlier]]));
    const all = this.#young && emptySumsFor(this.#young);
    for (const part of [this.#old, this.#young]) if (part !== undefined) all?.add(part, 0, part.rowCount);
    if (all === undefined) return undefined;
    encoder.family(all.descriptor);
    all.encode(encoder, 0, all.rowCount);
    encoder.end();
    return encoder.families.get(name);
  }
}

function emptySumsFor({ descriptor }: Pick<FamilyColumns, 'descriptor'>): MergedFamily | undefined {
  const type = cumulativeType(descriptor);
  return type && emptySums(descriptor, type);
}

/** The rows of `earlier` whose series are missing from `current`, or started again from zero. */
function departedRows(earlier: FamilyColumns, current: FamilyColumns | undefined): number[] {
  if (current?.hasSeriesOf(earlier)) return current.rowsBelow(earlier);
  const rows = Array.from({ length: earlier.rowCount }, (_, row) => row);
  if (current === undefined) return rows;
  const union = new UnionSeries();
  for (let row = 0; row < current.rowCount; row++) union.rowOf(labelsAt(current, row));
  return rows.filter((row) => {
    const found = union.rowOf(labelsAt(earlier, row));
    return found >= current.rowCount || earlier.totalOf(row) > current.totalOf(found);
  });
}
