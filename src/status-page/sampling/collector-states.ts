import { thrownText } from '../../model/thrown.ts';
import type { CollectorFailure } from '../../registry/gathering.ts';
import type { CollectorState } from '../protocol.ts';
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
    for (const name of this.#errors.keys()) if (!all.includes(name)) this.#errors.delete(name);
    const seconds = valuesOf(table, 'zeroprom_collector_duration_seconds');
    const errors = valuesOf(table, 'zeroprom_collector_errors_total');
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
    this.list = states.sort((a, b) => badness(b) - badness(a) || (b.seconds ?? 0) - (a.seconds ?? 0));
  }
}

function stateOf(error: string | undefined): CollectorState['state'] {
  if (error === undefined) return 'ok';
  return error.startsWith('Timed out after ') ? 'late' : 'failing';
}

function badness({ state }: CollectorState): number {
  return state === 'failing' ? 2 : state === 'late' ? 1 : 0;
}

/** Returns the values of a family by the label `collector`. */
function valuesOf(table: FamilyTable, name: string): ReadonlyMap<string, number> {
  const record = table.get(name);
  if (record === undefined || table.isMissing(record)) return new Map();
  return new Map(
    record.series.list.map(({ names, values, last }) => [values[names.indexOf('collector')] ?? '', last] as const),
  );
}
