import type { Descriptor, MetricType } from './family.ts';

/** Role of a sample in its family. */
export type SamplePart = 'value' | 'bucket' | 'quantile' | 'sum' | 'count' | 'created';

/** How a format names samples: the text formats and protobuf, OpenMetrics 1.0, or OpenMetrics 2.0. */
export type Dialect = 'text' | 'openMetrics' | 'openMetrics2';

/** Suffix that a sample adds to the name of its family, and the part that it then is. */
export type SampleSuffix = readonly [suffix: string, part: SamplePart];

interface TypeNames {
  readonly text: readonly SampleSuffix[];
  readonly openMetrics: readonly SampleSuffix[];
  /** OpenMetrics 2.0: one sample holds the whole value. */
  readonly openMetrics2: readonly SampleSuffix[];
  /** Label that the samples add to those of the point. The label of a state set is called like its family. */
  readonly label: string | undefined;
  /** Whether OpenMetrics forbids a unit. */
  readonly isUnitless?: true;
}

const VALUE: readonly SampleSuffix[] = [['', 'value']];
const QUANTILE: SampleSuffix = ['', 'quantile'];
const BUCKET: SampleSuffix = ['_bucket', 'bucket'];
const TOTALS: readonly SampleSuffix[] = [
  ['_sum', 'sum'],
  ['_count', 'count'],
];
const GAUGE_TOTALS: readonly SampleSuffix[] = [
  ['_gsum', 'sum'],
  ['_gcount', 'count'],
];
const CREATED: SampleSuffix = ['_created', 'created'];

const NUMBER: TypeNames = { text: VALUE, openMetrics: VALUE, openMetrics2: VALUE, label: undefined };

/** The names and labels of the samples of each type. Suffixes follow the name that the format's metadata have. */
const TYPES: { readonly [T in MetricType]: TypeNames } = {
  counter: { ...NUMBER, openMetrics: [['_total', 'value'], CREATED] },
  gauge: NUMBER,
  histogram: {
    text: [BUCKET, ...TOTALS],
    openMetrics: [BUCKET, ...TOTALS, CREATED],
    openMetrics2: VALUE,
    label: 'le',
  },
  gaugehistogram: {
    text: [BUCKET, ...TOTALS],
    openMetrics: [BUCKET, ...GAUGE_TOTALS],
    openMetrics2: VALUE,
    label: 'le',
  },
  summary: {
    text: [QUANTILE, ...TOTALS],
    openMetrics: [QUANTILE, ...TOTALS, CREATED],
    openMetrics2: VALUE,
    label: 'quantile',
  },
  info: { ...NUMBER, openMetrics: [['_info', 'value']], isUnitless: true },
  stateset: { ...NUMBER, isUnitless: true },
  unknown: NUMBER,
};

/** All metric types. */
export const metricTypes: readonly MetricType[] = Object.keys(TYPES) as MetricType[]; // The keys are declared to be these.

/** Returns whether a value is a metric type. */
export function isMetricType(type: unknown): type is MetricType {
  return typeof type === 'string' && Object.hasOwn(TYPES, type);
}

/** Returns whether a type has buckets. */
export function isHistogram(type: MetricType): type is 'histogram' | 'gaugehistogram' {
  return TYPES[type].label === 'le';
}

/** Returns whether values of a type count from zero, so that their start time has a meaning. */
export function isCumulative(type: MetricType): boolean {
  return TYPES[type].openMetrics.includes(CREATED);
}

/** Returns whether families of a type may have a unit (OpenMetrics). */
export function mayHaveUnit(type: MetricType): boolean {
  return TYPES[type].isUnitless === undefined;
}

/** Returns the suffixes of the samples of a type. */
export function sampleSuffixes(type: MetricType, dialect: Dialect): readonly SampleSuffix[] {
  return TYPES[type][dialect];
}

/** Returns all suffixes that a sample may have in any format, without the empty one. */
export function allSuffixes(): readonly string[] {
  const suffixes = Object.values(TYPES).flatMap(({ text, openMetrics }) => [...text, ...openMetrics]);
  return [...new Set(suffixes.map(([suffix]) => suffix))].filter((suffix) => suffix !== '');
}

/** Returns the suffix that names of this type have in the model, but not in metadata of OpenMetrics 1.0. */
export function valueSuffix(type: MetricType): string {
  return TYPES[type].openMetrics.find(([, part]) => part === 'value')?.[0] ?? '';
}

