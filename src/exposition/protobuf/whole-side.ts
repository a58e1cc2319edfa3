import type { NativeBucketCounts } from '../../model/family.ts';
import { MAX_GAP } from '../../model/native-spans.ts';
import { MAX_INT_VARINT, putVarint } from '../bytes/varint.ts';
import { type SideFields, SPAN } from './message-fields.ts';

/** Sides with more buckets are left to the writer of all histograms. */
const MAX_BUCKETS = 1024;
/** Counts and indexes below it, and their differences, are integers of 31 bits. */
const LIMIT = 2 ** 29;
/** Maximum number of bytes of a span: its key, its length, and two fields. */
const MAX_SPAN = 4 + 2 * MAX_INT_VARINT;
/** Maximum number of bytes of the differences of counts of a bucket and the empty ones before it. */
const MAX_DELTAS = (1 + MAX_GAP) * MAX_INT_VARINT;

/**
 * Writes one side of a native histogram as spans and differences of counts in one pass. The spans are those of `spansOf()`,
 * which creates three arrays per side.
 */
export class WholeSide {
  readonly #fields: SideFields;
  /** The differences of counts, whose field comes after the spans. */
  readonly #deltas = new DataView(new ArrayBuffer(MAX_BUCKETS * MAX_DELTAS + 4));
  /** Number of observations of the side that was written last. */
  total = 0;

  constructor(fields: SideFields) {
    this.#fields = fields;
  }

  /** Returns the maximum number of bytes of a side. */
  longest({ indexes }: NativeBucketCounts): number {
    return Math.min(indexes.length, MAX_BUCKETS) * (MAX_SPAN + MAX_DELTAS) + 1 + MAX_INT_VARINT;
  }

  /** Writes all fields, and returns the position after them, or -1 if the buckets are not whole, or invalid. */
  write(to: DataView, from: number, { indexes, counts }: NativeBucketCounts): number {
    const { length } = indexes;
    this.total = 0;
    if (counts.length !== length || length > MAX_BUCKETS) return -1;
    if (length === 0) return from;
    const { span } = this.#fields;
    const deltas = this.#deltas;
    let next = indexes[0]! | 0;
    let spanStart = from;
    let spanLength = 0;
    let at = beginSpan(to, from, span, next);
    let size = 0;
    let before = 0;
    let total = 0;
    for (let bucket = 0; bucket < length; bucket++) {
      const index = indexes[bucket]! | 0;
      const count = counts[bucket]! | 0;
      const gap = index - next;
      if (index !== indexes[bucket] || count !== counts[bucket] || gap < 0 || count < 0) return -1;
      if (gap <= MAX_GAP) {
        for (let empty = 0; empty < gap; empty++, before = 0) size = putVarint(deltas, size, zigzagInteger(-before));
        spanLength += gap + 1;
      } else {
        spanStart = endSpan(to, spanStart, at, spanLength);
        spanLength = 1;
        at = beginSpan(to, spanStart, span, gap);
      }
      size = putVarint(deltas, size, zigzagInteger(count - before));
      before = count;
      next = index + 1;
      total += count;
    }
    if (total >= LIMIT || next > LIMIT || indexes[0]! < -LIMIT) return -1;
    this.total = total;
    return this.#writeDeltas(to, endSpan(to, spanStart, at, spanLength), size);
  }

  #writeDeltas(to: DataView, from: number, size: number): number {
    to.setUint8(from, this.#fields.delta);
    const at = putVarint(to, from + 1, size);
    for (let offset = 0; offset < size; offset += 4) to.setUint32(at + offset, this.#deltas.getUint32(offset));
    return at + size;
  }
}

/** Writes a span up to its offset, and returns the position after that. */
function beginSpan(to: DataView, at: number, key: number, offset: number): number {
  to.setUint8(at, key);
  to.setUint8(at + 2, SPAN.offset);
  return putVarint(to, at + 3, zigzagInteger(offset));
}

/** Writes the number of buckets of a span and its length, and returns the position after it. */
function endSpan(to: DataView, start: number, end: number, buckets: number): number {
  to.setUint8(end, SPAN.length);
  const at = putVarint(to, end + 1, buckets);
  to.setUint8(start + 1, at - start - 2);
  return at;
}

/** Like `zigzag()`, for integers of 31 bits. */
function zigzagInteger(value: number): number {
  return (value << 1) ^ (value >> 31);
}
