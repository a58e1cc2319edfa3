import type { Exemplar } from '../../model/family.ts';
import type { LabelInput, Labels } from '../../model/labels.ts';
import { ObjectColumn } from '../series/column.ts';
import type { SeriesTable } from '../series/series-table.ts';
import type { TimedExemplar } from './native-exemplars.ts';

/** OpenMetrics: label names and values of an exemplar together. */
const MAX_CODE_POINTS = 128;
/** A series asks the source at most once in so many milliseconds. */
const SAMPLE_INTERVAL_MS = 90;
/** A sampled exemplar stays for so long, that scrapes may see it. */
const MIN_RETENTION_MS = 7_000;
/** With a source, exemplars that are older are not shown. */
const MAX_RETENTION_MS = 70_000;

/** Gives labels that lead to what happens now, such as a trace; undefined where there is nothing worth a look. */
export type ExemplarSource = () => Labels | undefined;

/** One series' exemplars, by slot: one for a counter, one for each bucket of a histogram. */
interface SeriesExemplars {
  /** When the source was asked, in milliseconds of the monotonic clock. */
  askedAt: number;
  /** The last slot that was sampled, where samples take turns. */
  turn: number;
  readonly given: (TimedExemplar | undefined)[];
  readonly sampled: (TimedExemplar | undefined)[];
}

export interface ExemplarOptions {
  readonly source: ExemplarSource | undefined;
  /** Where there is but one bucket for all observations, how many samples it keeps at a time; 1 by default. */
  readonly samples?: number;
}

/** The exemplars of a metric: given with an update, where the last one wins, or sampled from a source. */
export class Exemplars {
  /** How many were too long, had labels that are none, or had no bucket to belong to. */
  dropped = 0;
  readonly isSampling: boolean;
  readonly #source: ExemplarSource | undefined;
  readonly #samples: number;
  readonly #table: SeriesTable;
  #kept: ObjectColumn<SeriesExemplars> | undefined = undefined;

  constructor(table: SeriesTable, { source, samples = 1 }: ExemplarOptions) {
    this.#table = table;
    this.#source = source;
    this.#samples = samples;
    this.isSampling = source !== undefined;
  }

  /** Whether no series ever had one. */
  get isEmpty(): boolean {
    return this.#kept === undefined;
  }

  /** Keeps what the caller gave, or now and then what the source says. The exemplar, if one was kept. */
  record(row: number, slot: number, value: number, labels: Labels | undefined): TimedExemplar | undefined {
    if (labels === undefined) return this.#sample(row, slot, value);
    const texts = this.#texts(labels);
    if (texts === undefined) return undefined;
    const exemplar = timed(this.#traced(texts) ?? texts, value);
    this.#at(row).given[slot] = exemplar;
    return exemplar;
  }

  /** What a scrape shows: what was given before what was sampled. */
  read(row: number, slot: number): Exemplar | undefined {
    const kept = this.#kept?.data[row];
    if (kept === undefined) return undefined;
    const given = kept.given[slot];
    if (given !== undefined && this.#isShown(given)) return given;
    const sampled = kept.sampled[this.#samples > 1 ? kept.turn : slot];
    return sampled !== undefined && this.#isShown(sampled) ? sampled : undefined;
  }

  /** By time compare, and without timers: most updates see that the time has not come. */
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

  /** Labels that lead to no trace with those that the source has, if there is room for them. */
  #traced(labels: Labels): Labels | undefined {
    if (this.#source === undefined || hasTrace(labels)) return undefined;
    const found = exemplarTexts(this.#ask());
    return found && exemplarTexts({ ...found, ...labels });
  }

  /** A source that throws must not break the update that it would have decorated. */
  #ask(): Labels | undefined {
    try {
      return this.#source?.();
    } catch {
      this.dropped++;
      return undefined;
    }
  }

  #texts(labels: Labels): Labels | undefined {
    const texts = exemplarTexts(labels);
    if (texts === undefined) this.dropped++;
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

/** A negative time is not recent: fake timers of tests may set even the monotonic clock back. */
function isWithin(elapsed: number, limit: number): boolean {
  return elapsed >= 0 && elapsed < limit;
}

/**
 * A copy of an exemplar's labels as texts; undefined where they are no labels, throw, or are longer than an exemplar may
 * be.
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
  return length > MAX_CODE_POINTS ? undefined : Object.fromEntries(texts);
}

/** Whether the labels lead to a trace already. */
function hasTrace(labels: Labels): boolean {
  return 'trace_id' in labels || 'span_id' in labels;
}

function isLabelInput(value: unknown): value is LabelInput {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}

/** Far more code units than the limit need no counting. */
function codePoints(text: string): number {
  return text.length > MAX_CODE_POINTS * 2 ? text.length : [...text].length;
}
