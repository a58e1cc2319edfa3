import type { Exemplar } from '../../model/family.ts';

/** One of the `values` that a metric's `get()` gives, read and checked. */
export interface ForeignSample {
  /** Name of the sample, if it is not that of the metric. */
  readonly metricName: string | undefined;
  readonly labels: Record<string, string>;
  readonly value: number;
  readonly exemplar: Exemplar | undefined;
}

type LabelObject = Readonly<Record<string, unknown>>;

/** Labels of the sample have precedence over default labels, empty ones too. */
export function readSample(sample: unknown, defaultLabels: LabelObject): ForeignSample {
  if (!isObject(sample)) throw new TypeError('A sample must be an object with a value.');
  const { metricName, labels, value, exemplar } = sample;
  return {
    metricName: metricName === undefined ? undefined : String(metricName),
    labels: textsOf({ ...defaultLabels, ...withoutUndefined(labels) }),
    value: numberOf(value),
    exemplar: exemplarOf(exemplar),
  };
}

export function isObject(value: unknown): value is LabelObject {
  return typeof value === 'object' && value !== null;
}

/** prom-client can make a text of a value, and JSON made null of NaN. */
function numberOf(value: unknown): number {
  return typeof value === 'string' && value !== '' ? Number(value) : typeof value === 'number' ? value : Number.NaN;
}

function withoutUndefined(labels: unknown): LabelObject {
  if (!isObject(labels)) return {};
  return Object.fromEntries(Object.entries(labels).filter(([, value]) => value !== undefined));
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
