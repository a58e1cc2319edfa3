import { ByteWriter } from '../../exposition/bytes/byte-writer.ts';
import type { Format } from '../../exposition/encoding/format.ts';
import type { MetricFamily, MetricType, Sample } from '../../model/family.ts';
import type { LabelInput } from '../../model/labels.ts';
import { encodedSize } from '../document/encoded-pieces.ts';
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
  const writer = new ByteWriter();
  const labels = new LabelCounts(countValues);
  const counted = families.map((family): FamilyStatistics => {
    const points = labels.counted(family.points);
    const size = encodedSize({ ...family, points } as MetricFamily, format, writer); // The points match the type of the family.
    return { name: family.name, type: family.type, series: seriesCount(family), size };
  });
  counted.sort((one, other) => (one.name < other.name ? -1 : 1));
  return { families: counted, labels: labels.statistics() };
}

interface FoundLabel {
  /** Hashes of the values: there may be millions. */
  readonly values: SeriesHashSet;
  families: number;
  /** Points of the last family, and the last value. */
  last: Iterable<Sample> | undefined;
  lastValue: string | undefined;
}

/** Counts the families and, if asked for, the distinct values of each label. */
class LabelCounts {
  readonly #countValues: boolean;
  readonly #found = new Map<string, FoundLabel>();
  readonly #hash = new SeriesHash();

  constructor(countValues: boolean) {
    this.#countValues = countValues;
  }

  /** Yields the points of a family, and counts their labels: creating the points again would take longer. */
  *counted(points: Iterable<Sample>): Iterable<Sample> {
    for (const point of points) {
      const { labels = {} } = point;
      for (const name of Object.keys(labels)) this.#count(name, labels[name], points);
      yield point;
    }
  }

  statistics(): LabelStatistics[] {
    return [...this.#found]
      .map(([name, label]) => ({ name, values: label.values.size, families: label.families }))
      .sort((one, other) => other.values - one.values || (one.name < other.name ? -1 : 1));
  }

  #count(name: string, value: LabelInput | undefined, points: Iterable<Sample>): void {
    let label = this.#found.get(name);
    if (label === undefined) {
      label = { values: new SeriesHashSet(), families: 0, last: undefined, lastValue: undefined };
      this.#found.set(name, label);
    }
    if (this.#countValues) this.#countValue(label, String(value));
    if (label.last !== points) label.families++;
    label.last = points;
  }

  #countValue(label: FoundLabel, value: string): void {
    if (label.lastValue !== value) label.values.add(this.#hash.ofText(value));
    label.lastValue = value;
  }
}
