/** Allocates the arrays of a series table. */
export interface TableMemory {
  doubles(length: number): Float64Array;
  integers(length: number): Int32Array;
}

/** Memory of this thread alone. */
export const ownMemory: TableMemory = {
  doubles: (length) => new Float64Array(length),
  integers: (length) => new Int32Array(length),
};

/** The arrays of a table. They are replaced when the table grows or rows move, and then remain as they were. */
export interface TableArrays {
  /** Label value ids by row. The first id of row 0, which has no series, is the last row if the memory is shared. */
  readonly ids: Int32Array;
  /** The number columns, in the order in which the metric has added them. */
  readonly columns: readonly Float64Array[];
  /** Numbers of lost updates; see `SeriesTable.lost`. */
  readonly lost: Float64Array;
}

/** Lets other threads read a table while this one changes it. */
export interface TableSharing {
  readonly memory: TableMemory;
  /** Called before rows with new label values appear. Returns whether it takes a `publish()` to see them. */
  addTexts(): boolean;
  /** Called when arrays were replaced, before they change. `isMoved` tells whether rows or ids have moved. */
  publish(isMoved: boolean): void;
}
