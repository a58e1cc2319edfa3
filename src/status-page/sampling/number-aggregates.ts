import type { Descriptor } from '../../model/family.ts';
import { rounded } from '../history/time-ring.ts';
import type { FamilyValues } from '../protocol.ts';
import { type Aggregate, NO_LINES, type Shape } from './aggregate.ts';
import type { TrackedSeries } from './family-series.ts';
import { Increases } from './increases.ts';
import { shownValue } from './shown-text.ts';

/** The total of a counter, and its rate. */
export class CounterAggregate implements Aggregate {
  readonly lines = NO_LINES;
  readonly #increases = new Increases();

  begin(seconds: number | undefined): void {
    this.#increases.begin(seconds);
  }

  number(series: TrackedSeries | undefined, value: number): void {
    this.#increases.add(series, value);
  }

  end(series: number): FamilyValues {
    const { total, rate } = this.#increases;
    return { series, value: shownValue(total), ...(rate === undefined ? {} : { rate: rounded(rate) }) };
  }

  shape(): Shape {
    return { aggregate: 'sum' };
  }

  get points(): readonly number[] {
    return [this.#increases.rate ?? Number.NaN];
  }
}

/** The sum, the mean or the maximum of a gauge, whichever makes sense. Leaves out NaN. */
export class GaugeAggregate implements Aggregate {
  readonly lines = NO_LINES;
  readonly #kind: Shape['aggregate'];
  #sum = 0;
  #max = Number.NEGATIVE_INFINITY;
  #count = 0;

  constructor(descriptor: Descriptor) {
    this.#kind = kindOf(descriptor);
  }

  begin(): void {
    this.#sum = 0;
    this.#max = Number.NEGATIVE_INFINITY;
    this.#count = 0;
  }

  number(series: TrackedSeries | undefined, value: number): void {
    if (series !== undefined) series.last = value;
    if (Number.isNaN(value)) return;
    this.#sum += value;
    this.#max = Math.max(this.#max, value);
    this.#count++;
  }

  end(series: number): FamilyValues {
    return { series, value: shownValue(this.#value) };
  }

  shape(): Shape {
    return { aggregate: this.#kind };
  }

  get points(): readonly number[] {
    return [this.#value];
  }

  get #value(): number {
    if (this.#count === 0) return Number.NaN;
    if (this.#kind === 'max') return this.#max;
    return this.#kind === 'mean' ? this.#sum / this.#count : this.#sum;
  }
}

/** The sum of temperatures, ratios or timestamps means nothing. */
function kindOf({ name }: Descriptor): Shape['aggregate'] {
  if (/_timestamp(?:_seconds)?$|_time_seconds$/.test(name)) return 'max';
  return /_(?:ratio|celsius|percent|volts|hertz)$/.test(name) ? 'mean' : 'sum';
}
