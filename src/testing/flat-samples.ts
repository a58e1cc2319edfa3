import { escapeQuoted } from '../exposition/text/text-syntax.ts';
import type { Encoder } from '../model/encoder.ts';
import type { Descriptor, HistogramValue, Point, StateSetValue, SummaryValue } from '../model/family.ts';
import { goFloat } from '../model/float-layout.ts';
import { labelPairs } from '../model/label-set.ts';
import type { LabelInput } from '../model/labels.ts';

/** A sample, as a line of the text format has it. */
export interface FlatSample {
  readonly name: string;
  readonly labels: ReadonlyMap<string, string>;
  readonly value: number;
}

/** Flattens families into samples, as the text format does: buckets are cumulative and have a label `le`. */
export class FlatSamples implements Encoder {
  readonly samples: FlatSample[] = [];
  #name = '';

  family({ name }: Descriptor): void {
    this.#name = name;
  }

  counter(point: Point, value: number): void {
    this.#add(point, value);
  }

  gauge(point: Point, value: number): void {
    this.#add(point, value);
  }

  unknown(point: Point, value: number): void {
    this.#add(point, value);
  }

  histogram(point: Point, value: HistogramValue): void {
    const { upperBounds, bucketCounts, count } = value;
    let cumulative = 0;
    for (const [index, upperBound] of upperBounds.entries()) {
      cumulative += bucketCounts[index] ?? 0;
      this.#add(point, cumulative, { suffix: '_bucket', label: ['le', goFloat(upperBound)] });
    }
    this.#add(point, count, { suffix: '_bucket', label: ['le', '+Inf'] });
    this.#total(point, value);
  }

  summary(point: Point, summary: SummaryValue): void {
    for (const { quantile, value } of summary.quantiles) {
      this.#add(point, value, { label: ['quantile', goFloat(quantile)] });
    }
    this.#total(point, summary);
  }

  info(point: Point): void {
    this.#add(point, 1);
  }

  stateSet(point: Point, { states, enabled }: StateSetValue): void {
    for (const [index, state] of states.entries()) {
      this.#add(point, enabled[index] ? 1 : 0, { label: [this.#name, state] });
    }
  }

  #total(point: Point, { sum, count, hasSum, hasCount }: HistogramValue | SummaryValue): void {
    if (hasSum !== false) this.#add(point, sum, { suffix: '_sum' });
    if (hasCount !== false) this.#add(point, count, { suffix: '_count' });
  }

  #add({ labels }: Point, value: number, { suffix = '', label }: Extra = {}): void {
    const all = new Map(label === undefined ? labelPairs(labels) : [...labelPairs(labels), label]);
    this.samples.push({ name: this.#name + suffix, labels: all, value });
  }
}

/** The part of a sample that is neither in the name of its family nor in the labels of its point. */
interface Extra {
  readonly suffix?: string;
  readonly label?: readonly [name: string, value: string];
}

/**
 * Returns a label value as text. Bounds and quantiles are numbers, in whatever notation: `'0.50'` becomes `0.5`,
 * Infinity `+Inf`.
 */
export function labelText(name: string, value: LabelInput): string {
  if (name !== 'le' && name !== 'quantile') return String(value);
  const number = value === '+Inf' ? Number.POSITIVE_INFINITY : Number(value);
  return Number.isNaN(number) ? String(value) : goFloat(number);
}

/** Returns `name{a="1",b="2"}`, for messages and comparisons. */
export function seriesName(name: string, labels: Iterable<readonly [name: string, value: LabelInput]>): string {
  const pairs = [...labels].map(([label, value]) => `${label}="${escapeQuoted(String(value))}"`);
  return pairs.length === 0 ? name : `${name}{${pairs.join(',')}}`;
}
