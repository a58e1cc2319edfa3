import type { DirectCollector } from '../model/collector.ts';
import { type Encoder, familySteps } from '../model/encoder.ts';
import type { Descriptor, MetricFamily, Point } from '../model/family.ts';
import { labelKey } from '../model/label-key.ts';
import { MappingEncoder } from '../model/mapping-encoder.ts';
import { knownNames } from './claims.ts';
import type { CollectorRuns } from './collector-runs.ts';

/** Rows between two steps of an encoding. */
const ROWS_PER_STEP = 512;

/** A collector or metric that failed, and was left out. */
export interface CollectorFailure {
  readonly collector: string;
  readonly error: Error;
}

export interface GatherOptions {
  /** Gives the scrape up when it aborts. */
  readonly signal?: AbortSignal | undefined;
  /** How long collectors may take; 10,000 by default. */
  readonly timeoutMs?: number | undefined;
  /** Only families with one of these names, or with a sample that has one; all by default. */
  readonly names?: Iterable<string> | undefined;
  /** Only what the collectors of these names return, and no metrics; all by default. */
  readonly collect?: Iterable<string> | undefined;
  /** All but what the collectors of these names return; they are not asked. */
  readonly exclude?: Iterable<string> | undefined;
  /**
   * For gatherings one after another with the same `collect` and `exclude`: the later ones go on waiting for the collectors
   * that were late in the earlier ones, and keep what the others returned. Each begins its own by default.
   */
  readonly runs?: CollectorRuns | undefined;
}

/** Something that can be scraped. */
export interface Gatherer {
  /** The names that `collect` and `exclude` know. */
  readonly collectorNames?: readonly string[];
  gather(options?: GatherOptions): Promise<Gathering>;
}

/** A family of an exposition: a metric, whose values are read as it is encoded, or plain data. */
export type Entry = DirectCollector | MetricFamily;

/** What one scrape shows, sorted by name. Use it soon: values of metrics are read as it is encoded. */
export class Gathering {
  readonly failures: readonly CollectorFailure[];
  readonly entries: readonly Entry[];

  constructor(entries: readonly Entry[], failures: readonly CollectorFailure[]) {
    this.entries = [...entries].sort(byName);
    this.failures = failures;
  }

  /** Those of the families that have one of these names, or a sample that has. */
  only(names: ReadonlySet<string>): Gathering {
    return new Gathering(
      this.entries.filter((entry) => isAskedFor(descriptorOf(entry), names)),
      this.failures,
    );
  }

  encode(encoder: Encoder): void {
    for (const _step of this.steps(encoder)) {
      // In one go.
    }
  }

  /** Encodes, and pauses after so many rows for the caller to let others run. Series stay whole. */
  *steps(encoder: Encoder, rowsPerStep = ROWS_PER_STEP): Generator<void, void, void> {
    for (let index = 0; index < this.entries.length; ) {
      const family = this.#sameName(index);
      yield* stepsOf(family, encoder, rowsPerStep);
      yield;
      index += family.length;
    }
  }

  /** The entries from `index` on that are one family; more than one only where registries were merged. */
  #sameName(index: number): readonly Entry[] {
    const name = nameOf(this.entries[index]);
    let end = index + 1;
    while (end < this.entries.length && nameOf(this.entries[end]) === name) end++;
    return this.entries.slice(index, end);
  }
}

/** What is asked of an entry by the way of its methods: it may come from another copy of the package. */
export function isDirect(entry: object): entry is DirectCollector {
  return 'encode' in entry && 'descriptor' in entry;
}

/** Whether the family, or samples of it, have one of these names. */
export function isAskedFor(descriptor: Descriptor, names: ReadonlySet<string>): boolean {
  return knownNames(descriptor).some((name) => names.has(name));
}

export function descriptorOf(entry: Entry): Descriptor {
  return isDirect(entry) ? entry.descriptor : entry;
}

function* stepsOf(entries: readonly Entry[], encoder: Encoder, rowsPerStep: number): Generator<void, void, void> {
  const shown = entries.filter((entry) => !isDirect(entry) || !entry.isEmpty);
  const [first, ...others] = shown;
  if (first === undefined) return;
  if (others.length === 0) return yield* guardedSteps(first, encoder, encoder, rowsPerStep);
  encoder.family(descriptorOf(first));
  const distinct = new DistinctEncoder(encoder);
  for (const entry of shown) yield* guardedSteps(entry, distinct, encoder, rowsPerStep);
}

/** Passes on the points of one family, which is open already, each series once: the first that comes. */
class DistinctEncoder extends MappingEncoder {
  readonly #seen = new Set<string>();

  override family(): void {}

  protected override map(point: Point): Point | undefined {
    const key = labelKey(point.labels);
    if (this.#seen.has(key)) return undefined;
    this.#seen.add(key);
    return point;
  }
}

/** One entry that throws does not end an exposition, if its encoder can do without the rest of the family. */
function* guardedSteps(
  entry: Entry,
  encoder: Encoder,
  told: Encoder,
  rowsPerStep: number,
): Generator<void, void, void> {
  try {
    yield* entrySteps(entry, encoder, rowsPerStep);
  } catch (problem) {
    if (told.failed === undefined) throw problem;
    told.failed(descriptorOf(entry), problem);
  }
}

function* entrySteps(entry: Entry, encoder: Encoder, rowsPerStep: number): Generator<void, void, void> {
  if (!isDirect(entry)) return yield* familySteps(entry, encoder, rowsPerStep);
  entry.pin();
  try {
    encoder.family(entry.descriptor);
    // Not those of series that come meanwhile: one that was shown, removed and made again would be shown twice.
    const rows = entry.rowCount;
    for (let row = 0; row < rows; row += rowsPerStep) {
      if (row > 0) yield;
      entry.encode(encoder, row, Math.min(row + rowsPerStep, rows));
    }
  } finally {
    entry.unpin();
  }
}

function nameOf(entry: Entry | undefined): string | undefined {
  return entry && descriptorOf(entry).name;
}

function byName(a: Entry, b: Entry): number {
  const [first, second] = [descriptorOf(a).name, descriptorOf(b).name];
  return first < second ? -1 : first > second ? 1 : 0;
}
