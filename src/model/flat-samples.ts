import type { Encoder } from './encoder.ts';
import type { Descriptor, HistogramValue, Point, StateSetValue, SummaryValue } from './family.ts';
import { goFloat } from './float-layout.ts';
import { labelPairs } from './label-set.ts';

/** A sample, as a line of the text format has it. */
export interface FlatSample {
  readonly name: string;
  readonly labels: readonly (readonly [name: string, value: string])[];
  readonly value: number;
}

/** The part of a sample that is neither in the name of its family nor in the labels of its point. */
interface SamplePart {
  readonly suffix?: string;
  readonly label?: readonly [name: string, value: string];
}

/** Flattens families into samples, as the text format does: buckets are cumulative and have a label `le`. */
export class FlatSamples implements Encoder {
  readonly #onSample: (sample: FlatSample) => void;
  #name = '';

  constructor(onSample: (sample: FlatSample) => void) {
    this.#onSample = onSample;
  }

  family({ name }: Descriptor): void {
    this.#name = name;
  }

  counter(point: Point, value: number): void {
    this.add(point, value);
  }

  gauge(point: Point, value: number): void {
    this.add(point, value);
  }

  unknown(point: Point, value: number): void {
    this.add(point, value);
  }

  histogram(point: Point, value: HistogramValue): void {
    this.addBuckets(point, value);
    this.addTotals(point, value);
  }

  summary(point: Point, summary: SummaryValue): void {
    for (const { quantile, value } of summary.quantiles) {
      this.add(point, value, { label: ['quantile', goFloat(quantile)] });
    }
    this.addTotals(point, summary);
  }

  info(point: Point): void {
    this.add(point, 1);
  }

  stateSet(point: Point, { states, enabled }: StateSetValue): void {
    for (const [index, state] of states.entries()) {
      this.add(point, enabled[index] ? 1 : 0, { label: [this.#name, state] });
    }
  }

  /** Adds the classic buckets of a histogram. */
  protected addBuckets(point: Point, { upperBounds, bucketCounts, count }: HistogramValue): void {
    let cumulative = 0;
    for (const [index, upperBound] of upperBounds.entries()) {
      cumulative += bucketCounts[index] ?? 0;
      this.add(point, cumulative, { suffix: '_bucket', label: ['le', goFloat(upperBound)] });
    }
    this.add(point, count, { suffix: '_bucket', label: ['le', '+Inf'] });
  }

  protected addTotals(point: Point, { sum, count, hasSum, hasCount }: HistogramValue | SummaryValue): void {
    if (hasSum !== false) this.add(point, sum, { suffix: '_sum' });
    if (hasCount !== false) this.add(point, count, { suffix: '_count' });
  }

  protected add({ labels }: Point, value: number, { suffix = '', label }: SamplePart = {}): void {
    const pairs = labelPairs(labels);
    this.#onSample({ name: this.#name + suffix, labels: label === undefined ? pairs : [...pairs, label], value });
  }
}
