import type { Format } from '../../exposition/encoding/format.ts';
import type { Encoder } from '../../model/encoder.ts';
import type { Descriptor, MetricFamily, MetricType, Point } from '../../model/family.ts';
import type { LabelSet } from '../../model/label-set.ts';
import { MappingEncoder } from '../../model/mapping-encoder.ts';
import { EncodedSizes } from '../document/encoded-sizes.ts';
import { seriesCount } from '../document/flat-series.ts';
import { SeriesHash, SeriesHashSet } from '../document/series-hash.ts';

export interface FamilyStatistics {
  readonly name: string;
  readonly type: MetricType;
  /** Number of series as a server counts them: each bucket of a classic histogram is one. */
  readonly series: number;
  /** Size in bytes of the family in the exposition. */
  readonly size: number;
}

export interface LabelStatistics {
  readonly name: string;
  /** Number of distinct values in all families; 0 if they were not counted. */
  readonly values: number;
  /** Number of families that have the label. */
  readonly families: number;
}

/** Families in the order of their names, and labels with the most values first. */
export interface Statistics {
  readonly families: readonly FamilyStatistics[];
  readonly labels: readonly LabelStatistics[];
}

export interface StatisticsOptions {
  /** Whether to count the distinct values of labels, which takes a quarter of the time. */
  readonly countValues: boolean;
}

/** Computes statistics of families. Sizes are those that the encoders of this package produce in the format. */
export function statisticsOf(
  families: readonly MetricFamily[],
  format: Format,
  { countValues }: StatisticsOptions,
): Statistics {
  const labels = new LabelCounts(countValues);
  const sizes = new EncodedSizes(format, { escaping: 'allow-utf-8' });
  const counted = families.map((family): FamilyStatistics => {
    const size = sizes.of(family, (encoder) => new LabelCounter(encoder, labels));
    return { name: family.name, type: family.type, series: seriesCount(family), size };
  });
  counted.sort((one, other) => (one.name < other.name ? -1 : 1));
  return { families: counted, labels: labels.statistics() };
}

interface FoundLabel {
  /** Hashes of the values: there may be millions. */
  readonly values: SeriesHashSet;
  families: number;
  /** The last family that has the label, and the last value. */
  last: Descriptor | undefined;
  lastValue: string | undefined;
}

/** The families and, if asked for, the distinct values of each label. */
class LabelCounts {
  readonly #countValues: boolean;
  readonly #found = new Map<string, FoundLabel>();
  readonly #hash = new SeriesHash();

  constructor(countValues: boolean) {
    this.#countValues = countValues;
  }

  statistics(): LabelStatistics[] {
    return [...this.#found]
      .map(([name, label]) => ({ name, values: label.values.size, families: label.families }))
      .sort((one, other) => other.values - one.values || (one.name < other.name ? -1 : 1));
  }

  add({ names, values, ids }: LabelSet, family: Descriptor): void {
    for (let index = 0; index < names.length; index++) {
      const label = this.#labelOf(names[index]!);
      if (label.last !== family) label.families++;
      label.last = family;
      if (this.#countValues) this.#countValue(label, values[index]!.texts[ids[index]!]!);
    }
  }

  #labelOf(name: string): FoundLabel {
    let label = this.#found.get(name);
    if (label === undefined) {
      label = { values: new SeriesHashSet(), families: 0, last: undefined, lastValue: undefined };
      this.#found.set(name, label);
    }
    return label;
  }

  #countValue(label: FoundLabel, value: string): void {
    if (label.lastValue !== value) label.values.add(this.#hash.ofText(value));
    label.lastValue = value;
  }
}

/** Counts the labels of points while they are encoded: creating the points again would take longer. */
class LabelCounter extends MappingEncoder {
  readonly #counts: LabelCounts;
  #family: Descriptor | undefined;

  constructor(encoder: Encoder, counts: LabelCounts) {
    super(encoder);
    this.#counts = counts;
  }

  override family(descriptor: Descriptor): void {
    this.#family = descriptor;
    super.family(descriptor);
  }

  protected override map(point: Point): Point {
    if (this.#family !== undefined) this.#counts.add(point.labels, this.#family);
    return point;
  }
}
