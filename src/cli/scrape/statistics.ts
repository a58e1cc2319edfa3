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
  const counted = families.map((family): FamilyStatistics => {
    const size = encodedSize(family, format, writer);
    return { name: family.name, type: family.type, series: seriesCount(family), size };
  });
  counted.sort((one, other) => (one.name < other.name ? -1 : 1));
  return { families: counted, labels: labelStatistics(families) };
}

interface FoundLabel {
  /** Hashes of the values: there may be millions. */
  readonly values: SeriesHashSet;
  families: number;
  last: MetricFamily | undefined;
}

function labelStatistics(families: readonly MetricFamily[]): LabelStatistics[] {
  const found = new Map<string, FoundLabel>();
  for (const family of families) {
    for (const { labels = {} } of withMemoryChecks<Sample>(family.points)) {
      for (const name of Object.keys(labels)) countLabel(found, name, String(labels[name]), family);
    }
  }
  return [...found]
    .map(([name, label]) => ({ name, values: label.values.size, families: label.families }))
    .sort((one, other) => other.values - one.values || (one.name < other.name ? -1 : 1));
}

const hash = new SeriesHash();
const NO_LABELS = { labelNames: [], labelValues: [] };

function countLabel(found: Map<string, FoundLabel>, name: string, value: string, family: MetricFamily): void {
  let label = found.get(name);
  if (label === undefined) {
    label = { values: new SeriesHashSet(), families: 0, last: undefined };
    found.set(name, label);
  }
  label.values.add(hash.of(value, NO_LABELS));
  if (label.last !== family) label.families++;
  label.last = family;
}
