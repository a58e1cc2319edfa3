import type { Exemplar, HistogramValue } from '../../model/family.ts';
import { type CumulativeBucket, separateBuckets } from './bucket-counts.ts';
import type { SampleLine } from './lines.ts';
import { parseNumber } from './number.ts';
import { draftPoint, exemplarOf, type Part, type PointCollector, type PointDraft } from './points.ts';
import { SeriesIndex } from './series-index.ts';

/** The lines of one histogram so far. */
interface Draft {
  readonly buckets: CumulativeBucket[];
  count: number | undefined;
  exactCount: bigint | undefined;
  sum: number;
  whole: HistogramValue | undefined;
}

/** Histograms and gauge histograms: lines for buckets, sum and count. A sum that a document leaves out is NaN. */
export class HistogramPoints implements PointCollector {
  readonly #index = new SeriesIndex<PointDraft<Draft>>({ byTime: true });

  add(part: Part, sample: SampleLine): boolean {
    if (sample.composite !== undefined) return this.#composite(sample);
    if (part === 'bucket') return this.#bucket(sample);
    const point = this.#index.get(sample, -1, newHistogram);
    if (part === 'created') {
      point.startTimestamp = sample.value;
    } else if (part === 'sum') {
      point.value.sum = sample.value;
    } else {
      point.value.count = sample.value;
      point.value.exactCount = sample.exactValue;
    }
    return true;
  }

  finish(): PointDraft<HistogramValue>[] {
    return [...this.#index.values()].map(finishHistogram);
  }

  #bucket(sample: SampleLine): boolean {
    const at = sample.labelNames.indexOf('le');
    const upperBound = parseNumber(sample.labelValues[at] ?? '');
    if (upperBound === undefined || Number.isNaN(upperBound)) return false;
    const [exemplar] = sample.exemplars;
    this.#index.get(sample, at, newHistogram).value.buckets.push({
      upperBound,
      cumulativeCount: sample.value,
      exactCount: sample.exactValue,
      exemplar: exemplar === undefined ? undefined : exemplarOf(exemplar),
    });
    return true;
  }

  #composite(sample: SampleLine): boolean {
    const { composite } = sample;
    if (composite === undefined || composite.kind === 'summary') return false;
    const point = this.#index.get(sample, -1, newHistogram);
    point.value.whole = withExemplars(composite.value, sample.exemplars.map(exemplarOf));
    if (composite.exact !== undefined) point.exact = { ...point.exact, ...composite.exact };
    return true;
  }
}

function newHistogram(sample: SampleLine, except: number): PointDraft<Draft> {
  const draft = { buckets: [], count: undefined, exactCount: undefined, sum: Number.NaN, whole: undefined };
  return draftPoint<Draft>(sample, draft, except);
}

function finishHistogram({ value: draft, ...point }: PointDraft<Draft>): PointDraft<HistogramValue> {
  if (draft.whole !== undefined) return { ...point, value: draft.whole };
  const { count, exactCount } = totalOf(draft);
  const { exactCounts, exemplars, ...buckets } = separateBuckets(draft.buckets, count, exactCount);
  const value = { ...buckets, count, sum: draft.sum, ...(exemplars && { exemplars }) };
  if (exactCounts === undefined) return { ...point, value };
  return { ...point, value, exact: { ...point.exact, count: exactCount, bucketCounts: exactCounts } };
}

/** The count, or that of the last bucket where there is no other. */
function totalOf({ buckets, count, exactCount }: Draft): { count: number; exactCount: bigint | undefined } {
  if (count !== undefined) return { count, exactCount };
  const last = buckets.reduce<CumulativeBucket | undefined>(
    (most, bucket) => (most && most.upperBound > bucket.upperBound ? most : bucket),
    undefined,
  );
  return { count: last?.cumulativeCount ?? Number.NaN, exactCount: last?.exactCount };
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
