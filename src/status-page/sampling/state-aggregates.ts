import type { StateSetValue } from '../../model/family.ts';
import type { LabelSet } from '../../model/label-set.ts';
import type { FamilyValues, LabelList } from '../protocol.ts';
import { type Aggregate, type LineCounts, NO_LINES, type Shape } from './aggregate.ts';
import type { TrackedSeries } from './family-series.ts';
import { cut, shownLabels, shownPairs } from './shown-text.ts';

const MAX_STATES = 20;
const MAX_FACTS = 3;

/** The number of series in each state. */
export class StateSetAggregate implements Aggregate {
  #states: readonly string[] = [];
  #counts: number[] = [];

  get lines(): LineCounts {
    return { quantiles: 0, buckets: 0, states: this.#states.length };
  }

  begin(): void {
    this.#counts = this.#states.map(() => 0);
  }

  stateSet(series: TrackedSeries | undefined, { states, enabled }: StateSetValue): void {
    if (this.#states.length === 0) {
      this.#states = states.slice(0, MAX_STATES);
      this.begin();
    }
    const on = states.slice(0, MAX_STATES).filter((_, index) => Boolean(enabled[index]));
    for (const [index, state] of this.#states.entries()) if (on.includes(state)) this.#counts[index]!++;
    if (series !== undefined) series.enabled = on.map((state) => cut(state));
  }

  end(series: number): FamilyValues {
    return { series, states: this.#counts };
  }

  shape(): Shape {
    return { aggregate: 'sum', states: this.#states.map((state) => cut(state)) };
  }

  get points(): readonly number[] {
    return [Number.NaN, ...this.#counts];
  }
}

/** The labels of the first few series of an info. */
export class InfoAggregate implements Aggregate {
  readonly lines = NO_LINES;
  readonly points: readonly number[] = [Number.NaN];
  #facts: LabelList[] = [];

  begin(): void {
    this.#facts = [];
  }

  info(labels: LabelSet): void {
    if (this.#facts.length < MAX_FACTS) this.#facts.push(shownLabels(labels));
  }

  /** Adds an info of the text format. */
  number(series: TrackedSeries | undefined): void {
    if (series === undefined || this.#facts.length >= MAX_FACTS) return;
    this.#facts.push(shownPairs(series.names.map((name, index) => [name, series.values[index] ?? ''])));
  }

  end(series: number): FamilyValues {
    return { series };
  }

  shape(): Shape {
    return { aggregate: 'sum', facts: this.#facts };
  }
}
