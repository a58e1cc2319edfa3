import { crc32 } from 'node:zlib';
import type { Exemplar } from '../../../model/family.ts';
import { bytesOf, type FamilyColumns } from './family-columns.ts';
import type { Snapshot } from './snapshot.ts';

// A snapshot as bytes: magic, length of all, length of the head, head, parts of families, checksum. The head is JSON and
// names the parts with their lengths; numbers are in the byte order of the machine, which readers share.

export const MAGIC = 'zeroprom workers 1\n';
/** With the length of all and of the head. */
export const HEAD_AT = MAGIC.length + 8;
export const CHECKSUM_BYTES = 4;
/** Length of a part that the reader has already. */
export const UNCHANGED = -1;

/** Returns the length of the snapshot that begins with these bytes; undefined if there are too few to tell. */
export function snapshotLength(bytes: Buffer): number | undefined {
  return bytes.length < HEAD_AT ? undefined : bytes.readUInt32LE(MAGIC.length);
}

/** Whether bytes begin like a snapshot of this version. */
export function isSnapshot(bytes: Buffer): boolean {
  return bytes.toString('latin1', 0, MAGIC.length) === MAGIC;
}

/** The snapshots in which the parts of a family changed last. */
export interface FamilyVersions {
  readonly structure: number;
  readonly numbers: number;
  readonly exemplars: number;
}

/** A family of the latest snapshot. */
export interface VersionedFamily {
  readonly columns: FamilyColumns;
  /** Its exemplars as JSON; empty without exemplars. */
  readonly exemplars: string;
  readonly changedIn: FamilyVersions;
  /** Its descriptor and labels as bytes, once they were needed. */
  structure?: Buffer | undefined;
}

/** The head of a snapshot. */
export interface SnapshotHead extends Omit<Snapshot, 'families' | 'departed'> {
  /** The snapshot that the reader must have; 0 for none. */
  readonly base: number;
  /** Name and lengths of structure, numbers and exemplars of each family. */
  readonly families: readonly FamilyLengths[];
  readonly departed: readonly FamilyLengths[];
}

export type FamilyLengths = readonly [name: string, structure: number, numbers: number, exemplars: number];

type Families = ReadonlyMap<string, VersionedFamily>;

/** Encodes a snapshot, without the parts that have not changed since snapshot `base`. */
export function encodeSnapshot(snapshot: Snapshot, families: Families, departed: Families, base: number): Buffer[] {
  const { slot, incarnation, sequence, joinedAt, takenAt, folded } = snapshot;
  const parts: Buffer[] = [];
  const head: SnapshotHead = {
    slot,
    incarnation,
    sequence,
    joinedAt,
    takenAt,
    folded,
    base,
    families: pushFamilies(parts, families, base),
    departed: pushFamilies(parts, departed, base),
  };
  return framed(Buffer.from(JSON.stringify(head)), parts);
}

/** Encodes a snapshot with all of its families. */
export function encodeFamilies(snapshot: Snapshot): Buffer[] {
  const whole = (families: ReadonlyMap<string, FamilyColumns>): Families => {
    const changedIn = { structure: 1, numbers: 1, exemplars: 1 };
    return new Map(
      Array.from(families, ([name, columns]) => [name, { columns, exemplars: exemplarsText(columns), changedIn }]),
    );
  };
  return encodeSnapshot(snapshot, whole(snapshot.families), whole(snapshot.departed), 0);
}

function framed(head: Buffer, parts: readonly Buffer[]): Buffer[] {
  const start = Buffer.alloc(HEAD_AT);
  start.write(MAGIC, 'latin1');
  const length = parts.reduce((sum, part) => sum + part.length, HEAD_AT + head.length + CHECKSUM_BYTES);
  start.writeUInt32LE(length, MAGIC.length);
  start.writeUInt32LE(head.length, MAGIC.length + 4);
  const all = [start, head, ...parts];
  const checksum = Buffer.alloc(CHECKSUM_BYTES);
  // Without empty parts, for which crc32() returns 0.
  checksum.writeUInt32LE(all.reduce((sum, part) => (part.length === 0 ? sum : crc32(part, sum)), 0));
  return [...all, checksum];
}

function pushFamilies(parts: Buffer[], families: Families, base: number): FamilyLengths[] {
  return Array.from(families, ([name, family]) => {
    const { changedIn, columns, exemplars } = family;
    const push = (changed: number, bytes: () => readonly Buffer[]): number => {
      if (changed <= base) return UNCHANGED;
      const added = bytes();
      parts.push(...added);
      return added.reduce((sum, { length }) => sum + length, 0);
    };
    family.structure ??= changedIn.structure > base ? structureOf(columns) : undefined;
    return [
      name,
      push(changedIn.structure, () => [family.structure ?? structureOf(columns)]),
      push(changedIn.numbers, () => numbersOf(columns)),
      push(changedIn.exemplars, () => [Buffer.from(exemplars)]),
    ];
  });
}

function structureOf({ descriptor, blocks }: FamilyColumns): Buffer {
  const { help, type, unit, acrossWorkers } = descriptor;
  return Buffer.from(
    JSON.stringify({
      help,
      type,
      unit,
      acrossWorkers,
      blocks: blocks.map(({ names, values, ids, startTimes, shape }) => ({
        names,
        values: values.map(({ texts }) => texts),
        ids: [...ids],
        startTimes: Array.from(startTimes, (time) => (Number.isNaN(time) ? null : time)),
        shape,
      })),
    }),
  );
}

/** For each block the number of its numbers, and then these. */
function numbersOf({ blocks }: FamilyColumns): Buffer[] {
  return blocks.flatMap(({ numbers }) => [bytesOf(Float64Array.of(numbers.length)), bytesOf(numbers)]);
}

/** An exemplar as JSON: block, row, bucket or -1 for those of native histograms, labels, value and timestamp. */
export type ExemplarRow = readonly [
  block: number,
  row: number,
  slot: number,
  labels: readonly (readonly [name: string, value: string])[],
  value: string,
  timestamp: number | null,
];

/** Returns the exemplars of a family as JSON; an empty text if it has none. */
export function exemplarsText({ blocks }: FamilyColumns): string {
  const rows: ExemplarRow[] = [];
  for (const [block, { exemplars }] of blocks.entries()) {
    for (const [row, { slots, native }] of exemplars) {
      for (const [slot, exemplar] of slots.entries()) {
        if (exemplar !== undefined) rows.push(exemplarRow(block, row, slot, exemplar));
      }
      for (const exemplar of native) rows.push(exemplarRow(block, row, -1, exemplar));
    }
  }
  return rows.length === 0 ? '' : JSON.stringify(rows);
}

function exemplarRow(block: number, row: number, slot: number, { labels, value, timestamp }: Exemplar): ExemplarRow {
  const pairs = Object.entries(labels).map(([name, text]) => [name, String(text)] as const);
  return [block, row, slot, pairs, String(value), timestamp ?? null];
}
