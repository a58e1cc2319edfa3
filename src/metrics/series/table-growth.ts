import type { TableMemory } from './table-memory.ts';

/** Growth factor of tables: small, because rows may be wide and copying them is cheap. */
const GROWTH = 1.125;
/**
 * Growth factor of large tables and of those that other threads read. Unused memory is not resident, and discarding many
 * large arrays makes the engine collect garbage.
 */
const LARGE_GROWTH = 2;
/** Number of rows of a large table. */
const LARGE = 2 ** 17;
/** Preparations begin when the last one of so many parts of the rows is being filled. */
const PARTS = 8;
/** Number of steps of the preparations. */
const STEPS = 256;
/** Number of doubles in a page of memory. */
const PAGE = 512;

/** The lengths of the arrays of a table for each of its rows. */
export interface RowLengths {
  readonly doubles: readonly number[];
  readonly integers: number;
}

/**
 * Plans the growth of a table, and allocates the memory of a large one some time before. The first access to each page of
 * new memory takes 2 µs, which is 90 % of the time of copying a table. So pages are touched bit by bit while rows are
 * added, and a million numbers are copied in less than a millisecond.
 */
export class TableGrowth {
  /** The row from which on `prepare()` is due. */
  prepareAt = Number.POSITIVE_INFINITY;
  #capacity = 0;
  #prepared: PreparedMemory | undefined = undefined;

  /** Returns the memory for a table of this capacity: that which was prepared, as far as it fits. */
  resize(capacity: number, memory: TableMemory): TableMemory {
    const prepared = this.#prepared;
    this.#prepared = undefined;
    this.#capacity = capacity;
    this.prepareAt = capacity >= LARGE ? this.#start : Number.POSITIVE_INFINITY;
    return prepared?.memory === memory ? prepared : memory;
  }

  /** Returns the capacity to which the table should grow. */
  next(isShared: boolean): number {
    const isLarge = this.#capacity >= LARGE || isShared; // Telling other threads takes a few microseconds.
    return Math.ceil(this.#capacity * (isLarge ? LARGE_GROWTH : GROWTH));
  }

  /** Prepares as much as is due when this row is added. */
  prepare(row: number, next: number, memory: TableMemory, lengths: RowLengths): void {
    this.#prepared ??= new PreparedMemory(memory, next, lengths);
    const step = Math.ceil((this.#capacity - this.#start) / STEPS);
    const due = (row + step - this.#start) / (this.#capacity - this.#start);
    this.#prepared.touch(Math.min(due, 1) * this.#capacity); // Further rows are touched when they are added.
    this.prepareAt = row + step;
  }

  get #start(): number {
    return this.#capacity - Math.floor(this.#capacity / PARTS);
  }
}

/** Arrays for the next growth. Other arrays are allocated when they are requested. */
class PreparedMemory implements TableMemory {
  readonly memory: TableMemory;
  readonly #doubles: Float64Array[];
  readonly #integers: Int32Array[];
  readonly #capacity: number;
  #touched = 0;

  constructor(memory: TableMemory, capacity: number, { doubles, integers }: RowLengths) {
    this.memory = memory;
    this.#capacity = capacity;
    this.#doubles = doubles.map((length) => memory.doubles(length * capacity));
    this.#integers = [memory.integers(integers * capacity)];
  }

  /** Touches the pages of all rows before this one. */
  touch(row: number): void {
    for (const array of [...this.#doubles, ...this.#integers]) {
      const length = array.length / this.#capacity;
      for (let at = this.#touched * length; at < row * length; at += PAGE) array[at] = 0;
    }
    this.#touched = row;
  }

  doubles(length: number): Float64Array {
    return taken(this.#doubles, length) ?? this.memory.doubles(length);
  }

  integers(length: number): Int32Array {
    return taken(this.#integers, length) ?? this.memory.integers(length);
  }
}

/** Removes an array of this length from a list and returns it. */
function taken<A extends { readonly length: number }>(arrays: A[], length: number): A | undefined {
  const at = arrays.findIndex((array) => array.length === length);
  return at < 0 ? undefined : arrays.splice(at, 1)[0];
}
