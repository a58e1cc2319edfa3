import type { NativeBucketCounts } from '../../model/family.ts';
import { MAX_GAP } from '../../model/native-spans.ts';
import { putVarint, varintLength } from '../bytes/varint.ts';
import { type SideFields, SPAN } from './message-fields.ts';

const INITIAL = 64;
/** Counts and indexes below it, and their differences, are integers of 31 bits. */
const LIMIT = 2 ** 29;

/**
 * One side of a native histogram as spans and differences of counts, in arrays that are reused for each histogram. The
 * spans are those of `spansOf()`, which creates three arrays per side.
 */
export class WholeSide {
  readonly #fields: SideFields;
  /** Offset, as a zigzag number, and length of each span. */
  #spans = new Int32Array(INITIAL);
  /** Differences of counts as zigzag numbers. */
  #deltas = new Int32Array(INITIAL);
  #spanCount = 0;
  #deltaCount = 0;
  #deltasLength = 0;
  /** Number of observations. */
  total = 0;

  constructor(fields: SideFields) {
    this.#fields = fields;
  }

  /** Returns the length of all fields, or -1 if the buckets are not whole, or invalid. */
  measure(side: NativeBucketCounts): number {
    this.total = 0;
    this.#spanCount = 0;
    this.#deltaCount = 0;
    const { length } = side.indexes;
    if (length === 0) return side.counts.length === 0 ? 0 : -1;
    this.#makeRoom(length);
    if (side.counts.length !== length || !this.#addSpans(side)) return -1;
    this.#deltasLength = this.#toDeltas();
    return this.#spansLength() + 1 + varintLength(this.#deltasLength) + this.#deltasLength;
  }

  /** Fills the arrays, with counts instead of differences. Returns false if a number is not whole, or out of order. */
  #addSpans({ indexes, counts }: NativeBucketCounts): boolean {
    const spans = this.#spans;
    const all = this.#deltas;
    let spanCount = 0;
    let size = 0;
    let next = -LIMIT;
    for (let at = 0; at < indexes.length; at++) {
      const index = indexes[at]! | 0;
      const count = counts[at]! | 0;
      if (index !== indexes[at] || count !== counts[at] || index < next || index >= LIMIT || count < 0) return false;
      const gap = at === 0 ? index : index - next;
      if (at > 0 && gap <= MAX_GAP) {
        for (let empty = 0; empty < gap; empty++) all[size++] = 0;
        spans[spanCount - 1]! += gap + 1;
      } else {
        spans[spanCount] = zigzagInteger(gap);
        spans[spanCount + 1] = 1;
        spanCount += 2;
      }
      all[size++] = count;
      next = index + 1;
      this.total += count;
    }
    this.#spanCount = spanCount;
    this.#deltaCount = size;
    return this.total < LIMIT;
  }

  /** Replaces counts by their differences, and returns the number of bytes. */
  #toDeltas(): number {
    const deltas = this.#deltas;
    let bytes = 0;
    let before = 0;
    for (let at = 0; at < this.#deltaCount; at++) {
      const count = deltas[at]!;
      const delta = zigzagInteger(count - before);
      deltas[at] = delta;
      bytes += varintLength(delta);
      before = count;
    }
    return bytes;
  }

  /** Writes the fields that were measured last, and returns the position after them. */
  write(to: DataView, from: number): number {
    if (this.#deltaCount === 0) return from;
    const spans = this.#spans;
    let at = from;
    for (let index = 0; index < this.#spanCount; index += 2) {
      const offset = spans[index]!;
      const length = spans[index + 1]!;
      to.setUint8(at, this.#fields.span);
      to.setUint8(at + 1, 2 + varintLength(offset) + varintLength(length));
      to.setUint8(at + 2, SPAN.offset);
      at = putVarint(to, at + 3, offset);
      to.setUint8(at, SPAN.length);
      at = putVarint(to, at + 1, length);
    }
    to.setUint8(at, this.#fields.delta);
    at = putVarint(to, at + 1, this.#deltasLength);
    const deltas = this.#deltas;
    for (let index = 0; index < this.#deltaCount; index++) at = putVarint(to, at, deltas[index]!);
    return at;
  }

  #spansLength(): number {
    let length = 0;
    for (let index = 0; index < this.#spanCount; index += 2) {
      length += 4 + varintLength(this.#spans[index]!) + varintLength(this.#spans[index + 1]!);
    }
    return length;
  }

  /** Makes room for this many buckets, and empty ones between them. */
  #makeRoom(buckets: number): void {
    const most = buckets * (MAX_GAP + 1);
    if (this.#deltas.length >= most) return;
    this.#deltas = new Int32Array(most * 2);
    this.#spans = new Int32Array(most * 2);
  }
}

/** Like `zigzag()`, for integers of 31 bits. */
function zigzagInteger(value: number): number {
  return (value << 1) ^ (value >> 31);
}
