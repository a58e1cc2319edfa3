import type { SamplePart } from '../../model/sample-names.ts';
import { failAt } from '../input/parse-error.ts';
import type { SampleLine } from '../lines/line-handler.ts';
import { parseNumber } from '../lines/number.ts';
import { checkCount, checkCreated, checkExemplar, type PointRules } from './openmetrics-checks.ts';

/** Rules of OpenMetrics 1.0 for the lines of one histogram or gauge histogram. */
export class HistogramRules implements PointRules {
  readonly #isGauge: boolean;
  #lastBound: number | undefined;
  #lastCount = 0;
  #hasNegativeBound = false;
  #count: number | undefined;
  #sum: number | undefined;

  constructor(type: 'histogram' | 'gaugehistogram') {
    this.#isGauge = type === 'gaugehistogram';
  }

  sample(part: SamplePart, sample: SampleLine): void {
    const { line, name, value } = sample;
    if (sample.exemplars.length > 0) checkExemplar(sample, part === 'bucket');
    if (part !== 'bucket' && sample.labelNames.includes('le')) failAt(line, name, 'no label le here');
    if (part === 'bucket') {
      this.#bucket(sample);
    } else if (part === 'created') {
      checkCreated(line, name, value);
    } else if (part === 'sum') {
      const isSum = this.#isGauge ? !Number.isNaN(value) : value >= 0;
      if (!isSum) failAt(line, `${name} ${value}`, 'a sum that is neither negative nor NaN');
      this.#sum = value;
    } else {
      checkCount(line, name, value);
      this.#count = value;
    }
  }

  end(): string | undefined {
    if (this.#lastBound !== Number.POSITIVE_INFINITY) return 'a bucket with le="+Inf"';
    // With negative buckets, a sum is not allowed, because it could decrease.
    const forbidsSum = this.#hasNegativeBound && !this.#isGauge;
    const lacksSum = this.#sum === undefined && this.#count !== undefined;
    const lacksCount = this.#sum !== undefined && this.#count === undefined;
    if (lacksCount || (lacksSum && !forbidsSum)) {
      return 'both sum and count of a histogram, or neither';
    }
    if (this.#count !== undefined && this.#count !== this.#lastCount)
      return 'a count that equals the bucket with le="+Inf"';
    if (this.#sum === undefined) return undefined;
    if (forbidsSum) return 'no sum beside negative buckets';
    return this.#isGauge && this.#sum < 0 && !this.#hasNegativeBound ? 'a sum that is not negative' : undefined;
  }

  #bucket(sample: SampleLine): void {
    const { line, name, value } = sample;
    const upperBound = upperBoundOf(sample);
    checkCount(line, name, value);
    if (this.#lastBound !== undefined && upperBound <= this.#lastBound) failAt(line, name, 'buckets by increasing le');
    if (value < this.#lastCount)
      failAt(line, `${name} ${value}`, `at least ${this.#lastCount}, the count of the bucket below`);
    this.#lastBound = upperBound;
    this.#lastCount = value;
    if (upperBound < 0) this.#hasNegativeBound = true;
  }
}

/** Accepts any notation of a number, but infinity only as `+Inf`. */
function upperBoundOf({ line, name, labelNames, labelValues }: SampleLine): number {
  const text = labelValues[labelNames.indexOf('le')];
  if (text === undefined) return failAt(line, name, 'a label le');
  const upperBound = parseNumber(text);
  const isBound = upperBound !== undefined && !Number.isNaN(upperBound);
  const isCanonical = upperBound !== Number.POSITIVE_INFINITY || text === '+Inf';
  return isBound && isCanonical ? upperBound : failAt(line, `le="${text}"`, 'a number, or +Inf, as the label le');
}
