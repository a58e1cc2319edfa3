import type { QuantileValue, SummaryValue } from '../../model/family.ts';
import type { SamplePart } from '../../model/sample-names.ts';
import type { SampleLine } from '../lines/line-handler.ts';
import type { CachedNumbers } from '../lines/number.ts';
import { quantileLine } from './point-lines.ts';
import {
  type Collected,
  createdLine,
  draftPoint,
  type LooseLine,
  missing,
  type PointCollector,
  type PointDraft,
  setStart,
} from './points.ts';
import { SeriesIndex } from './series-index.ts';
import type { FamilyLabels } from './shared-labels.ts';

/** A value before its first line. */
const UNFINISHED: SummaryValue = { count: Number.NaN, sum: Number.NaN, quantiles: [] };

/** The lines of one summary so far. */
class Draft {
  readonly point: PointDraft<SummaryValue>;
  quantiles: QuantileValue[] = [];
  count: number | undefined = undefined;
  sum: number | undefined = undefined;

  constructor(point: PointDraft<SummaryValue>) {
    this.point = point;
  }
}

/** Summaries: lines for quantiles, sum and count. */
export class SummaryPoints implements PointCollector {
  readonly #index = new SeriesIndex<Draft>({ byTime: true });
  readonly #labels: FamilyLabels;
  readonly #isExact: boolean;
  readonly #numbers: CachedNumbers;
  /** Points from lines that are complete values. */
  readonly #whole: PointDraft<SummaryValue>[] = [];

  constructor(labels: FamilyLabels, isExact: boolean, numbers: CachedNumbers) {
    this.#labels = labels;
    this.#isExact = isExact;
    this.#numbers = numbers;
  }

  add(part: SamplePart, sample: SampleLine): boolean {
    if (sample.composite !== undefined) return this.#composite(sample);
    // Summaries do not have exemplars, and only quantiles have the label `quantile`.
    if (this.#isExact) {
      if (sample.exemplars.length > 0) return false;
      if (part !== 'quantile' && sample.labelNames.includes('quantile')) return false;
    }
    switch (part) {
      case 'quantile':
        return this.#quantile(sample);
      case 'sum':
        return this.#sum(sample);
      case 'count':
        return this.#count(sample);
      case 'created':
        return setStart(this.#draft(sample).point, sample, this.#isExact);
      case 'value':
      case 'bucket':
        return false;
    }
  }

  readonly #create = (sample: SampleLine, partLabel: number): Draft => {
    return new Draft(draftPoint(sample, UNFINISHED, this.#labels, partLabel));
  };

  finish(): Collected {
    const points = this.#whole;
    const loose: LooseLine[] = [];
    for (const draft of this.#index.values()) {
      draft.quantiles.sort((one, other) => one.quantile - other.quantile);
      if (this.#isExact) for (const line of looseLines(draft)) loose.push(line);
      if (this.#isExact && !hasParts(draft)) continue;
      const { point, quantiles, count, sum } = draft;
      const value: SummaryValue = { count: count ?? Number.NaN, sum: sum ?? Number.NaN, quantiles };
      point.value = count === undefined || sum === undefined ? { ...value, ...missing(count, sum) } : value;
      points.push(point);
    }
    return { points, loose };
  }

  #draft(sample: SampleLine): Draft {
    return this.#index.get(sample, -1, this.#create);
  }

  #sum(sample: SampleLine): boolean {
    const draft = this.#draft(sample);
    if (this.#isExact && draft.sum !== undefined) return false;
    draft.sum = sample.value;
    return true;
  }

  #count(sample: SampleLine): boolean {
    // Rejects negative zero, which the text would not preserve.
    const isCount = sample.value >= 0 && !Object.is(sample.value, -0);
    if (this.#isExact && !isCount) return false;
    const draft = this.#draft(sample);
    if (this.#isExact && draft.count !== undefined) return false;
    draft.count = sample.value;
    return true;
  }

  #quantile(sample: SampleLine): boolean {
    const at = sample.labelNames.indexOf('quantile');
    const quantile = this.#numbers.parse(sample.labelValues[at] ?? '');
    if (quantile === undefined || (this.#isExact && Number.isNaN(quantile))) return false;
    this.#index.get(sample, at, this.#create).quantiles.push({ quantile, value: sample.value });
    return true;
  }

  #composite(sample: SampleLine): boolean {
    const { composite } = sample;
    if (composite?.kind !== 'summary') return false;
    if (composite.value === undefined) return true;
    const point = draftPoint(sample, composite.value, this.#labels);
    this.#whole.push(point);
    return true;
  }
}

function hasParts({ quantiles, count, sum }: Draft): boolean {
  return quantiles.length > 0 || count !== undefined || sum !== undefined;
}

/** Removes the lines that cannot be part of the point: repeated quantiles, and a start without values. */
function looseLines(draft: Draft): LooseLine[] {
  const { point, quantiles } = draft;
  if (!hasParts(draft)) return point.startTimestamp === undefined ? [] : [createdLine(point, point.startTimestamp)];
  const isRepeated = (index: number) => index > 0 && quantiles[index]!.quantile === quantiles[index - 1]!.quantile;
  const repeated = quantiles.filter((_, index) => isRepeated(index));
  if (repeated.length > 0) draft.quantiles = quantiles.filter((_, index) => !isRepeated(index));
  return repeated.map((quantile) => quantileLine(point, quantile));
}
