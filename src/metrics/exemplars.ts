import type { Exemplar } from '../model/family.ts';
import type { LabelInput, Labels } from '../model/labels.ts';
import { ObjectColumn } from './column.ts';
import type { TimedExemplar } from './native-exemplars.ts';
import type { SeriesTable } from './series-table.ts';

/** OpenMetrics: label names and values of an exemplar together. */
const MAX_CODE_POINTS = 128;
/** At most one observation in so many milliseconds is sampled for a series. */
const SAMPLE_INTERVAL_MS = 90;
/** A sampled exemplar stays for so long, so that a scrape can see it, and is not shown after so long. */
const MIN_RETENTION_S = 7;
const MAX_RETENTION_S = 70;

/** Gives labels that lead to what happens now, such as a trace; undefined where there is nothing worth a look. */
export type ExemplarSource = () => Labels | undefined;

/** One series' exemplars, by slot: one for a counter, one for each bucket of a histogram. */
interface Kept {
  nextSample: number;
  readonly given: (TimedExemplar | undefined)[];
  readonly sampled: (TimedExemplar | undefined)[];
}

/** The exemplars of a metric: given with an update, where the last one wins, or sampled from a source. */
export class Exemplars {
  /** How many were too long or had labels that are none. */
  dropped = 0;
  readonly isSampling: boolean;
  readonly #source: ExemplarSource | undefined;
  readonly #table: SeriesTable;
  #kept: ObjectColumn<Kept> | undefined = undefined;

  constructor(table: SeriesTable, source: ExemplarSource | undefined) {
    this.#table = table;
    this.#source = source;
    this.isSampling = source !== undefined;
  }

  /** Keeps what the caller gave, or now and then what the source says. The exemplar, if one was kept. */
  record(row: number, slot: number, value: number, labels: Labels | undefined): TimedExemplar | undefined {
    if (labels === undefined) return this.#sample(row, slot, value);
    const exemplar = this.#exemplar(value, labels);
    if (exemplar === undefined) this.dropped++;
    else this.#at(row).given[slot] = exemplar;
    return exemplar;
  }

  /** What a scrape shows: what was given before what was sampled, and nothing sampled that is old. */
  read(row: number, slot: number): Exemplar | undefined {
    const kept = this.#kept?.data[row];
    if (kept === undefined) return undefined;
    const sampled = kept.sampled[slot];
    const isFresh = sampled !== undefined && Date.now() / 1000 - sampled.timestamp <= MAX_RETENTION_S;
    return kept.given[slot] ?? (isFresh ? sampled : undefined);
  }

  /** By time compare, and without timers: most updates see that the time has not come. */
  #sample(row: number, slot: number, value: number): TimedExemplar | undefined {
    if (this.#source === undefined || Number.isNaN(value)) return undefined;
    const kept = this.#at(row);
    const now = Date.now();
    const last = kept.sampled[slot];
    if (now < kept.nextSample || (last !== undefined && now / 1000 - last.timestamp < MIN_RETENTION_S))
      return undefined;
    kept.nextSample = now + SAMPLE_INTERVAL_MS;
    const labels = this.#ask();
    const exemplar = labels && this.#exemplar(value, labels);
    if (labels !== undefined && exemplar === undefined) this.dropped++;
    if (exemplar !== undefined) kept.sampled[slot] = exemplar;
    return exemplar;
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

  #exemplar(value: number, labels: Labels): TimedExemplar | undefined {
    const texts = textsOf(labels);
    return texts && { labels: texts, value, timestamp: Date.now() / 1000 };
  }

  #at(row: number): Kept {
    this.#kept ??= this.#table.addColumn(new ObjectColumn<Kept>());
    const kept = this.#kept.data[row] ?? { nextSample: 0, given: [], sampled: [] };
    this.#kept.data[row] = kept;
    return kept;
  }
}

/** A copy of the labels as texts; undefined where they are none or too long. */
function textsOf(labels: Labels): Readonly<Record<string, string>> | undefined {
  if (typeof labels !== 'object' || labels === null) return undefined;
  const entries = Object.entries(labels);
  if (!entries.every(([name, value]) => name !== '' && isLabelInput(value))) return undefined;
  const texts = entries.map(([name, value]) => [name.toWellFormed(), String(value).toWellFormed()] as const);
  const length = texts.reduce((sum, [name, text]) => sum + codePoints(name) + codePoints(text), 0);
  return length > MAX_CODE_POINTS ? undefined : Object.fromEntries(texts);
}

function isLabelInput(value: unknown): value is LabelInput {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}

/** Far more code units than the limit need no counting. */
function codePoints(text: string): number {
  return text.length > MAX_CODE_POINTS * 2 ? text.length : [...text].length;
}
