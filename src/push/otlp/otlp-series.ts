import type { Descriptor } from '../../model/family.ts';
import type { LabelSet } from '../../model/label-set.ts';
import { labelsIn, SeriesKeys } from '../delivery/series-keys.ts';
import type { Baseline } from './delta.ts';
import type { Scope } from './scope.ts';

/** Kind of data in OTLP. */
export type Shape = 'gauge' | 'state' | 'counter' | 'histogram' | 'exponentialHistogram' | 'summary';

/** A series that was in a gathering. */
export interface OtlpSeries {
  readonly key: string;
  readonly family: FamilySeries;
  readonly shape: Shape;
  readonly scope: Scope;
  /** Number of the last gathering that contained it. */
  seenIn: number;
  /** Whether its last point had a time of its own. Its end is not reported then. */
  hasOwnTimestamp: boolean;
  baseline: Baseline | undefined;
}

/** The series of a family. */
export interface FamilySeries {
  descriptor: Descriptor;
  readonly keys: SeriesKeys;
  readonly byKey: Map<string, OtlpSeries>;
  /** Number of series in the current gathering so far. */
  seen: number;
}

/** All series that were gathered and whose end was not acknowledged. */
export class SeriesTable {
  readonly #families = new Map<string, FamilySeries>();

  /** Returns the series of a family. */
  family(descriptor: Descriptor): FamilySeries {
    const { name, help, type, unit } = descriptor;
    let family = this.#families.get(name);
    if (family === undefined) {
      family = { descriptor, keys: new SeriesKeys(), byKey: new Map(), seen: 0 };
      this.#families.set(name, family);
    }
    family.descriptor = { name, help, type, unit };
    return family;
  }

  get families(): Iterable<FamilySeries> {
    return this.#families.values();
  }

  /** Removes a series unless it has returned in another gathering. */
  remove({ key, family, seenIn }: OtlpSeries, gathering: number): void {
    if (seenIn >= gathering) return;
    family.byKey.delete(key);
    if (family.byKey.size === 0) this.#families.delete(family.descriptor.name);
  }
}

/** Returns the labels of a series. They are not kept as a list, because they are only needed at its end. */
export function labelsOf({ key }: OtlpSeries): readonly (readonly [name: string, value: string])[] {
  return labelsIn(key);
}

/** Returns the series of a point; `state` is the label that a state set adds. */
export function seriesOf(
  family: FamilySeries,
  shape: Shape,
  labels: LabelSet,
  scopeOf: (labels: LabelSet) => Scope,
  state?: readonly [name: string, value: string],
): OtlpSeries {
  const key = family.keys.keyOf(shape, labels, state?.[0], state?.[1]);
  const known = family.byKey.get(key);
  if (known !== undefined) return known;
  const series: OtlpSeries = {
    key,
    family,
    shape,
    scope: scopeOf(labels),
    seenIn: 0,
    hasOwnTimestamp: false,
    baseline: undefined,
  };
  family.byKey.set(key, series);
  return series;
}
