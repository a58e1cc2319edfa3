import type { Exemplar, HistogramValue } from '../../model/family.ts';
import { CumulativeBuckets } from './bucket-counts.ts';
import type { SampleLine } from './lines.ts';
import { parseNumber } from './number.ts';
import { draftPoint, exemplarOf, type Part, type PointCollector, type PointDraft } from './points.ts';
import { SeriesIndex } from './series-index.ts';

/** The lines of one histogram so far. */
class Draft {
  readonly buckets = new CumulativeBuckets();
  count: number | undefined = undefined;
  exactCount: bigint | undefined = undefined;
  sum = Number.NaN;
  /** All of it, from one line. */
  whole: HistogramValue | undefined = undefined;
}

/** Histograms and gauge histograms: lines for buckets, sum and count. A sum that a document leaves out is NaN. */
export class HistogramPoints implements PointCollector {
  readonly #index = new SeriesIndex<PointDraft<Draft>>({ byTime: true });
  /** The upper bounds of the series before, as texts and numbers: most series have the same. */
  readonly #texts: string[] = [];
  readonly #bounds: number[] = [];
  #next = 0;

  add(part: Part, sample: SampleLine): boolean {
    if (sample.composite !== undefined) return this.#composite(sample);
    switch (part) {
      case 'bucket':
        return this.#bucket(sample);
      case 'sum':
        this.#point(sample).value.sum = sample.value;
        return true;
      case 'count':
        setCount(this.#point(sample).value, sample);
        return true;
      case 'created':
        this.#point(sample).startTimestamp = sample.value;
        return true;
      case 'value':
      case 'quantile':
        return false;
    }
  }

  finish(): PointDraft<HistogramValue>[] {
    const points: PointDraft<HistogramValue>[] = [];
    let bounds: readonly number[] = [];
    for (const draft of this.#index.values()) {
      const point = finishHistogram(draft, bounds);
      bounds = point.value.upperBounds;
      points.push(point);
    }
    return points;
  }

  #point(sample: SampleLine): PointDraft<Draft> {
    return this.#index.get(sample, -1, newHistogram);
  }

  #bucket(sample: SampleLine): boolean {
    const at = sample.labelNames.lastIndexOf('le');
    const upperBound = this.#upperBound(sample.labelValues[at] ?? '');
    if (upperBound === undefined || Number.isNaN(upperBound)) return false;
    const exemplar = sample.exemplars.length > 0 ? sample.exemplars[0] : undefined;
    const { buckets } = this.#index.get(sample, at, newHistogram).value;
    buckets.add(upperBound, sample.value, sample.exactValue, exemplar && exemplarOf(exemplar));
    return true;
  }

  #upperBound(text: string): number | undefined {
    let index = this.#next < this.#texts.length ? this.#next : 0;
    if (text !== this.#texts[index]) index = this.#texts.indexOf(text);
    if (index < 0) return this.#newBound(text);
    this.#next = index + 1;
    return this.#bounds[index];
  }

  #newBound(text: string): number | undefined {
    const bound = parseNumber(text);
    if (bound === undefined || this.#texts.length >= MAX_BOUNDS) return bound;
    this.#texts.push(text);
    this.#bounds.push(bound);
    this.#next = this.#texts.length;
    return bound;
  }

  #composite(sample: SampleLine): boolean {
    const { composite } = sample;
    if (composite === undefined || composite.kind === 'summary') return false;
    const point = this.#point(sample);
    point.value.whole = withExemplars(composite.value, sample.exemplars.map(exemplarOf));
    if (composite.exact !== undefined) point.exact = { ...point.exact, ...composite.exact };
    return true;
  }
}

/** More bounds are not kept: looking for one would cost more than reading it. */
const MAX_BOUNDS = 64;

function setCount(draft: Draft, { value, exactValue }: SampleLine): void {
  draft.count = value;
  draft.exactCount = exactValue;
}

function newHistogram(sample: SampleLine, except: number): PointDraft<Draft> {
  return draftPoint(sample, new Draft(), except);
}

function finishHistogram(point: PointDraft<Draft>, like: readonly number[]): PointDraft<HistogramValue> {
  const { buckets, count: given, exactCount: exactGiven, sum, whole } = point.value;
  if (whole !== undefined) return { ...point, value: whole };
  const { count, exactCount } = given === undefined ? buckets.last() : { count: given, exactCount: exactGiven };
  const { exactCounts, exemplars, upperBounds, bucketCounts } = buckets.separate(count, exactCount, like);
  const value: HistogramValue = { upperBounds, bucketCounts, count, sum, ...(exemplars && { exemplars }) };
  if (exactCounts === undefined) return { ...point, value };
  return { ...point, value, exact: { ...point.exact, count: exactCount, bucketCounts: exactCounts } };
}

/** Puts the exemplars of a line where the model has them: with the native buckets, or each in its bucket. */
function withExemplars(value: HistogramValue, exemplars: readonly Exemplar[]): HistogramValue {
  const { native, upperBounds } = value;
  if (exemplars.length === 0) return value;
  if (upperBounds.length === 0 && native !== undefined) return { ...value, native: { ...native, exemplars } };
  const placed = new Array<Exemplar | undefined>(upperBounds.length + 1).fill(undefined);
  for (const exemplar of exemplars) {
    const index = upperBounds.findIndex((upperBound) => exemplar.value <= upperBound);
    placed[index < 0 ? upperBounds.length : index] = exemplar;
  }
  return { ...value, exemplars: placed };
}
