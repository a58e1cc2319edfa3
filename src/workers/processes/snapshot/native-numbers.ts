import type { Exemplar, NativeBucketCounts, NativeHistogramValue } from '../../../model/family.ts';

// Native buckets in a list of numbers: schema, zero threshold and zero count; then for each side the number of buckets,
// their indexes and their counts.

const SIDES_AT = 3;

/** Appends native buckets. */
export function pushNative(numbers: number[], native: NativeHistogramValue): void {
  numbers.push(native.schema, native.zeroThreshold, native.zeroCount);
  for (const { indexes, counts } of [native.positive, native.negative]) {
    numbers.push(indexes.length);
    for (let at = 0; at < indexes.length; at++) numbers.push(indexes[at]!);
    for (let at = 0; at < indexes.length; at++) numbers.push(counts[at]!);
  }
}

/**
 * Returns where the native buckets of each row begin. They follow the numbers of all rows.
 *
 * @throws {RangeError} if the list ends before.
 */
export function nativeOffsets(numbers: Float64Array, rows: number, width: number): number[] {
  const offsets: number[] = [];
  let at = rows * width;
  for (let row = 0; row < rows; row++) {
    offsets.push(at);
    at = endOfSide(numbers, endOfSide(numbers, at + SIDES_AT));
  }
  return offsets;
}

/** Returns the native buckets that begin at an offset. */
export function nativeAt(
  numbers: Float64Array,
  offset: number,
  exemplars: readonly Exemplar[] | undefined,
): NativeHistogramValue {
  const positiveAt = offset + SIDES_AT;
  return {
    schema: numbers[offset]!,
    zeroThreshold: numbers[offset + 1]!,
    zeroCount: numbers[offset + 2]!,
    positive: sideAt(numbers, positiveAt),
    negative: sideAt(numbers, endOfSide(numbers, positiveAt)),
    exemplars,
  };
}

function sideAt(numbers: Float64Array, at: number): NativeBucketCounts {
  const middle = at + 1 + numbers[at]!;
  return { indexes: numbers.subarray(at + 1, middle), counts: numbers.subarray(middle, endOfSide(numbers, at)) };
}

function endOfSide(numbers: Float64Array, at: number): number {
  const count = numbers[at] ?? Number.NaN;
  const end = at + 1 + 2 * count;
  if (Number.isInteger(count) && count >= 0 && end <= numbers.length) return end;
  throw new RangeError(
    `A side of a native histogram must have its ${count} buckets, got ${numbers.length - at} numbers.`,
  );
}
