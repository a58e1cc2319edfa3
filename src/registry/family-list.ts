import type { Descriptor, MetricFamily, Sample } from '../model/family.ts';
import { seriesKey } from '../model/labels.ts';
import type { ReservedNames } from '../model/sample-names.ts';
import { asError, thrownText } from '../model/thrown.ts';
import { checkedPoint } from '../model/validate.ts';
import { DistinctSeries } from './distinct-series.ts';
import { FamilyConflicts } from './family-conflicts.ts';
import { overriddenFamily } from './overridden-family.ts';
import type { Overrides } from './overrides.ts';
import type { ReadFamily } from './read-families.ts';

/** Number of points checked per step. */
const POINTS_PER_STEP = 256;

/** Merges the plain families that collectors return for one scrape: each family and each series occurs once. */
export class FamilyList {
  readonly #conflicts: FamilyConflicts;
  readonly #overrides: Overrides | undefined;
  readonly #shown = new Map<string, ShownFamily>();

  /** `taken`: the names of metrics. */
  constructor(taken: ReservedNames, overrides: Overrides | undefined) {
    this.#conflicts = new FamilyConflicts(taken);
    this.#overrides = overrides;
  }

  /** The families with at least one point. */
  get families(): MetricFamily[] {
    return [...this.#shown.values()].map(({ family }) => family).filter(({ points }) => points.length > 0);
  }

  /**
   * Adds the points of a family, in steps between which other work can run. Leaves out and reports a family whose name
   * conflicts with another, invalid points and duplicate series.
   */
  *add(family: ReadFamily, report: (problem: Error) => void): Generator<void, void, void> {
    const overridden = overriddenFamily(family, this.#overrides);
    if (overridden === undefined) return;
    const { descriptor } = overridden;
    try {
      this.#conflicts.add(descriptor);
    } catch (problem) {
      return report(asError(problem));
    }
    const shown = this.#shown.get(descriptor.name) ?? new ShownFamily(descriptor);
    this.#shown.set(descriptor.name, shown);
    yield* addPoints(overridden, shown, report);
  }
}

function* addPoints(
  { descriptor, points }: ReadFamily,
  shown: ShownFamily,
  report: (problem: Error) => void,
): Generator<void, void, void> {
  for (let index = 0; index < points.length; index++) {
    if (index % POINTS_PER_STEP === 0) yield;
    try {
      shown.add(points[index]);
    } catch (problem) {
      report(new Error(`${descriptor.name}: ${thrownText(problem)}`, { cause: problem }));
    }
  }
}

class ShownFamily {
  readonly #descriptor: Descriptor;
  readonly #points: Sample[] = [];
  readonly #series = new DistinctSeries();

  constructor(descriptor: Descriptor) {
    this.#descriptor = descriptor;
  }

  get family() {
    // add() has checked that the points are of the family's type.
    return { ...this.#descriptor, points: this.#points } as MetricFamily & { readonly points: readonly Sample[] };
  }

  add(point: unknown): void {
    const sample = checkedPoint(point, this.#descriptor.type);
    if (!this.#series.add(sample.labels)) {
      throw new Error(`duplicate series ${seriesKey(Object.entries(sample.labels))}.`);
    }
    this.#points.push(sample);
  }
}
