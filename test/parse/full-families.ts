/** Families that say all that a family can: with units, exemplars and start times, gauge histograms among them. */
import fc from 'fast-check';
import type {
  Exemplar,
  HistogramValue,
  MetricFamily,
  NativeBucketCounts,
  NativeHistogramValue,
  Sample,
  SummaryValue,
} from '../../src/model/family.ts';
import { families } from '../exposition/arbitrary-families.ts';

/** Milliseconds: what all formats keep, of points and of what stands beside them. */
const time = fc.option(
  fc.nat(2 ** 41).map((ms) => ms / 1000),
  { nil: undefined },
);
const exemplar = fc.record({
  labels: fc.dictionary(fc.stringMatching(/^[a-z][a-z0-9_]{0,8}$/), fc.string({ maxLength: 12 }), { minKeys: 1, maxKeys: 3 }), // biome-ignore format: one line
  value: fc.nat(1000),
  timestamp: time,
});
const extra = fc.record({
  unit: fc.option(fc.constantFrom('seconds', 'bytes', 'a_b'), { nil: undefined }),
  isGauge: fc.boolean(),
  startTimestamp: time,
  exemplars: fc.array(fc.option(exemplar, { nil: undefined }), { minLength: 7, maxLength: 7 }),
});
type Extra = typeof extra extends fc.Arbitrary<infer T> ? T : never;

/** Up to six families of up to four points, each with something more. */
export const toldFamilies: fc.Arbitrary<MetricFamily[]> = fc
  .tuple(families, fc.array(extra, { minLength: 30, maxLength: 30 }))
  .map(([made, extras]) => made.map((family, index) => told(family, extras.slice(index * 5, index * 5 + 5))));

/** The same with names that every version of every format can write bare. */
export const plainlyNamed: fc.Arbitrary<MetricFamily[]> = toldFamilies.map((made) => made.map(renamed));

function told(family: MetricFamily, [first, ...rest]: Extra[]): MetricFamily {
  const { unit, isGauge } = first ?? {};
  const type = family.type === 'histogram' && isGauge ? 'gaugehistogram' : family.type;
  const [, stem, suffix] = /^(.*?)(_total|_info)?$/s.exec(family.name) ?? [];
  const name = unit === undefined ? family.name : `${stem}_${unit}${suffix ?? ''}`;
  const points = byLeadingLabel([...family.points]).map((point, index) => toldPoint(type, point, rest[index]!));
  return { ...family, name, unit, type, points } as MetricFamily; // The values are the type's, as they were.
}

/** OpenMetrics 2.0 wants state sets with the same leading label together. */
function byLeadingLabel(points: readonly Sample[]): Sample[] {
  const leader = ({ labels = {} }: Sample) => JSON.stringify(Object.entries(labels)[0] ?? []);
  return points.toSorted((one, other) => Number(leader(one) > leader(other)) - Number(leader(one) < leader(other)));
}

function toldPoint(type: MetricFamily['type'], point: Sample, { startTimestamp, exemplars }: Extra): Sample {
  if (type === 'counter') return withExemplar({ ...point, startTimestamp }, exemplars[0]);
  if (type === 'summary') return { ...point, value: inOrder(point.value as SummaryValue), startTimestamp };
  if (type !== 'histogram' && type !== 'gaugehistogram') return point;
  const value = withExemplars(point.value as HistogramValue, exemplars); // As the type says.
  return { ...point, value, startTimestamp };
}

function withExemplar(point: Sample, one: Exemplar | undefined): Sample {
  return one === undefined ? point : { ...point, exemplar: one };
}

/** As the model asks for. */
function inOrder(value: SummaryValue): SummaryValue {
  return { ...value, quantiles: value.quantiles.toSorted((one, other) => one.quantile - other.quantile) };
}

/** Each within its bucket; native histograms have a list. */
function withExemplars(value: HistogramValue, exemplars: readonly (Exemplar | undefined)[]): HistogramValue {
  const { native, upperBounds } = value;
  if (native !== undefined) return { ...value, native: withTimedExemplars(native, exemplars) };
  const placed = Array.from({ length: upperBounds.length + 1 }, (_, index) => {
    const above = (upperBounds.at(-1) ?? 0) * 2 + 1;
    const one = exemplars[index];
    return one && { ...one, value: upperBounds[index] ?? above };
  });
  return placed.some((one) => one !== undefined) ? { ...value, exemplars: placed } : value;
}

/** As the model asks for: buckets that hold something, and exemplars with a time. */
function withTimedExemplars(
  native: NativeHistogramValue,
  exemplars: readonly (Exemplar | undefined)[],
): NativeHistogramValue {
  const timed = exemplars.filter((one) => one?.timestamp !== undefined);
  const sides = { positive: filled(native.positive), negative: filled(native.negative) };
  return { ...native, ...sides, ...(timed.length > 0 && { exemplars: timed as Exemplar[] }) }; // None is undefined.
}

function filled({ indexes, counts }: NativeBucketCounts): NativeBucketCounts {
  const isFilled = (_: number, at: number) => counts[at] !== 0;
  return { indexes: Array.from(indexes).filter(isFilled), counts: Array.from(counts).filter(isFilled) };
}

function renamed(family: MetricFamily, index: number): MetricFamily {
  const suffix = /(?:_seconds|_bytes|_a_b)?(?:_total|_info)?$/.exec(family.name)?.[0] ?? '';
  const points = [...family.points].map((point) => {
    const pairs = Object.entries(point.labels ?? {}).map(([name, value]) => [
      `x${Buffer.from(name).toString('hex')}`,
      value,
    ]);
    return { ...point, labels: Object.fromEntries(pairs) };
  });
  return { ...family, name: `family${index}${suffix}`, points } as MetricFamily; // With the values that it had.
}
