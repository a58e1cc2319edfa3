import type { Exemplar, HistogramValue, MetricFamily, Sample } from '../../model/family.ts';
import { plural } from '../command/number-format.ts';

const KINDS = ['units', 'exemplars', 'start times', 'native histograms', 'exact times'] as const;

/** What families may have that not every format can hold. */
type Kind = (typeof KINDS)[number];

/** Gathers what families lost on the way into a format. */
export class Losses {
  readonly #families = new Map<Kind, { readonly first: string; last: string; count: number }>();

  /** `kept` is what the format holds of a family, or of a part of it; parts of a family follow each other. */
  add(family: MetricFamily, kept: Iterable<MetricFamily>): void {
    const before = new Inventory([family]);
    const after = new Inventory(kept);
    for (const kind of KINDS) if (after.lacks(kind, before)) this.#count(kind, family.name);
  }

  /** A sentence for each kind of what was lost. */
  messages(): string[] {
    return Array.from(this.#families, ([kind, { first, count }]) => {
      const others = count === 1 ? '' : ` and ${plural(count - 1, 'other family', 'other families')}`;
      return `${kind} of ${first}${others}, which the format cannot hold.`;
    });
  }

  #count(kind: Kind, family: string): void {
    const known = this.#families.get(kind);
    if (known === undefined) this.#families.set(kind, { first: family, last: family, count: 1 });
    else if (known.last !== family) {
      known.last = family;
      known.count++;
    }
  }
}

/** What families hold of each kind, and how often. A state set is one point in some formats, and in others one for each state. */
class Inventory {
  readonly #counts = new Map<Kind, Map<unknown, number>>();
  #isEmpty = true;

  constructor(families: Iterable<MetricFamily>) {
    for (const { unit, points } of families) {
      this.#isEmpty = false;
      if (unit !== undefined && unit !== '') this.#add('units', unit);
      for (const point of points) this.#addPoint(point);
    }
  }

  /** False if all is lacking: what is left out as a whole is reported by the encoder. */
  lacks(kind: Kind, before: Inventory): boolean {
    if (this.#isEmpty) return false;
    for (const [key, count] of before.#counts.get(kind) ?? []) {
      if ((this.#counts.get(kind)?.get(key) ?? 0) < count) return true;
    }
    return false;
  }

  #addPoint({ value, timestamp, startTimestamp, exemplar, exemplars = [] }: Sample): void {
    const histogram = histogramIn(value);
    const all = [
      exemplar,
      ...exemplars,
      ...Array.from(histogram?.exemplars ?? []),
      ...(histogram?.native?.exemplars ?? []),
    ];
    // Points and their buckets may name the same exemplar again.
    for (const key of new Set(all.map(exemplarKey))) if (key !== undefined) this.#add('exemplars', key);
    if (timestamp !== undefined) this.#add('exact times', timestamp);
    if (startTimestamp !== undefined) this.#add('start times', milliseconds(startTimestamp));
    if (histogram?.native !== undefined) this.#add('native histograms', '');
  }

  #add(kind: Kind, key: unknown): void {
    const counts = this.#counts.get(kind) ?? new Map<unknown, number>();
    this.#counts.set(kind, counts);
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
}

function histogramIn(value: Sample['value']): HistogramValue | undefined {
  return typeof value === 'object' && 'bucketCounts' in value ? value : undefined;
}

/** Without the names of labels, which a format may escape. */
function exemplarKey(exemplar: Exemplar | undefined): string | undefined {
  if (exemplar === undefined) return undefined;
  const { labels, value, timestamp } = exemplar;
  const time = timestamp === undefined ? '' : milliseconds(timestamp);
  return [...Object.values(labels).map(String).sort(), value, time].join('\n');
}

/** Formats round times to fractions of a microsecond in different ways. */
function milliseconds(seconds: number): number {
  return Math.round(seconds * 1000);
}
