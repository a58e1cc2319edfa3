import type { DirectCollector } from '../model/collector.ts';
import { type Encoder, familySteps } from '../model/encoder.ts';
import type { Descriptor, MetricFamily, Point } from '../model/family.ts';
import { labelKey } from '../model/label-set.ts';
import { MappingEncoder } from '../model/mapping-encoder.ts';
import { knownNames } from '../model/sample-names.ts';
import type { CollectorRuns } from './collector-runs.ts';
import { isDirect } from './named-collector.ts';

/** Number of rows encoded per step. */
const ROWS_PER_STEP = 512;
/** Number of rows from which they are announced to the encoder: fewer are about as long as a piece of a body. */
const MEASURED_ROWS = 1024;

/** Why a collector, a metric or some of their families are missing from a scrape. */
export interface CollectorFailure {
  /** Name of the collector or metric; `registry` for the registry itself. */
  readonly collector: string;
  /** The error. */
  readonly error: Error;
}

/** Options of `gather()`. */
export interface GatherOptions {
  /**
   * Aborts the scrape: collectors that are still running are left out.
   *
   * @defaultValue none
   */
  readonly signal?: AbortSignal | undefined;
  /**
   * Maximum time to wait for collectors, in milliseconds.
   *
   * @defaultValue `10_000`
   */
  readonly timeoutMs?: number | undefined;
  /**
   * Returns only families with one of these names, or with a sample that has one.
   *
   * @defaultValue all families
   */
  readonly names?: Iterable<string> | undefined;
  /**
   * Runs only the collectors with these names, and returns no metrics.
   *
   * @defaultValue all collectors and metrics
   */
  readonly collect?: Iterable<string> | undefined;
  /**
   * Does not run the collectors with these names.
   *
   * @defaultValue none
   */
  readonly exclude?: Iterable<string> | undefined;
  /**
   * Whether failures of collectors count in `zeroprom_collector_errors_total`.
   *
   * @defaultValue `true`
   *
   * @internal
   */
  readonly countsErrors?: boolean | undefined;
  /**
   * Collector runs to share between several gatherings with the same `collect` and `exclude`: later ones continue to
   * wait for collectors that exceeded the timeout of earlier ones, and reuse what the others returned.
   *
   * @internal
   */
  readonly runs?: CollectorRuns | undefined;
}

/** Anything that can be scraped: a registry, several merged registries, or an implementation of your own. */
export interface Gatherer {
  /** The collector names that the options `collect` and `exclude` may contain. */
  readonly collectorNames?: readonly string[];
  /**
   * The registered metrics, for programs that end and cannot wait for a gathering.
   *
   * @internal
   */
  readonly metrics?: readonly DirectCollector[];
  /**
   * Gathers the workers apart, if the families are those of several workers.
   *
   * @internal
   */
  readonly workers?: WorkerSource | undefined;
  /** Runs collectors and returns all families. Must not reject because a collector failed. */
  gather(options?: GatherOptions): Promise<Gathering>;
}

/** Number of a worker, or `each` for all of them with a label that has their numbers. */
export type WorkerChoice = number | 'each';

/** Several workers, whose metrics can be gathered without merging them. */
export interface WorkerSource {
  /** Returns the families of one worker or of each, and the families about the workers themselves. */
  gather(choice: WorkerChoice, options?: Pick<GatherOptions, 'signal' | 'timeoutMs'>): Promise<Gathering>;
}

/** A metric, whose values are read when it is encoded, or a family as plain data. */
export type Entry = DirectCollector | MetricFamily;

/**
 * Result of one scrape: families sorted by name, and what is missing. Encode it promptly, because the values of metrics
 * are read during encoding.
 *
 * @example
 * ```ts
 * import { Gauge, Registry } from 'zeroprom';
 * import { encodeGathering } from 'zeroprom/exposition';
 *
 * const registry = new Registry();
 * new Gauge({ name: 'queue_length', help: 'Jobs waiting.', registry }).set(3);
 * const gathering = await registry.gather({ timeoutMs: 1000 });
 * for (const { collector, error } of gathering.failures) console.error(collector, error);
 * console.log(encodeGathering(gathering).toString());
 * ```
 */