/**
 * Returns the name that OpenMetrics 1.0 gives a family: without `_total` for counters, and without `_info` for infos.
 * Returns undefined if the name lacks that suffix.
 */
export function openMetricsName({ name, type }: Pick<Descriptor, 'name' | 'type'>): string | undefined {
  const suffix = valueSuffix(type);
  return name.endsWith(suffix) && name.length > suffix.length ? name.slice(0, name.length - suffix.length) : undefined;
}

/** Returns the name that the model gives a family which metadata call `name`. */
export function modelName(name: string, type: MetricType, dialect: Dialect): string {
  return dialect === 'openMetrics' ? name + valueSuffix(type) : name;
}

/** Returns the names of a family and of its samples in a format whose metadata call it `name`. */
export function sampleNames(name: string, type: MetricType, dialect: Dialect): string[] {
  return [name, ...TYPES[type][dialect].map(([suffix]) => name + suffix)];
}

/** Returns the names of the samples of a family in the formats that have several for each series, and its own. */
export function partNames(name: string, type: MetricType): string[] {
  const parts = TYPES[type].openMetrics.filter(([, part]) => part === 'bucket' || part === 'sum' || part === 'count');
  return [name, ...parts.map(([suffix]) => name + suffix)];
}

/** Returns the names that a family takes in any format. Two families that share one of them cannot be told apart. */
export function exposedNames(descriptor: Descriptor): string[] {
  const { name, type } = descriptor;
  const base = openMetricsName(descriptor) ?? name;
  const { text, openMetrics } = TYPES[type];
  const suffixes = [...text, ...openMetrics].filter(([, part]) => part !== 'created');
  // The sample of a number is called like the family, in every format.
  return [name, ...suffixes.filter(([suffix]) => suffix !== '').map(([suffix]) => base + suffix)];
}

/**
 * Returns the names that a registered metric reserves: also those that are shown on demand, and the name of an info without
 * its suffix. A gauge `x` may be registered beside a counter `x_total`, as in Go's runtime metrics.
 */
export function reservedNames(descriptor: Descriptor): string[] {
  const { name, type } = descriptor;
  const base = openMetricsName(descriptor) ?? name;
  const created = TYPES[type].openMetrics.filter(([, part]) => part === 'created').map(([suffix]) => base + suffix);
  return [...exposedNames(descriptor), ...created, ...(type === 'info' ? [base] : [])];
}

/** Returns the names by which a scrape can ask for a family: its own, in any format, and those of its samples. */
export function knownNames(descriptor: Descriptor): string[] {
  return [openMetricsName(descriptor) ?? descriptor.name, ...reservedNames(descriptor)];
}

/** Returns the label that points of the family must not have, because its samples add it. */
export function reservedLabelOf({ name, type }: Pick<Descriptor, 'name' | 'type'>): string | undefined {
  return type === 'stateset' ? name : TYPES[type].label;
}

/** A name that is reserved, and the family that has it. */
export interface TakenName {
  readonly name: string;
  readonly owner: string;
}

/** Sample names that only one family may have. */
export class ReservedNames {
  readonly #owners = new Map<string, string>();
  readonly #others: ReservedNames | undefined;

  /** Names in `others` are taken too. */
  constructor(others?: ReservedNames) {
    this.#others = others;
  }

  /** Reserves all names for a family, or none; returns the first that another family has. */
  reserve(owner: string, names: readonly string[]): TakenName | undefined {
    for (const name of names) {
      const other = this.ownerOf(name);
      if (other !== undefined) return { name, owner: other };
    }
    for (const name of names) this.#owners.set(name, owner);
    return undefined;
  }

  /**
   * Reserves names for a family.
   *
   * @throws {Error} that names both families, if another one has one of the names. None is reserved then.
   */
  claim({ name }: Descriptor, names: readonly string[]): void {
    const taken = this.reserve(name, names);
    if (taken === undefined) return;
    throw new Error(
      `${name} cannot stand beside ${taken.owner}: both would be shown as ${taken.name}. Rename one of them.`,
    );
  }

  /** Releases names. */
  release(names: readonly string[]): void {
    for (const name of names) this.#owners.delete(name);
  }

  /** Returns the family that has a name. */
  ownerOf(name: string): string | undefined {
    return this.#owners.get(name) ?? this.#others?.ownerOf(name);
  }
}
