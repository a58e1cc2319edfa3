import { ownMemory, type TableMemory } from './table-memory.ts';

const INITIAL_SLOTS = 8;
/** Number of rows that each new row moves to larger slots: so many that all have moved long before the next growth. */
const ROWS_PER_STEP = 64;

/** An open-addressing hash table, which leads from the ids of the label values of a row to the row. */
export class RowSlots {
  /**
   * The ids of all rows; the first is negative if the series was removed. The array is replaced when the table grows.
   */
  ids = ownMemory.integers(0);
  /** Rows, or 0 for a free slot. A removed row stays until the next growth, but matches no ids. */
  protected slots = new Int32Array(INITIAL_SLOTS);
  /** Differs from run to run, so that label values from clients cannot be chosen to collide. */
  protected readonly seed = (Math.random() * 2 ** 32) | 0;
  /** Number of labels. */
  readonly #width: number;
  #usedSlots = 0;
  #size = 0;
  /** The slots before the last growth, until all of their rows are in the new ones too. */
  #oldSlots: Int32Array | undefined = undefined;
  /** While there are old slots: the next row to move, and the last one. */
  #nextToMove = 0;
  #lastToMove = 0;
  /** Maximum number of rows that will still move: they need slots, too. */
  #unmoved = 0;

  protected constructor(width: number) {
    this.#width = width;
  }

  /** Marks a row as removed: its first id becomes negative, by inverting its bits. */
  remove(row: number): void {
    const at = row * this.#width;
    this.ids[at] = ~this.ids[at]!;
    this.#size--;
  }

  /** Whether a row that was added still exists. */
  has(row: number): boolean {
    const width = this.#width;
    return width === 0 || this.ids[row * width]! >= 0;
  }

  /** Moves all ids to a new array of this memory. */
  grow(rows: number, memory: TableMemory): void {
    const ids = memory.integers(rows * this.#width);
    ids.set(this.ids.subarray(0, Math.min(ids.length, this.ids.length)));
    this.ids = ids;
  }

  /** Whether some rows may still be found only in the slots before the last growth. */
  protected get isMoving(): boolean {
    return this.#oldSlots !== undefined;
  }

  /** Adds a row that has ids. */
  protected addToSlots(row: number): void {
    this.#size++;
    if ((this.#usedSlots + this.#unmoved) * 3 >= this.slots.length * 2) this.#growSlots(row - 1);
    if (this.#oldSlots !== undefined) this.#moveRows(ROWS_PER_STEP);
    this.#insert(row);
  }

  /** Empties the slots and adds the rows up to the last one, all of which exist. */
  protected refill(lastRow: number): void {
    this.#size = lastRow;
    this.#oldSlots = undefined;
    this.#unmoved = 0;
    this.#usedSlots = 0;
    const length = slotsFor(2 * lastRow); // With churn, about as many are added before the next time.
    if (this.slots.length === length) this.slots.fill(0);
    else this.slots = new Int32Array(length);
    for (let row = 1; row <= lastRow; row++) this.#insert(row);
  }

  /**
   * Looks for a row in the slots before the last growth. Also moves some rows, so that these slots are not used for long,
   * even if no rows are added.
   */
  protected findMoving(hash: number, isWanted: (row: number) => boolean): number {
    const slots = this.#oldSlots ?? this.slots;
    this.#moveRows(ROWS_PER_STEP);
    const mask = slots.length - 1;
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const row = slots[slot]!;
      if (row === 0 || isWanted(row)) return row;
    }
  }

  // Inserting all rows into larger slots would take 25 ms for the first million, so each new row moves some of them.
  #growSlots(lastRow: number): void {
    const isMoving = this.#oldSlots !== undefined;
    this.#oldSlots = this.slots;
    this.slots = new Int32Array(slotsFor(this.#size));
    this.#usedSlots = 0;
    this.#nextToMove = 1;
    this.#lastToMove = lastRow;
    this.#unmoved = this.#size;
    if (isMoving) this.#moveRows(lastRow); // Rare: there were far more removed rows than others.
  }

  /** Moves at most `most` rows from the old slots, in order. */
  #moveRows(most: number): void {
    const end = Math.min(this.#nextToMove + most, this.#lastToMove + 1);
    for (let row = this.#nextToMove; row < end; row++) {
      if (!this.has(row)) continue;
      this.#insert(row);
      this.#unmoved--;
    }
    this.#nextToMove = end;
    if (end > this.#lastToMove) {
      this.#oldSlots = undefined;
      this.#unmoved = 0;
    }
  }

  #insert(row: number): void {
    const width = this.#width;
    let hash = this.seed;
    for (let at = row * width; at < (row + 1) * width; at++) hash = mix(hash, this.ids[at]!);
    const { slots } = this;
    const mask = slots.length - 1;
    let slot = hash & mask;
    while (slots[slot] !== 0) slot = (slot + 1) & mask;
    slots[slot] = row;
    this.#usedSlots++;
  }
}

/** Returns the number of slots for so many rows. */
function slotsFor(rows: number): number {
  return Math.max(INITIAL_SLOTS, 2 ** Math.ceil(Math.log2(rows * 2)));
}

/** Adds an id to the hash of the ids before it. */
export function mix(hash: number, id: number): number {
  const mixed = Math.imul(hash ^ id, 0x9e3779b1);
  return mixed ^ (mixed >>> 15);
}