export class Gathering {
  /** Collectors and metrics that failed, and families or points that were left out. */
  readonly failures: readonly CollectorFailure[];
  /** Metrics and families, sorted by name. Several may have one name if registries were merged. */
  readonly entries: readonly Entry[];

  /** For implementations of {@link Gatherer}. Entries may come in any order. */
  constructor(entries: readonly Entry[], failures: readonly CollectorFailure[]) {
    this.entries = [...entries].sort((a, b) => {
      const [first, second] = [descriptorOf(a).name, descriptorOf(b).name];
      return first < second ? -1 : first > second ? 1 : 0;
    });
    this.failures = failures;
  }

  /** Returns a gathering with only the families that have one of these names, or a sample that has one. */
  only(names: ReadonlySet<string>): Gathering {
    return new Gathering(
      this.entries.filter((entry) => isAskedFor(descriptorOf(entry), names)),
      this.failures,
    );
  }

  /** Passes all families and points to an encoder. */
  encode(encoder: Encoder): void {
    for (const _step of this.steps(encoder)) {
      // Without pauses.
    }
  }

  /**
   * Like `encode()`, in steps of at most `rowsPerStep` series, between which other work can run. A series is never
   * split.
   */
  *steps(encoder: Encoder, rowsPerStep = ROWS_PER_STEP): Generator<void, void, void> {
    for (let index = 0; index < this.entries.length; ) {
      const family = this.#sameName(index);
      yield* stepsOf(family, encoder, rowsPerStep);
      yield;
      index += family.length;
    }
  }

  /** The entries of one family, from `index` on; more than one only if registries were merged. */
  #sameName(index: number): readonly Entry[] {
    const name = nameOf(this.entries[index]);
    let end = index + 1;
    while (end < this.entries.length && nameOf(this.entries[end]) === name) end++;
    return this.entries.slice(index, end);
  }
}

/** The names as a set. A string is one name. */
export function setOf(names: Iterable<string> | undefined): ReadonlySet<string> | undefined {
  return names === undefined ? undefined : new Set(typeof names === 'string' ? [names] : names);
}

/** Returns the part of a gathering with these names, as `GatherOptions.names` documents; all of it without names. */
export function namedPart(gathering: Gathering, names: Iterable<string> | undefined): Gathering {
  const requested = setOf(names);
  return requested === undefined ? gathering : gathering.only(requested);
}

/** Whether the family or one of its samples has one of these names. */
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

/** Passes on each series of one family once: the first point. Its user opens the family. */
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

/**
 * Encodes an entry. If it throws, the exposition goes on, provided that `outermost` can do without the rest of the
 * family.
 */
function* guardedSteps(
  entry: Entry,
  encoder: Encoder,
  outermost: Encoder,
  rowsPerStep: number,
): Generator<void, void, void> {
  try {
    yield* entrySteps(entry, encoder, rowsPerStep);
  } catch (problem) {
    if (outermost.failed === undefined) throw problem;
    outermost.failed(descriptorOf(entry), problem);
  }
}

function* entrySteps(entry: Entry, encoder: Encoder, rowsPerStep: number): Generator<void, void, void> {
  if (!isDirect(entry)) return yield* familySteps(entry, encoder, rowsPerStep);
  entry.pin();
  try {
    encoder.family(entry.descriptor);
    // Without series that are added meanwhile: one that was encoded, removed and added again would appear twice.
    const rows = entry.rowCount;
    if (rows >= MEASURED_ROWS) yield* measureSteps(entry, encoder, rows, rowsPerStep);
    for (let row = 0; row < rows; row += rowsPerStep) {
      if (row > 0) yield;
      entry.encode(encoder, row, Math.min(row + rowsPerStep, rows));
    }
  } finally {
    entry.unpin();
  }
}

function* measureSteps(
  entry: DirectCollector,
  encoder: Encoder,
  rows: number,
  rowsPerStep: number,
): Generator<void, void, void> {
  for (let row = 0; row < rows; row += rowsPerStep) {
    const to = Math.min(row + rowsPerStep, rows);
    if (!entry.measure?.(encoder, row, to, to === rows)) return;
    yield;
  }
}

function nameOf(entry: Entry | undefined): string | undefined {
  return entry && descriptorOf(entry).name;
}
