import type { SeriesPage } from '../detail-protocol.ts';
import { pointsOf, rounded } from '../history/time-ring.ts';
import type { ChangesMessage, Family, FamilyHistory, FamilyValues, HistoryMessage } from '../protocol.ts';
import type { FamilyRecord } from '../sampling/family-record.ts';
import type { TrackedSeries } from '../sampling/family-series.ts';
import { HISTORY_MS, type Sampler } from '../sampling/sampler.ts';
import { cut, shownPairs, shownValue } from '../sampling/shown-text.ts';
import { requestsInFlight, type StatusSource, type ViewerCost } from './status-source.ts';

/** Parts that a message of changes has only if they changed. */
const PARTS = ['health', 'process', 'workers', 'omittedFamilies', 'collectors', 'tasks', 'scrapes'] as const;

/** A family as it was sent. */
interface SentFamily {
  readonly description: string;
  readonly values: string;
}

/** Writes messages as JSON. One object serves all viewers, who get the same texts. */
export class Messages {
  readonly #source: StatusSource;
  readonly #sampler: Sampler;
  #parts = new Map<string, string>();
  #families = new Map<number, SentFamily>();
  #full: { readonly sample: number; readonly text: string } | undefined;

  constructor(source: StatusSource, sampler: Sampler) {
    this.#source = source;
    this.#sampler = sampler;
  }

  /** All families, sorted by name. */
  get families(): readonly Family[] {
    const families = this.#sampler.table.records.map((record) => ({ ...record.description, values: record.values }));
    return families.sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** Returns a `FullMessage`: the same text for all that ask between two samples. */
  full(cost: ViewerCost): string {
    const { sample } = this.#sampler.table;
    if (this.#full?.sample !== sample) {
      const { session, parts } = this.#source;
      const message = { session, ...parts, families: this.families, cost: this.#source.cost(cost) };
      this.#full = { sample, text: JSON.stringify(message) };
    }
    return this.#full.text;
  }

  /** Returns a `ChangesMessage` with what changed since the call before. */
  changes(cost: ViewerCost): string {
    const { parts } = this.#source;
    const changed: Partial<Record<(typeof PARTS)[number], unknown>> = {};
    for (const part of PARTS) {
      const text = JSON.stringify(parts[part] ?? null);
      if (text !== this.#parts.get(part) && parts[part] !== undefined) changed[part] = parts[part];
      this.#parts.set(part, text);
    }
    const families = this.#changedFamilies();
    const message = { time: parts.time, ...families, cost: this.#source.cost(cost) } satisfies ChangesMessage;
    return JSON.stringify({ ...changed, ...message });
  }

  #changedFamilies(): Pick<ChangesMessage, 'values' | 'families' | 'removed'> {
    const before = this.#families;
    this.#families = new Map();
    const values: Record<number, FamilyValues> = {};
    const families: Family[] = [];
    for (const record of this.#sampler.table.records) {
      const { id, description } = record;
      const sent = { description: JSON.stringify(description), values: JSON.stringify(record.values) };
      const known = before.get(id);
      this.#families.set(id, sent);
      if (known?.description !== sent.description) families.push({ ...description, values: record.values });
      else if (known.values !== sent.values) values[id] = record.values;
    }
    const removed = [...before.keys()].filter((id) => !this.#families.has(id));
    return { values, ...(families.length > 0 ? { families } : {}), ...(removed.length > 0 ? { removed } : {}) };
  }
}

/** Returns the head of a `HistoryMessage`, and the slots of its points. */
export function historyHead(session: string, sampler: Sampler, now: number) {
  const slots = sampler.times.slotsSince(now - HISTORY_MS);
  const lines = [...sampler.processLines].map(([name, line]) => [name, pointsOf(line, slots)] as const);
  const inFlight = requestsInFlight(sampler)?.history(slots).line;
  const head: Omit<HistoryMessage, 'families'> = {
    session,
    times: sampler.times.timesOf(slots),
    process: Object.fromEntries(inFlight ? [...lines, ['requestsInFlight', inFlight]] : lines),
    gcPauses: sampler.gcPauses.filter(({ time }) => time >= now - HISTORY_MS),
  };
  return { head, slots };
}

/** Returns the history of one family as JSON. */
export function familyHistory(record: FamilyRecord, slots: readonly number[]): string {
  const history: FamilyHistory = record.history(slots);
  return JSON.stringify(history);
}

/** Series in a page at most. */
const MAX_SERIES = 500;

/** Returns some of the series of a family, with their history. */
export function seriesPage(record: FamilyRecord, sampler: Sampler, offset: number, limit: number): SeriesPage {
  const { list, untracked } = record.series;
  const slots = sampler.seriesTimes.slotsSince(sampler.time - HISTORY_MS);
  const shown = list.slice(offset, offset + Math.min(limit, MAX_SERIES));
  return {
    name: cut(record.descriptor.name),
    time: sampler.time,
    total: list.length,
    offset,
    untracked,
    times: sampler.seriesTimes.timesOf(slots),
    series: shown.map((series) => shownSeries(series, slots)),
    exemplars: record.exemplars?.records ?? [],
  };
}

function shownSeries({ names, values, last, rate, mean, enabled, line }: TrackedSeries, slots: readonly number[]) {
  return {
    labels: shownPairs(names.map((name, index) => [name, values[index] ?? ''])),
    ...(Number.isNaN(last) && enabled !== undefined ? { enabled } : { value: shownValue(last) }),
    ...(Number.isFinite(rate) ? { rate: rounded(rate) } : {}),
    ...(Number.isFinite(mean) ? { mean: rounded(mean) } : {}),
    line: line === undefined ? [] : pointsOf(line, slots),
  };
}
