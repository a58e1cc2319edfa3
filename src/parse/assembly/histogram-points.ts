import type { Exemplar, HistogramValue } from '../../model/family.ts';
import type { SamplePart } from '../../model/sample-names.ts';
import type { SampleLine } from '../lines/line-handler.ts';
import type { CachedNumbers } from '../lines/number.ts';
import { CumulativeBuckets } from './bucket-counts.ts';
import { bucketIndex, bucketLine } from './point-lines.ts';
import {
  type Collected,
  createdLine,
  draftPoint,
  exemplarOf,
  type LooseLine,
  loosePoint,
  missing,
  type PointCollector,
  type PointDraft,
  setStart,
} from './points.ts';
import { SeriesIndex } from './series-index.ts';
import type { FamilyLabels } from './shared-labels.ts';

type HistogramType = 'histogram' | 'gaugehistogram';

/** A value before its first line. */
const UNFINISHED: HistogramValue = { upperBounds: [], bucketCounts: [], count: 0, sum: 0 };
/** The lines of one histogram so far. */
class Draft {
  readonly point: PointDraft<HistogramValue>;
  readonly buckets: CumulativeBuckets;
  count: number | undefined = undefined;
  sum: number | undefined = undefined;

  constructor(point: PointDraft<HistogramValue>, like: readonly number[]) {
    this.point = point;
    this.buckets = new CumulativeBuckets(like);
  }
}

/** Histograms and gauge histograms: lines for buckets, sum and count. */
export class HistogramPoints implements PointCollector {
  readonly #index = new SeriesIndex<Draft>({ byTime: true });
  readonly #labels: FamilyLabels;
  readonly #type: HistogramType;
  readonly #isExact: boolean;
  readonly #numbers: CachedNumbers;
  /** Points from lines that are complete values. */
  readonly #whole: PointDraft<HistogramValue>[] = [];
  #last: Draft | undefined;

  constructor(type: HistogramType, labels: FamilyLabels, isExact: boolean, numbers: CachedNumbers) {
    this.#type = type;
    this.#labels = labels;
    this.#isExact = isExact;
    this.#numbers = numbers;
  }

  add(part: SamplePart, sample: SampleLine): boolean {
    if (sample.composite !== undefined) return this.#composite(sample);
    // Only buckets have exemplars and the label of the bound.
    const mustBePlain = this.#isExact && part !== 'bucket';
    if (mustBePlain && (sample.exemplars.length > 0 || sample.labelNames.includes('le'))) return false;
    switch (part) {
      case 'bucket':
        return this.#bucket(sample);
      case 'sum':
        return this.#sum(sample);
      case 'count':
        return this.#count(sample);
      case 'created':
        return setStart(this.#draft(sample, -1).point, sample, this.#isExact);
      case 'value':
      case 'quantile':
        return false;
    }
  }

  finish(): Collected {
    const points = this.#whole;
    const broken: Draft[] = [];
    for (const draft of this.#index.values()) {
      const { buckets, count } = draft;
      // Whether encoding the point would give its lines again.
      const isWhole =
        !this.#isExact || (buckets.areWhole() && (count === undefined || Object.is(count, buckets.last())));
      if (isWhole) points.push(finishHistogram(draft));
      else broken.push(draft);
    }
    return { points, loose: looseLines(broken, this.#type) };
  }

  #draft(sample: SampleLine, partLabel: number): Draft {
    this.#last = this.#index.get(sample, partLabel, this.#create);
    return this.#last;
  }

  readonly #create = (sample: SampleLine, partLabel: number): Draft => {
    return new Draft(draftPoint(sample, UNFINISHED, this.#labels, partLabel), this.#last?.buckets.finiteBounds ?? []);
  };

  #bucket(sample: SampleLine): boolean {
    const at = sample.labelNames.lastIndexOf('le');
    const upperBound = this.#numbers.parse(sample.labelValues[at] ?? '');
    if (upperBound === undefined || Number.isNaN(upperBound)) return false;
    const { buckets } = this.#draft(sample, at);
    if (this.#isExact && upperBound === buckets.lastBound) return false;
    const exemplar = sample.exemplars.length > 0 ? sample.exemplars[0] : undefined;
    buckets.add(upperBound, sample.value, exemplar && exemplarOf(exemplar));
    return true;
  }

  #sum(sample: SampleLine): boolean {
    const draft = this.#draft(sample, -1);
    if (this.#isExact && draft.sum !== undefined) return false;
    draft.sum = sample.value;
    return true;
  }

  #count(sample: SampleLine): boolean {
    const draft = this.#draft(sample, -1);
    if (this.#isExact && draft.count !== undefined) return false;
    draft.count = sample.value;
    return true;
  }

  #composite(sample: SampleLine): boolean {
    const { composite } = sample;
    if (composite?.kind !== 'histogram' && composite?.kind !== 'gaugehistogram') return false;
    if (composite.value === undefined) return true;
    const exemplars = sample.exemplars.map(exemplarOf);
    const point = draftPoint(sample, withExemplars(composite.value, exemplars), this.#labels);
    const { native, exemplars: classic = [] } = point.value;
    const kept = native?.exemplars ?? Array.from(classic).filter((exemplar) => exemplar !== undefined);
    if (exemplars.length > kept.length) point.exemplars = exemplars;
    this.#whole.push(point);
    return true;
  }
}

function* looseLines(drafts: readonly Draft[], type: HistogramType): Iterable<LooseLine> {
  const g = type === 'gaugehistogram' ? 'g' : '';
  for (const { point, buckets, count, sum } of drafts) {
    for (const bucket of buckets.cumulative()) yield bucketLine(point, bucket);
    if (sum !== undefined) yield { suffix: `_${g}sum`, point: loosePoint(point, sum) };
    if (count !== undefined) yield { suffix: `_${g}count`, point: loosePoint(point, count) };
    if (point.startTimestamp !== undefined) yield createdLine(point, point.startTimestamp);
  }
}

function finishHistogram(draft: Draft): PointDraft<HistogramValue> {
  const { point, buckets, count: given, sum } = draft;
  const count = given ?? buckets.last();
  const { exemplars, upperBounds, bucketCounts } = buckets.separate(count);
  const value: HistogramValue = exemplars
    ? { upperBounds, bucketCounts, count, sum: sum ?? Number.NaN, exemplars }
    : { upperBounds, bucketCounts, count, sum: sum ?? Number.NaN };
  point.value = given === undefined || sum === undefined ? { ...value, ...missing(given, sum) } : value;
  return point;
}

/** Places the exemplars of a line: with the native buckets, or each in its bucket. */
function withExemplars(value: HistogramValue, exemplars: readonly Exemplar[]): HistogramValue {
  const { native, upperBounds } = value;
  if (exemplars.length === 0) return value;
  if (upperBounds.length === 0 && native !== undefined) return { ...value, native: { ...native, exemplars } };
  const placed = new Array<Exemplar | undefined>(upperBounds.length + 1).fill(undefined);
  for (const exemplar of exemplars) {
    placed[bucketIndex(exemplar.value, upperBounds)] = exemplar;
  }
  return { ...value, exemplars: placed };
}
