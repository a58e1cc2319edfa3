import type { SummaryValue } from '../../model/family.ts';
import type { SampleLine } from './lines.ts';
import { parseNumber } from './number.ts';
import { draftPoint, type Part, type PointCollector, type PointDraft } from './points.ts';
import { SeriesIndex } from './series-index.ts';
import type { FamilyLabels } from './shared-labels.ts';

interface Summary extends SummaryValue {
  count: number;
  sum: number;
  readonly quantiles: { readonly quantile: number; readonly value: number }[];
}

/** Summaries: lines for quantiles, sum and count. What a document leaves out of sum and count is NaN. */
export class SummaryPoints implements PointCollector {
  readonly #index = new SeriesIndex<PointDraft<Summary>>({ byTime: true });
  readonly #labels: FamilyLabels;

  constructor(labels: FamilyLabels) {
    this.#labels = labels;
  }

  add(part: Part, sample: SampleLine): boolean {
    if (sample.composite !== undefined) return this.#composite(sample);
    switch (part) {
      case 'quantile':
        return this.#quantile(sample);
      case 'sum':
        this.#point(sample).value.sum = sample.value;
        return true;
      case 'count':
        setCount(this.#point(sample), sample);
        return true;
      case 'created':
        this.#point(sample).startTimestamp = sample.value;
        return true;
      case 'value':
      case 'bucket':
        return false;
    }
  }

  readonly #create = (sample: SampleLine, except: number): PointDraft<Summary> => {
    return draftPoint(sample, { count: Number.NaN, sum: Number.NaN, quantiles: [] }, this.#labels, except);
  };

  finish(): PointDraft<Summary>[] {
    const points = [...this.#index.values()];
    for (const { value } of points) value.quantiles.sort((one, other) => one.quantile - other.quantile);
    return points;
  }

  #point(sample: SampleLine): PointDraft<Summary> {
    return this.#index.get(sample, -1, this.#create);
  }

  #quantile(sample: SampleLine): boolean {
    const at = sample.labelNames.indexOf('quantile');
    const quantile = parseNumber(sample.labelValues[at] ?? '');
    if (quantile === undefined) return false;
    this.#index.get(sample, at, this.#create).value.quantiles.push({ quantile, value: sample.value });
    return true;
  }

  #composite(sample: SampleLine): boolean {
    const { composite } = sample;
    if (composite?.kind !== 'summary') return false;
    const point = this.#point(sample);
    point.value = { ...composite.value, quantiles: [...composite.value.quantiles] };
    if (composite.exact !== undefined) point.exact = { ...point.exact, ...composite.exact };
    return true;
  }
}

function setCount(point: PointDraft<Summary>, sample: SampleLine): void {
  point.value.count = sample.value;
  if (sample.exactValue !== undefined) point.exact = { ...point.exact, count: sample.exactValue };
}
