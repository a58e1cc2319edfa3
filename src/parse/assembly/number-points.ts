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
import { type FamilyLabels, SharedLabels } from './shared-labels.ts';

/** A family with more points is packed. */
const MAX_UNPACKED = 64;
/** For points without labels, which have nothing to share. */
const NO_LABELS = new SharedLabels().family();

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

/**
 * Like {@link NumberPoints}, with little memory for large families, and for the many small ones of a large document. A class of
 * its own, so that others stay small.
 */
export class PackedNumberPoints implements PointCollector {
  readonly #shared: SharedLabels;
  /** Created with the first point that has labels. */
  #labels: FamilyLabels | undefined = undefined;
  /** Undefined before the first point, and once they are packed. */
  #points: PointDraft<number>[] | undefined = undefined;
  #packed: PackedPoints | undefined = undefined;

  constructor(shared: SharedLabels) {
    this.#shared = shared;
  }

  add(part: SamplePart, sample: SampleLine): boolean {
    if (sample.composite !== undefined || part === 'created') return false;
    if (this.#packed === undefined || sample.exemplars.length > 0) {
      this.push(numberPoint(sample, sample.value, this.#labelsOf(sample)));
    } else {
      this.#packed.add(sample.labelNames, sample.labelValues, sample);
    }
    return true;
  }

  push(point: PointDraft<number>): void {
    if (this.#packed !== undefined) {
      this.#packed.push(point);
    } else if (this.#points === undefined) {
      this.#points = [point];
    } else if (this.#points.push(point) >= MAX_UNPACKED) {
      this.#packed = PackedPoints.of(this.#points);
      this.#points = undefined;
    }
  }

  finish(): Collected {
    // An array that has grown has room for sixteen more elements, and a copy has none.
    const points: PointList<number> = this.#packed ?? this.#points?.slice() ?? [];
    return { points, loose: NOTHING_LOOSE };
  }

  #labelsOf({ labelNames }: SampleLine): FamilyLabels {
    if (this.#labels === undefined && labelNames.length > 0) this.#labels = this.#shared.family();
    return this.#labels ?? NO_LABELS;
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
