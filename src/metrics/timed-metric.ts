import type { Labels } from '../model/labels.ts';
import { Metric } from './metric.ts';
import { callThen } from './on-settled.ts';
import type { LabelName, LabelSchema, LabelsOf, SomeLabels, WithLabels, Without } from './series/label-schema.ts';
import type { Handle } from './series/series-table.ts';
import { type LateTimer, startTimer, type Timer } from './timer.ts';

/** A timer that was started with the labels `Given`. Ending it takes the remaining labels, if any. */
export type TimerOf<S extends LabelSchema, Given> =
  Without<S, Given> extends readonly [] ? Timer : LateTimer<LabelsOf<Without<S, Given>>>;

/** Common part of metrics that observe durations: histograms and summaries. */
export abstract class TimedMetric<S extends LabelSchema, Child extends TimedChild> extends Metric<S, Child> {
  /**
   * Starts a timer. Calling the result observes the elapsed seconds and returns them. Labels that are not known yet may
   * be passed then: `const end = m.startTimer({ method }); …; end({ code })`.
   *
   * @throws {TypeError | RangeError} when the timer ends, if the labels or their values are not those of the metric.
   */
  startTimer<Names extends LabelName<S> = never>(labels?: SomeLabels<S, Names>): TimerOf<S, Names>;
  startTimer(labels?: Partial<Labels>): Timer & LateTimer<Partial<Labels>> {
    const known = labels && { ...labels };
    return startTimer((seconds, moreLabels) => {
      const all = moreLabels === undefined ? known : { ...known, ...moreLabels };
      this.target(all).observe(seconds);
    });
  }

  /**
   * Calls `fn` and observes the seconds until it has returned or thrown, or until the promise that it returns has
   * settled. Returns and throws what `fn` does.
   *
   * @throws {TypeError} if `fn` is not a function, or the labels are not those of the metric.
   */
  time<T>(...call: WithLabels<S, [fn: () => T]>): T;
  time<T>(first: Labels | (() => T), second?: () => T): T {
    if (typeof first === 'function') return this.target().time(first);
    // callThen() rejects everything but functions.
    return this.target(first).time(second as () => T);
  }
}

/** Common part of the children of histograms and summaries. */
export abstract class TimedChild implements Handle {
  /** @internal */
  row: number;

  /** @internal */
  constructor(row: number) {
    this.row = row;
  }

  /**
   * Counts one value.
   *
   * @throws {TypeError} if `value` is not a number.
   */
  abstract observe(value: number): void;

  /** Starts a timer. Calling the result observes the elapsed seconds and returns them. */
  startTimer(): Timer {
    return startTimer((seconds) => this.observe(seconds));
  }

  /**
   * Calls `fn` and observes the seconds until it has returned or thrown, or until the promise that it returns has
   * settled. Returns and throws what `fn` does.
   *
   * @throws {TypeError} if `fn` is not a function.
   */
  time<T>(fn: () => T): T {
    const end = this.startTimer();
    return callThen(fn, () => void end());
  }
}
