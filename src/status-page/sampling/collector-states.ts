import { thrownText } from '../../model/thrown.ts';
import type { CollectorFailure } from '../../registry/gathering.ts';
import type { CollectorState } from '../protocol.ts';
import type { TrackedSeries } from './family-series.ts';
import type { FamilyTable } from './family-table.ts';
import { cut } from './shown-text.ts';

/** More collectors are not shown, and their errors are not remembered. */
const MAX_COLLECTORS = 500;

interface SampleContext {
  readonly table: FamilyTable;
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly resting: ReadonlySet<string>;
}

interface LastError {
  readonly text: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** The states of the collectors of a registry, from its failures and from the metrics that it has about them. */
export class CollectorStates {
  /** Failing ones first, then the slowest. */
  list: readonly CollectorState[] = [];
  readonly #errors = new Map<string, LastError>();

  /** `resting` are collectors that were not asked: their states stay. */
  update(
    names: readonly string[],
    failures: readonly CollectorFailure[],
    { table, now, resting }: SampleContext,
  ): void {
    const failing = new Map<string, string>();
    for (const { collector, error } of failures) {
      if (!failing.has(collector) && failing.size < MAX_COLLECTORS) failing.set(collector, cut(thrownText(error)));
    }
    for (const [name, text] of failing) this.#errors.set(name, { text, at: now });
    const all = [...new Set([...failing.keys(), ...names])].slice(0, MAX_COLLECTORS);
    const exposed = exposedCollectors(table).filter(({ name }) => !all.includes(name));
    for (const name of this.#errors.keys()) if (!all.includes(name)) this.#errors.delete(name);
    const seconds = valuesOf(table, 'zeroprom_collector_duration_seconds', collectorOf);
    const errors = valuesOf(table, 'zeroprom_collector_errors_total', collectorOf);
    const before = new Map(this.list.map((state) => [state.name, state]));
    const current = all.map((name) => ({
      name: cut(name),
      state: stateOf(failing.get(name)),
      seconds: seconds.get(name),
      errors: errors.get(name),
      lastError: this.#errors.get(name)?.text,
      lastErrorAt: this.#errors.get(name)?.at,
    }));
    const states = current.map((state) => (resting.has(state.name) && before.get(state.name)) || state);
    const shown = [...states, ...exposed].slice(0, MAX_COLLECTORS);
    this.list = shown.sort((a, b) => badness(b) - badness(a) || (b.seconds ?? 0) - (a.seconds ?? 0));
  }
}

function stateOf(error: string | undefined): CollectorState['state'] {
  if (error === undefined) return 'ok';
  return error.startsWith('Timed out after ') ? 'late' : 'failing';
}

function badness({ state }: CollectorState): number {
  return state === 'failing' ? 2 : state === 'late' ? 1 : 0;
}

/** Families about collectors by which exporters tell of them, with the label `collector`. */
const EXPOSED_AS = ['zeroprom_collector', 'node_scrape_collector'];

/** Returns the collectors of other processes, as far as the metrics tell. */
function exposedCollectors(table: FamilyTable): readonly CollectorState[] {
  return EXPOSED_AS.flatMap((prefix) => {
    const successes = valuesOf(table, `${prefix}_success`, nameOf);
    const seconds = valuesOf(table, `${prefix}_duration_seconds`, nameOf);
    const errors = valuesOf(table, `${prefix}_errors_total`, nameOf);
    return Array.from(successes, ([name, success]) => {
      const state = success === 0 ? 'failing' : 'ok';
      return { name: cut(name), state, seconds: seconds.get(name), errors: errors.get(name) } as const;
    });
  });
}

/** Returns the latest values of a family by the keys of its series. */
function valuesOf(
  table: FamilyTable,
  name: string,
  keyOf: (series: TrackedSeries) => string,
): ReadonlyMap<string, number> {
  const record = table.get(name);
  if (record === undefined || table.isMissing(record)) return new Map();
  return new Map(record.series.list.map((series) => [keyOf(series), series.last]));
}

function collectorOf({ names, values }: TrackedSeries): string {
  return values[names.indexOf('collector')] ?? '';
}

/** Returns the name of a collector with the other labels, such as that of a worker. */
function nameOf(series: TrackedSeries): string {
  const { names, values } = series;
  const others = names.flatMap((label, index) => (label === 'collector' ? [] : [`${label} ${values[index]}`]));
  return [collectorOf(series), ...others].join(', ');
}
