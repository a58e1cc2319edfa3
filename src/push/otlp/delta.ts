import { difference, type Exponential } from './exponential.ts';

/** Counts of classic buckets, and the sum. */
export interface ClassicTotals {
  readonly upperBounds: readonly number[];
  readonly counts: readonly number[];
  readonly sum: number;
}

type Value = number | ClassicTotals | Exponential;

/** The value that deltas are relative to: the last one that the receiver has acknowledged. */
export interface Baseline {
  /** Unix seconds at which the series started at zero. */
  readonly startTimestamp: number | undefined;
  /** Time of the value in Unix seconds. */
  readonly time: number;
  readonly value: Value;
}

/** Increase of a value during an interval. */
export interface Delta<V> {
  readonly value: V;
  readonly startTimestamp: number | undefined;
}

/** How values of a kind are compared. */
export interface Kind<V extends Value> {
  includes(value: Value): value is V;
  /** Returns undefined if a value has fallen: the series has started again. */
  subtract(now: V, before: V): V | undefined;
}

export const NUMBER: Kind<number> = {
  includes: (value) => typeof value === 'number',
  subtract: (now, before) => (now >= before ? now - before : undefined),
};

export const CLASSIC: Kind<ClassicTotals> = {
  includes: (value): value is ClassicTotals => typeof value === 'object' && 'counts' in value,
  subtract: (now, before) => {
    const { upperBounds } = before;
    const isSame =
      upperBounds.length === now.upperBounds.length && upperBounds.every((b, i) => b === now.upperBounds[i]);
    const counts = now.counts.map((count, index) => count - (before.counts[index] ?? 0));
    return isSame && counts.every((count) => count >= 0) ? { ...now, counts, sum: now.sum - before.sum } : undefined;
  },
};

export const EXPONENTIAL: Kind<Exponential> = {
  includes: (value): value is Exponential => typeof value === 'object' && 'scale' in value,
  subtract: difference,
};

/**
 * Returns what was added to a series since its baseline; undefined if its time has not moved on. Without a known start, the
 * first value of a series only becomes its baseline: it may have grown for years.
 */
export function deltaOf<V extends Value>(
  kind: Kind<V>,
  series: { baseline: Baseline | undefined },
  { startTimestamp, time, value }: Baseline & { readonly value: V },
): Delta<V> | undefined {
  const before = series.baseline;
  if (before === undefined) {
    if (startTimestamp !== undefined) return { value, startTimestamp };
    series.baseline = { startTimestamp, time, value };
    return { value: kind.subtract(value, value) ?? value, startTimestamp: time };
  }
  if (time <= before.time) return undefined;
  const isSame = before.startTimestamp === startTimestamp && kind.includes(before.value);
  const added = isSame ? kind.subtract(value, before.value) : undefined;
  if (added !== undefined) return { value: added, startTimestamp: before.time };
  return { value, startTimestamp: isSame ? before.time : (startTimestamp ?? before.time) };
}
