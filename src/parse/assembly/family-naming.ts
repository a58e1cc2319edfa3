import type { MetricType } from '../../model/family.ts';
import type { Part } from './points.ts';

/** How a format calls a family and its samples. */
export interface FamilyNaming {
  /** The model's name of a family that the document's metadata call `name`. */
  modelName(name: string, type: MetricType): string;
  /** What may follow a family's name in its samples, and what a sample with it is. */
  suffixes(type: MetricType): readonly (readonly [suffix: string, part: Part])[];
  /** Types whose samples have a suffix that programs leave out, or write in the metadata too: servers do not mind. */
  readonly suffixed: ReadonlySet<MetricType>;
  /** Whether servers write `le` and `quantile` anew in lines behind the TYPE line of a histogram or a summary. */
  readonly hasBoundLabels: boolean;
}

const NUMBER = [['', 'value']] as const;
const HISTOGRAM = [
  ['_bucket', 'bucket'],
  ['_sum', 'sum'],
  ['_count', 'count'],
] as const;
const SUMMARY = [
  ['', 'quantile'],
  ['_sum', 'sum'],
  ['_count', 'count'],
] as const;
const CREATED = ['_created', 'created'] as const;

/** The text formats: a counter's sample has the name of its family; `_created` means nothing. */
export const textNaming: FamilyNaming = {
  modelName: (name) => name,
  suffixes(type) {
    if (type === 'histogram') return HISTOGRAM;
    return type === 'summary' ? SUMMARY : NUMBER;
  },
  suffixed: new Set(),
  hasBoundLabels: true,
};

/** OpenMetrics 1.0: the metadata of a counter or an info leave out the suffix that the samples have. */
export const openMetricsNaming: FamilyNaming = {
  modelName(name, type) {
    if (type === 'counter') return `${name}_total`;
    return type === 'info' ? `${name}_info` : name;
  },
  suffixes(type) {
    switch (type) {
      case 'counter':
        return [['_total', 'value'], CREATED];
      case 'histogram':
        return [...HISTOGRAM, CREATED];
      case 'gaugehistogram':
        return [
          ['_bucket', 'bucket'],
          ['_gsum', 'sum'],
          ['_gcount', 'count'],
        ];
      case 'summary':
        return [...SUMMARY, CREATED];
      case 'info':
        return [['_info', 'value']];
      case 'gauge':
      case 'stateset':
      case 'unknown':
        return NUMBER;
    }
  },
  suffixed: new Set(['counter', 'info']),
  hasBoundLabels: true,
};

/** OpenMetrics 2.0: one name for everything. */
export const openMetrics2Naming: FamilyNaming = {
  modelName: (name) => name,
  suffixes: () => NUMBER,
  suffixed: new Set(),
  hasBoundLabels: false,
};
