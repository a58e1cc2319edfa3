import type { Exemplar, HistogramValue } from '../../model/family.ts';
import { CumulativeBuckets } from './bucket-counts.ts';
import type { SampleLine } from './lines.ts';
import { parseNumber } from './number.ts';
import { draftPoint, exemplarOf, type Part, type PointCollector, type PointDraft } from './points.ts';
import { SeriesIndex } from './series-index.ts';
import type { FamilyLabels } from './shared-labels.ts';

/** A value that is not there yet. */
const UNFINISHED: HistogramValue = { upperBounds: [], bucketCounts: [], count: 0, sum: 0 };

/** The lines of one histogram so far. */
class Draft {
  readonly point: PointDraft<HistogramValue>;
  readonly buckets: CumulativeBuckets;
  count: number | undefined = undefined;
  exactCount: bigint | undefined = undefined;
  sum = Number.NaN;
  /** All of it, from one line. */
  whole: HistogramValue | undefined = undefined;

  constructor(point: PointDraft<HistogramValue>, like: readonly number[]) {
    this.point = point;
    this.buckets = new CumulativeBuckets(like);
  }
}

/** Histograms and gauge histograms: lines for buckets, sum and count. A sum that a document leaves out is NaN. */
export class HistogramPoints implements PointCollector {
  readonly #index = new SeriesIndex<Draft>({ byTime: true });
  readonly #labels: FamilyLabels;
  #last: Draft | undefined;
  /** The upper bounds of the series before, as texts and numbers: most series have the same. */
  readonly #texts: string[] = [];
  readonly #bounds: number[] = [];
  #next = 0;

  constructor(labels: FamilyLabels) {
    this.#labels = labels;
  }

  add(part: Part, sample: SampleLine): boolean {
    if (sample.composite !== undefined) return this.#composite(sample);
    switch (part) {
      case 'bucket':
        return this.#bucket(sample);
      case 'sum':
        this.#draft(sample, -1).sum = sample.value;
        return true;
      case 'count':
        setCount(this.#draft(sample, -1), sample);
        return true;
      case 'created':
        this.#draft(sample, -1).point.startTimestamp = sample.value;
        return true;
      case 'value':
      case 'quantile':
        return false;
    }
  }

  finish(): PointDraft<HistogramValue>[] {
    return Array.from(this.#index.values(), finishHistogram);
  }

  #draft(sample: SampleLine, except: number): Draft {
    this.#last = this.#index.get(sample, except, this.#create);
    return this.#last;
  }

  readonly #create = (sample: SampleLine, except: number): Draft => {
    return new Draft(draftPoint(sample, UNFINISHED, this.#labels, except), this.#last?.buckets.finiteBounds ?? []);
  };

  #bucket(sample: SampleLine): boolean {
    const at = sample.labelNames.lastIndexOf('le');
    const upperBound = this.#upperBound(sample.labelValues[at] ?? '');
    if (upperBound === undefined || Number.isNaN(upperBound)) return false;
    const exemplar = sample.exemplars.length > 0 ? sample.exemplars[0] : undefined;
    this.#draft(sample, at).buckets.add(upperBound, sample.value, sample.exactValue, exemplar && exemplarOf(exemplar));
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
    const draft = this.#draft(sample, -1);
    const { point } = draft;
    draft.whole = withExemplars(composite.value, sample.exemplars.map(exemplarOf));
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

function finishHistogram(draft: Draft): PointDraft<HistogramValue> {
  const { point, buckets, count: given, exactCount: exactGiven, sum, whole } = draft;
  if (whole !== undefined) {
    point.value = whole;
    return point;
  }
  const { count, exactCount } = given === undefined ? buckets.last() : { count: given, exactCount: exactGiven };
  const { exactCounts, exemplars, upperBounds, bucketCounts } = buckets.separate(count, exactCount);
  point.value = exemplars
    ? { upperBounds, bucketCounts, count, sum, exemplars }
    : { upperBounds, bucketCounts, count, sum };
  if (exactCounts !== undefined) point.exact = { ...point.exact, count: exactCount, bucketCounts: exactCounts };
  return point;
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
