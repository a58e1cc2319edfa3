import type { SampleLine } from './lines.ts';
import { draftPoint, exemplarOf, type Part, type PointCollector, type PointDraft } from './points.ts';
import { pointKey, seriesKey } from './series-index.ts';
import type { FamilyLabels } from './shared-labels.ts';

/** Counters, gauges and unknowns: a line is a point. */
export class NumberPoints implements PointCollector {
  readonly #labels: FamilyLabels;
  readonly #points: PointDraft<number>[] = [];
  /** Start times by series; lines of `_created` may stand before or behind their values. */
  readonly #created = new Map<string, number>();

  constructor(labels: FamilyLabels) {
    this.#labels = labels;
  }

  add(part: Part, sample: SampleLine): boolean {
    if (sample.composite !== undefined) return false;
    if (part === 'created') this.#created.set(seriesKey(sample), sample.value);
    else this.#points.push(numberPoint(sample, this.#labels));
    return true;
  }

  finish(): PointDraft<number>[] {
    if (this.#created.size > 0) for (const point of this.#points) this.#start(point);
    return this.#points;
  }

  #start(point: PointDraft<number>): void {
    const start = this.#created.get(pointKey(point.labels, point.timestamp));
    if (start !== undefined) point.startTimestamp = start;
  }
}

function numberPoint(sample: SampleLine, labels: FamilyLabels): PointDraft<number> {
  const point = draftPoint(sample, sample.value, labels);
  if (sample.exemplars.length > 0) point.exemplar = exemplarOf(sample.exemplars[0]!);
  if (sample.exactValue !== undefined) point.exact = { ...point.exact, value: sample.exactValue };
  return point;
}

/** Infos: a line is a point, whose labels say everything. */
export class InfoPoints implements PointCollector {
  readonly #labels: FamilyLabels;
  readonly #points: PointDraft<1>[] = [];

  constructor(labels: FamilyLabels) {
    this.#labels = labels;
  }

  add(_part: Part, sample: SampleLine): boolean {
    if (sample.composite !== undefined) return false;
    this.#points.push(draftPoint(sample, 1, this.#labels));
    return true;
  }

  finish(): PointDraft<1>[] {
    return this.#points;
  }
}
