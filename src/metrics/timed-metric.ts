import type { Labels } from '../model/labels.ts';
import { Metric } from './metric.ts';
import { callThen } from './on-settled.ts';
import type { LabelName, LabelSchema, LabelsOf, SomeLabels, WithLabels, Without } from './series/label-schema.ts';
import type { Handle } from './series/series-table.ts';
import { type LateTimer, startTimer, type Timer } from './timer.ts';

/** A timer to which the labels `Given` are known. */
export type TimerOf<S extends LabelSchema, Given> =
  Without<S, Given> extends readonly [] ? Timer : LateTimer<LabelsOf<Without<S, Given>>>;

/** What metrics that observe durations share: histograms and summaries. */
export abstract class TimedMetric<S extends LabelSchema, Child extends TimedChild> extends Metric<S, Child> {
  /** Begins to time; what it returns records the seconds, and is given the labels that were not known before. */
  startTimer<Names extends LabelName<S> = never>(labels?: SomeLabels<S, Names>): TimerOf<S, Names>;
  startTimer(labels?: Partial<Labels>): Timer & LateTimer<Partial<Labels>> {
    const known = labels && { ...labels };
    return startTimer((seconds, moreLabels) => {
      const all = moreLabels === undefined ? known : { ...known, ...moreLabels };
      this.target(all).observe(seconds);
    });
  }

  /** Calls `fn` and observes the seconds until it has returned, thrown or, where it is asynchronous, settled. */
  time<T>(...call: WithLabels<S, [fn: () => T]>): T;
  time<T>(first: Labels | (() => T), second?: () => T): T {
    if (typeof first === 'function') return this.target().time(first);
    // The signature above asks for a function; callThen() says so where there is none.
    return this.target(first).time(second as () => T);
  }
}

/** One series of such a metric. */
export abstract class TimedChild implements Handle {
  row: number;

  constructor(row: number) {
    this.row = row;
  }

  abstract observe(value: number): void;

  startTimer(): Timer {
    return startTimer((seconds) => this.observe(seconds));
  }

  time<T>(fn: () => T): T {
    const end = this.startTimer();
    return callThen(fn, () => void end());
  }
}
