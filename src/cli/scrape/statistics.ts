import { ByteWriter } from '../../exposition/bytes/byte-writer.ts';
import type { Format } from '../../exposition/encoding/format.ts';
import type { MetricFamily, MetricType, Sample } from '../../model/family.ts';
import { encodedSize } from '../document/encoded-pieces.ts';
import { seriesCount } from '../document/flat-series.ts';
import { SeriesHash, SeriesHashSet } from '../document/series-hash.ts';
import { withMemoryChecks } from '../input/memory-limit.ts';

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
  /** Number of distinct values in all families. */
  readonly values: number;
  /** Number of families that have the label. */
  readonly families: number;
}

/** Families in the order of their names, and labels with the most values first. */
export interface Statistics {
  readonly families: readonly FamilyStatistics[];
  readonly labels: readonly LabelStatistics[];
}

/** Computes statistics of families. Sizes are those that the encoders of this package produce in the format. */
export function statisticsOf(families: readonly MetricFamily[], format: Format): Statistics {
  const writer = new ByteWriter();
  const labels = new LabelCounts();
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

/** Counts the distinct values of each label. */
class LabelCounts {
  readonly #found = new Map<string, FoundLabel>();
  readonly #hash = new SeriesHash();

  /** Yields the points of a family, and counts their labels: creating the points again would take longer. */
  *counted(points: Iterable<Sample>): Iterable<Sample> {
    for (const point of withMemoryChecks(points)) {
      const { labels = {} } = point;
      for (const name of Object.keys(labels)) this.#count(name, String(labels[name]), points);
      yield point;
    }
  }

  statistics(): LabelStatistics[] {
    return [...this.#found]
      .map(([name, label]) => ({ name, values: label.values.size, families: label.families }))
      .sort((one, other) => other.values - one.values || (one.name < other.name ? -1 : 1));
  }

  #count(name: string, value: string, points: Iterable<Sample>): void {
    let label = this.#found.get(name);
    if (label === undefined) {
      label = { values: new SeriesHashSet(), families: 0, last: undefined, lastValue: undefined };
      this.#found.set(name, label);
    }
    if (label.lastValue !== value) label.values.add(this.#hash.ofText(value));
    label.lastValue = value;
    if (label.last !== points) label.families++;
    label.last = points;
  }
}
