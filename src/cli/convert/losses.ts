import type { Exemplar, MetricFamily, Sample } from '../../model/family.ts';
import { PackedPoints } from '../../parse/assembly/packed-points.ts';
import type { CommandIo } from '../command/command-io.ts';
import { plural } from '../command/number-format.ts';

const KINDS = ['units', 'exemplars', 'start times', 'native histograms', 'exact times'] as const;

/** Parts of families that not every format can represent. */
type LossKind = (typeof KINDS)[number];

/** Finds the families that have more than values to lose. Most have not, and need not be compared with what is kept of them. */
export class LosableFamilies {
  readonly #families = new Set<MetricFamily>();

  /** The families that were found. */
  get families(): Iterable<MetricFamily> {
    return this.#families;
  }

  /** Yields the same families. */
  *noted(families: Iterable<MetricFamily>): Iterable<MetricFamily> {
    for (const family of families) {
      if ((family.unit !== undefined && family.unit !== '') || !haveOnlyValues(family.points))
        this.#families.add(family);
      yield family;
    }
  }
}

function haveOnlyValues(points: Iterable<Sample>): boolean {
  if (points instanceof PackedPoints) return points.haveOnlyValues;
  for (const point of points) if (!hasOnlyValue(point)) return false;
  return true;
}

function hasOnlyValue({ value, timestamp, startTimestamp, exemplar, exemplars }: Sample): boolean {
  const hasTime = timestamp !== undefined || startTimestamp !== undefined;
  return !hasTime && typeof value === 'number' && exemplar === undefined && exemplars === undefined;
}

/** Collects what families lose when they are converted to a format. */
export class Losses {
  readonly #families = new Map<LossKind, { readonly first: string; last: string; count: number }>();

  /**
   * Compares a family, or a part of it, with what the format keeps of it. Parts of a family must follow each other. `keep` is
   * called only if there is something to lose.
   */
  async add(family: MetricFamily, keep: () => Promise<Iterable<MetricFamily>>): Promise<void> {
    const before = new Inventory([family]);
    if (before.hasNothing) return;
    const after = new Inventory(await keep());
    for (const kind of KINDS) if (after.lacks(kind, before)) this.#count(kind, family.name);
  }

  /** Returns a sentence for each kind of loss. */
  messages(): string[] {
    return Array.from(this.#families, ([kind, { first, count }]) => {
      const others = count === 1 ? '' : ` and ${plural(count - 1, 'other family', 'other families')}`;
      return `${kind} of ${first}${others}, which the format cannot represent.`;
    });
  }

  #count(kind: LossKind, family: string): void {
    const known = this.#families.get(kind);
    if (known === undefined) this.#families.set(kind, { first: family, last: family, count: 1 });
    else if (known.last !== family) {
      known.last = family;
      known.count++;
    }
  }
}

/** Counts the parts of each kind in families. A state set is one point in some formats, and one point for each state in others. */
class Inventory {
  readonly #counts = new Map<LossKind, Map<unknown, number>>();
  #isEmpty = true;

  constructor(families: Iterable<MetricFamily>) {
    for (const { unit, points } of families) {
      this.#isEmpty = false;
      if (unit !== undefined && unit !== '') this.#add('units', unit);
      for (const point of points) this.#addPoint(point);
    }
  }

  get hasNothing(): boolean {
    return this.#counts.size === 0;
  }

  /** Returns whether some are missing; false if there is nothing at all, which the encoder reports. */
  lacks(kind: LossKind, before: Inventory): boolean {
    if (this.#isEmpty) return false;
    for (const [key, count] of before.#counts.get(kind) ?? []) {
      if ((this.#counts.get(kind)?.get(key) ?? 0) < count) return true;
    }
    return false;
  }

  #addPoint({ value, timestamp, startTimestamp, exemplar, exemplars }: Sample): void {
    if (timestamp !== undefined) this.#add('exact times', timestamp);
    if (startTimestamp !== undefined) this.#add('start times', milliseconds(startTimestamp));
    if (typeof value === 'number' && exemplar === undefined && exemplars === undefined) return;
    const histogram = typeof value === 'object' && 'bucketCounts' in value ? value : undefined;
    const all = [
      exemplar,
      ...(exemplars ?? []),
      ...Array.from(histogram?.exemplars ?? []),
      ...(histogram?.native?.exemplars ?? []),
    ];
    // The same exemplar may occur in a point and in its buckets.
    for (const key of new Set(all.map(exemplarKey))) if (key !== undefined) this.#add('exemplars', key);
    if (histogram?.native !== undefined) this.#add('native histograms', '');
  }

  #add(kind: LossKind, key: unknown): void {
    const counts = this.#counts.get(kind) ?? new Map<unknown, number>();
    this.#counts.set(kind, counts);
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
}

/** Ignores the names of labels, which a format may escape. */
function exemplarKey(exemplar: Exemplar | undefined): string | undefined {
  if (exemplar === undefined) return undefined;
  const { labels, value, timestamp } = exemplar;
  const time = timestamp === undefined ? '' : milliseconds(timestamp);
  return [...Object.values(labels).map(String).sort(), value, time].join('\n');
}

/** Rounds a time, because formats differ in fractions of a microsecond. */
function milliseconds(seconds: number): number {
  return Math.round(seconds * 1000);
}

/** Further omissions are only counted: an input can have one in every few bytes. */
const MAX_SHOWN = 1000;

/** Reports on standard error what a command leaves out. */
export class Omissions {
  readonly #io: CommandIo;
  #count = 0;

  constructor(io: CommandIo) {
    this.#io = io;
  }

  add(message: string): void {
    this.#count++;
    if (this.#count <= MAX_SHOWN) this.#io.complain(`left out: ${message}`);
  }

  /** Called after the last omission; returns whether there was any. */
  end(): boolean {
    const rest = this.#count - MAX_SHOWN;
    if (rest > 0) this.#io.complain(`left out: ${plural(rest, 'more is', 'more are')} not shown.`);
    return this.#count > 0;
  }
}
