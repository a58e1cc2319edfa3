import type { SampleLine } from './lines.ts';
import { draftPoint, exemplarOf, type Part, type PointCollector, type PointDraft } from './points.ts';
import { pointKey, seriesKey } from './series-index.ts';
import type { FamilyLabels } from './shared-labels.ts';

/** Counters, gauges and unknowns: a line is a point. */
export class NumberPoints implements PointCollector {
  readonly #labels: FamilyLabels;
  /** Made with the first point: an array that grows from nothing has room for seventeen. */
  #points: PointDraft<number>[] | undefined;
  /** Start times by series; lines of `_created` may stand before or behind their values. */
  #created: Map<string, number> | undefined;

  constructor(labels: FamilyLabels) {
    this.#labels = labels;
  }

  add(part: Part, sample: SampleLine): boolean {
    if (sample.composite !== undefined) return false;
    if (part === 'created') this.#addCreated(sample);
    else if (this.#points === undefined) this.#points = [numberPoint(sample, this.#labels)];
    else this.#points.push(numberPoint(sample, this.#labels));
    return true;
  }

  finish(): PointDraft<number>[] {
    const points = this.#points ?? [];
    if (this.#created !== undefined) startPoints(points, this.#created);
    return points;
  }

  #addCreated(sample: SampleLine): void {
    this.#created = (this.#created ?? new Map()).set(seriesKey(sample), sample.value);
  }
}

function startPoints(points: readonly PointDraft<number>[], created: ReadonlyMap<string, number>): void {
  for (const point of points) {
    const start = created.get(pointKey(point.labels, point.timestamp));
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
