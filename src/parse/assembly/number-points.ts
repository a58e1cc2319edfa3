import type { SamplePart } from '../../model/sample-names.ts';
import type { SampleLine } from '../lines/line-handler.ts';
import { PackedPoints } from './packed-points.ts';
import {
  type Collected,
  draftPoint,
  exemplarOf,
  NOTHING_LOOSE,
  type PointCollector,
  type PointDraft,
  type PointList,
} from './points.ts';
import type { FamilyLabels } from './shared-labels.ts';

/** A family with more points is packed. */
const MAX_UNPACKED = 64;

/** Counters, gauges and unknowns: a line is a point. */
export class NumberPoints implements PointCollector {
  readonly #labels: FamilyLabels;
  /** Created with the first point, because V8 gives an array that grows from empty room for seventeen elements. */
  #points: PointDraft<number>[] | undefined;

  constructor(labels: FamilyLabels) {
    this.#labels = labels;
  }

  add(part: SamplePart, sample: SampleLine): boolean {
    if (sample.composite !== undefined || part === 'created') return false;
    this.push(numberPoint(sample, sample.value, this.#labels));
    return true;
  }

  push(point: PointDraft<number>): void {
    if (this.#points === undefined) this.#points = [point];
    else this.#points.push(point);
  }

  finish(): Collected {
    return { points: this.#points ?? [], loose: NOTHING_LOOSE };
  }
}

/** Like {@link NumberPoints}, with little memory for large families. A class of its own, so that others stay small. */
export class PackedNumberPoints implements PointCollector {
  readonly #labels: FamilyLabels;
  #points: PointDraft<number>[] = [];
  #packed: PackedPoints | undefined;

  constructor(labels: FamilyLabels) {
    this.#labels = labels;
  }

  add(part: SamplePart, sample: SampleLine): boolean {
    if (sample.composite !== undefined || part === 'created') return false;
    if (this.#packed === undefined || sample.exemplars.length > 0) {
      this.push(numberPoint(sample, sample.value, this.#labels));
    } else {
      this.#packed.add(sample.labelNames, sample.labelValues, sample);
    }
    return true;
  }

  push(point: PointDraft<number>): void {
    if (this.#packed !== undefined) {
      this.#packed.push(point);
      return;
    }
    this.#points.push(point);
    if (this.#points.length < MAX_UNPACKED) return;
    this.#packed = PackedPoints.of(this.#points);
    this.#points = [];
  }

  finish(): Collected {
    const points: PointList<number> = this.#packed ?? this.#points;
    return { points, loose: NOTHING_LOOSE };
  }
}

/** Infos: a line is a point that consists of its labels. */
export class InfoPoints implements PointCollector {
  readonly #labels: FamilyLabels;
  readonly #isExact: boolean;
  readonly #points: PointDraft<1>[] = [];

  constructor(labels: FamilyLabels, isExact: boolean) {
    this.#labels = labels;
    this.#isExact = isExact;
  }

  add(_part: SamplePart, sample: SampleLine): boolean {
    if (sample.composite !== undefined || (this.#isExact && sample.value !== 1)) return false;
    this.#points.push(numberPoint(sample, 1, this.#labels));
    return true;
  }

  finish(): Collected {
    return { points: this.#points, loose: NOTHING_LOOSE };
  }
}

function numberPoint<V>(sample: SampleLine, value: V, labels: FamilyLabels): PointDraft<V> {
  const { exemplars } = sample;
  const point = draftPoint(sample, value, labels);
  if (exemplars.length > 0) point.exemplar = exemplarOf(exemplars[0]!);
  if (exemplars.length > 1) point.exemplars = exemplars.map(exemplarOf);
  return point;
}
