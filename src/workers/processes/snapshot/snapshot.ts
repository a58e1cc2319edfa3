import type { FamilyColumns } from './family-columns.ts';

/** A process that has joined others. */
export interface MemberId {
  /** Value of the label `worker`: the lowest number that was free. Its successor takes it over. */
  readonly slot: number;
  /** Random text that no other process has, not even a successor. */
  readonly incarnation: string;
}

/** The metrics of a process at one moment, or the sums of processes that have ended. */
export interface Snapshot extends MemberId {
  /** Increases with each snapshot that differs from the one before. */
  readonly sequence: number;
  /** Milliseconds since the epoch at which the process joined. */
  readonly joinedAt: number;
  /** Milliseconds since the epoch at which the snapshot was taken. */
  readonly takenAt: number;
  /** Families by name. */
  readonly families: ReadonlyMap<string, FamilyColumns>;
  /** Series that were removed or reset, by name of their family. */
  readonly departed: ReadonlyMap<string, FamilyColumns>;
  /** Incarnations of ended processes whose sums are in this snapshot. */
  readonly folded: readonly string[];
}
