import type { Exemplar } from '../../model/family.ts';

/** One of the `values` in the result of a metric's `get()`, read and checked. */
export interface ForeignSample {
  /** Name of the sample, if it is not that of the metric. */
  readonly metricName: string | undefined;
  readonly labels: Record<string, string>;
  readonly value: number;
  readonly exemplar: Exemplar | undefined;
}

type LabelObject = Readonly<Record<string, unknown>>;

/** Labels of the sample take precedence over default labels, even if they are empty. */
export function readSample(sample: unknown, defaultLabels: LabelObject): ForeignSample {
  if (!isObject(sample)) throw new TypeError('A sample must be an object with a value.');
  const { metricName, labels, value, exemplar } = sample;
  const own = isObject(labels) ? Object.entries(labels).filter(([, label]) => label !== undefined) : [];
  return {
    metricName: metricName === undefined ? undefined : String(metricName),
    labels: textsOf({ ...defaultLabels, ...Object.fromEntries(own) }),
    // prom-client may convert a value to text, and JSON converts NaN to null.
    value: typeof value === 'number' || (typeof value === 'string' && value !== '') ? Number(value) : Number.NaN,
    exemplar: exemplarOf(exemplar),
  };
}

export function isObject(value: unknown): value is LabelObject {
  return typeof value === 'object' && value !== null;
}

/** Values become the texts that prom-client shows: `null`, `a,b`. */
function textsOf(labels: LabelObject): Record<string, string> {
  return Object.fromEntries(Object.entries(labels).map(([name, value]) => [name, `${value}`.toWellFormed()]));
}

function exemplarOf(exemplar: unknown): Exemplar | undefined {
  if (!isObject(exemplar)) return undefined;
  const { labelSet, value, timestamp } = exemplar;
  if (!isObject(labelSet) || typeof value !== 'number') return undefined;
  return { labels: textsOf(labelSet), value, timestamp: typeof timestamp === 'number' ? timestamp : undefined };
}
