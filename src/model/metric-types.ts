import type { Descriptor, MetricType } from './family.ts';

/** A label that the lines of the type add themselves; a state set's has the name of the family. */
const RESERVED_LABELS: { readonly [T in MetricType]: string | undefined } = {
  counter: undefined,
  gauge: undefined,
  histogram: 'le',
  gaugehistogram: 'le',
  summary: 'quantile',
  info: undefined,
  stateset: undefined,
  unknown: undefined,
};

export function isMetricType(type: unknown): type is MetricType {
  return typeof type === 'string' && Object.hasOwn(RESERVED_LABELS, type);
}

/** The label that series of the family may not have, because its lines have it anyway. */
export function reservedLabelOf({ name, type }: Descriptor): string | undefined {
  return type === 'stateset' ? name : RESERVED_LABELS[type];
}
