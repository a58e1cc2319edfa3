import type { Exemplar, HistogramValue, MetricFamily, Sample } from '../model/family.ts';
import { plural } from './numbers.ts';

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

/** How much there is of each kind. */
class Inventory {
  readonly #counts = new Map<Kind, number>();
  /** By their values: a state set is one point in some formats, and in others one for each state. */
  readonly #times = new Set<number>();

  constructor(families: Iterable<MetricFamily>) {
    for (const { unit, points } of families) {
      this.#count('units', unit === undefined || unit === '' ? 0 : 1);
      for (const point of points) this.#countIn(point);
    }
  }

  lacks(kind: Kind, before: Inventory): boolean {
    if (kind !== 'exact times') return (this.#counts.get(kind) ?? 0) < (before.#counts.get(kind) ?? 0);
    for (const time of before.#times) if (!this.#times.has(time)) return true;
    return false;
  }

  #countIn({ value, timestamp, startTimestamp, exemplar }: Sample): void {
    const histogram = histogramIn(value);
    const native = histogram?.native;
    if (timestamp !== undefined) this.#times.add(timestamp);
    this.#count('start times', startTimestamp === undefined ? 0 : 1);
    this.#count('exemplars', filled([exemplar]) + filled(histogram?.exemplars) + filled(native?.exemplars));
    this.#count('native histograms', native === undefined ? 0 : 1);
  }

  #count(kind: Kind, amount: number): void {
    if (amount > 0) this.#counts.set(kind, (this.#counts.get(kind) ?? 0) + amount);
  }
}

function histogramIn(value: Sample['value']): HistogramValue | undefined {
  return typeof value === 'object' && 'bucketCounts' in value ? value : undefined;
}

function filled(exemplars: ArrayLike<Exemplar | undefined> = []): number {
  let count = 0;
  for (let index = 0; index < exemplars.length; index++) if (exemplars[index] !== undefined) count++;
  return count;
}
