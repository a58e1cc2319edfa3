import type { SeriesTable } from '../../metrics/series/series-table.ts';
import type { TableArrays, TableMemory, TableSharing } from '../../metrics/series/table-memory.ts';
import { SharedTexts } from './shared-texts.ts';

/** The arrays of a table and the values of its labels, as a message passes them to another thread. */
export interface SharedRows extends TableArrays {
  /** Differs from that of earlier arrays if rows or ids have moved. */
  readonly epoch: number;
  /** The values of each label; see {@link SharedTexts}. */
  readonly texts: readonly Uint8Array[];
}

/** Memory that other threads can read while this one writes to it. */
const sharedMemory: TableMemory = {
  doubles: (length) => new Float64Array(new SharedArrayBuffer(length * Float64Array.BYTES_PER_ELEMENT)),
  integers: (length) => new Int32Array(new SharedArrayBuffer(length * Int32Array.BYTES_PER_ELEMENT)),
};

const sharedTables = new WeakMap<SeriesTable, SharedTable>();

/**
 * A table in shared memory. Its followers get new arrays before the owner uses them, and read numbers, new rows and new
 * label values themselves. What arrays say about a row changes only in its numbers and when it is removed.
 */
export class SharedTable implements TableSharing {
  readonly memory = sharedMemory;
  readonly #table: SeriesTable;
  readonly #followers = new Set<(rows: SharedRows) => void>();
  #texts: readonly SharedTexts[];
  #epoch = 0;

  private constructor(table: SeriesTable) {
    this.#table = table;
    this.#texts = table.labelNames.map(() => new SharedTexts());
  }

  /** Moves a table to shared memory, unless it is there already. */
  static of(table: SeriesTable): SharedTable {
    const known = sharedTables.get(table);
    if (known !== undefined) return known;
    const shared = new SharedTable(table);
    table.share(shared);
    sharedTables.set(table, shared);
    return shared;
  }

  /** Calls `follower` with the current arrays and with all later ones. Returns a function that ends it. */
  follow(follower: (rows: SharedRows) => void): () => void {
    this.#followers.add(follower);
    follower(this.#rows);
    return () => void this.#followers.delete(follower);
  }

  /** The epoch of the current rows. */
  get epoch(): number {
    return this.#epoch;
  }

  addTexts(): boolean {
    const { values } = this.#table.index;
    let isReplaced = false;
    for (let index = 0; index < this.#texts.length; index++) {
      if (this.#texts[index]!.append(values[index]!.texts)) isReplaced = true;
    }
    return isReplaced;
  }

  publish(isMoved: boolean): void {
    if (isMoved) {
      this.#epoch++;
      this.#texts = this.#texts.map(() => new SharedTexts());
      this.addTexts();
    }
    for (const follower of this.#followers) follower(this.#rows);
  }

  get #rows(): SharedRows {
    return { ...this.#table.arrays, epoch: this.#epoch, texts: this.#texts.map(({ bytes }) => bytes) };
  }
}
