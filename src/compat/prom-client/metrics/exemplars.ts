import { isObject, type LabelObject } from '../series/label-arguments.ts';
import type { Exemplar } from '../text/samples.ts';

/** Maximum length of the names and values of an exemplar's labels together (OpenMetrics). */
const MAX_LENGTH = 128;

/** Returns an exemplar with these labels and the current time. Throws a RangeError if they are too long. */
export function exemplarOf(labels: LabelObject, value: number): Exemplar {
  const length = Object.entries(labels).reduce((sum, [name, label]) => sum + name.length + `${label}`.length, 0);
  if (length > MAX_LENGTH) throw new RangeError('Label set size must be smaller than 128 UTF-8 chars');
  return { labelSet: { ...labels }, value, timestamp: Date.now() / 1000 };
}

/** Parts of a call on a metric with exemplars. */
export interface ExemplarCall {
  readonly labels: unknown;
  readonly value: unknown;
  readonly exemplarLabels: LabelObject | undefined;
  /** Whether the call has the form for metrics without exemplars, which prom-client does not understand here. */
  readonly isPlain: boolean;
}

const KEYS = ['labels', 'value', 'exemplarLabels'];

/**
 * Reads a call on a metric with exemplars: one object with `labels`, `value` and `exemplarLabels`, or labels and a value as
 * metrics without exemplars take them.
 */
export function exemplarCallOf(first: unknown, second: unknown): ExemplarCall {
  const isCall = isObject(first) && KEYS.some((key) => first[key] !== undefined);
  if (!isCall) return { labels: first, value: second, exemplarLabels: undefined, isPlain: true };
  const { labels, value, exemplarLabels } = first;
  return {
    labels: labels ?? {},
    value,
    exemplarLabels: isObject(exemplarLabels) ? exemplarLabels : undefined,
    isPlain: false,
  };
}
