import type { Exemplar } from '../../model/family.ts';
import { codePoints, isLabelInput, type Labels, MAX_EXEMPLAR_LENGTH } from '../../model/labels.ts';
import { ObjectColumn } from '../series/column.ts';
import { Lost, type SeriesTable } from '../series/series-table.ts';
import type { TimedExemplar } from './native-exemplars.ts';

/** Minimum time between two calls of the source for a series, in milliseconds. */
const SAMPLE_INTERVAL_MS = 90;
/** Minimum time for which a sampled exemplar is kept, so that a scrape can see it. */
const MIN_RETENTION_MS = 7_000;
/** With a source, older exemplars are not exposed. */
const MAX_RETENTION_MS = 70_000;

/**
 * Returns exemplar labels for the current event, such as those of a trace, or undefined for none. Errors are counted
 * and ignored.
 */
export type ExemplarSource = () => Labels | undefined;

/** The exemplars of one series, by slot: a counter has one slot, a histogram one per bucket. */
interface SeriesExemplars {
  /** Time of the last call of the source, in milliseconds of the monotonic clock. */
  askedAt: number;
  /** The last slot that was sampled, if samples use the slots in turn. */
  turn: number;
  readonly given: (TimedExemplar | undefined)[];
  readonly sampled: (TimedExemplar | undefined)[];
}

/** Options of the exemplars of a metric. */
export interface ExemplarOptions {
  readonly source: ExemplarSource | undefined;
  /** Number of samples per series if all observations share one bucket. Default 1. */
  readonly samples?: number;
}

/** The exemplars of a metric: the last one that came with an update, or samples from a source. */
export class Exemplars {
  readonly isSampling: boolean;
  readonly #source: ExemplarSource | undefined;
  readonly #samples: number;
  readonly #table: SeriesTable;
  #kept: ObjectColumn<SeriesExemplars> | undefined = undefined;
  /** By row and slot: exemplars of a metric in another thread. */
  #followed: readonly (ArrayLike<Exemplar | undefined> | undefined)[] | undefined = undefined;

  constructor(table: SeriesTable, { source, samples = 1 }: ExemplarOptions) {
    this.#table = table;
    this.#source = source;
    this.#samples = samples;
    this.isSampling = source !== undefined;
  }

  /** Whether no series has had an exemplar so far. */
  get isEmpty(): boolean {
    return this.#kept === undefined && this.#followed === undefined;
  }

  /** Counts an exemplar that was too long, had invalid labels or belonged to no bucket. */
  drop(): void {
    this.#table.lost[Lost.exemplars]! += 1;
  }

  /** Returns these exemplars from now on: of another thread's metric, by row and slot. */
  follow(exemplars: readonly (ArrayLike<Exemplar | undefined> | undefined)[]): void {
    this.#followed = exemplars;
  }

  /** Keeps the caller's exemplar, or samples the source at intervals. Returns the exemplar if one was kept. */
  record(row: number, slot: number, value: number, labels: Labels | undefined): TimedExemplar | undefined {
    if (labels === undefined) return this.#sample(row, slot, value);
    const texts = this.#texts(labels);
    if (texts === undefined) return undefined;
    const exemplar = timed(this.#traced(texts) ?? texts, value);
    this.#at(row).given[slot] = exemplar;
    return exemplar;
  }

  /** Returns the exemplar to expose. Those of callers take precedence over samples. */
  read(row: number, slot: number): Exemplar | undefined {
    const kept = this.#kept?.data[row];
    if (kept === undefined) return this.#followed?.[row]?.[slot];
    const given = kept.given[slot];
    if (given !== undefined && this.#isShown(given)) return given;
    const sampled = kept.sampled[this.#samples > 1 ? kept.turn : slot];
    return sampled !== undefined && this.#isShown(sampled) ? sampled : undefined;
  }

  /** Samples the source if the interval has passed. Compares times instead of using timers. */
  #sample(row: number, slot: number, value: number): TimedExemplar | undefined {
    if (Number.isNaN(value)) return undefined;
    const kept = this.#at(row);
    const now = performance.now();
    if (isWithin(now - kept.askedAt, SAMPLE_INTERVAL_MS)) return undefined;
    const target = this.#samples > 1 ? (kept.turn + 1) % this.#samples : slot;
    const last = kept.sampled[target];
    if (last !== undefined && isWithin(now - last.recordedAt, MIN_RETENTION_MS)) return undefined;
    kept.askedAt = now;
    const labels = this.#ask();
    const texts = labels && this.#texts(labels);
    if (texts === undefined) return undefined;
    const exemplar = timed(texts, value);
    kept.sampled[target] = exemplar;
    kept.turn = target;
    return exemplar;
  }

  /** Adds the source's labels to labels without a trace, if there is room for them. */
  #traced(labels: Labels): Labels | undefined {
    if (this.#source === undefined || 'trace_id' in labels || 'span_id' in labels) return undefined;
    const found = exemplarTexts(this.#ask());
    return found && exemplarTexts({ ...found, ...labels });
  }

  /** Calls the source. Its errors must not fail the update. */
  #ask(): Labels | undefined {
    try {
      return this.#source?.();
    } catch {
      this.drop();
      return undefined;
    }
  }

  #texts(labels: Labels): Labels | undefined {
    const texts = exemplarTexts(labels);
    if (texts === undefined) this.drop();
    return texts;
  }

  #isShown(exemplar: TimedExemplar): boolean {
    return !this.isSampling || performance.now() - exemplar.recordedAt <= MAX_RETENTION_MS;
  }

  #at(row: number): SeriesExemplars {
    this.#kept ??= this.#table.addColumn(new ObjectColumn<SeriesExemplars>());
    const kept = this.#kept.data[row] ?? { askedAt: Number.NEGATIVE_INFINITY, turn: 0, given: [], sampled: [] };
    this.#kept.data[row] = kept;
    return kept;
  }
}

function timed(labels: Labels, value: number): TimedExemplar {
  return { labels, value, timestamp: Date.now() / 1000, recordedAt: performance.now() };
}

/** Whether a time has passed recently. Not if it is negative: fake timers may set even the monotonic clock back. */
function isWithin(elapsed: number, limit: number): boolean {
  return elapsed >= 0 && elapsed < limit;
}

/**
 * Returns a copy of an exemplar's labels as strings, or undefined if they are invalid, too long, or throw when read.
 */
function exemplarTexts(labels: unknown): Readonly<Record<string, string>> | undefined {
  try {
    return labelTexts(labels);
  } catch {
    return undefined;
  }
}

function labelTexts(labels: unknown): Readonly<Record<string, string>> | undefined {
  if (typeof labels !== 'object' || labels === null) return undefined;
  const entries: [string, unknown][] = Object.entries(labels);
  if (!entries.every(([name, value]) => name !== '' && isLabelInput(value))) return undefined;
  const texts = entries.map(([name, value]) => [name.toWellFormed(), String(value).toWellFormed()] as const);
  const length = texts.reduce((sum, [name, text]) => sum + codePoints(name) + codePoints(text), 0);
  return length > MAX_EXEMPLAR_LENGTH ? undefined : Object.fromEntries(texts);
}
