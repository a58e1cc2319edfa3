/** Families of all types, including gauge histograms, with units, exemplars and start times. */
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

/** Times in milliseconds, which all formats keep, of points, exemplars and starts. */
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

/** Up to six families of up to four points, with optional parts. */
export const toldFamilies: fc.Arbitrary<MetricFamily[]> = fc
  .tuple(families, fc.array(extra, { minLength: 30, maxLength: 30 }))
  .map(([made, extras]) => made.map((family, index) => told(family, extras.slice(index * 5, index * 5 + 5))));

/** The same families, with names that no format needs to quote. */
export const plainlyNamed: fc.Arbitrary<MetricFamily[]> = toldFamilies.map((made) => made.map(renamed));

function told(family: MetricFamily, [first, ...rest]: Extra[]): MetricFamily {
  const { unit, isGauge } = first ?? {};
  const type = family.type === 'histogram' && isGauge ? 'gaugehistogram' : family.type;
  const [, stem, suffix] = /^(.*?)(_total|_info)?$/s.exec(family.name) ?? [];
  const name = unit === undefined ? family.name : `${stem}_${unit}${suffix ?? ''}`;
  const points = byLeadingLabel([...family.points]).map((point, index) => toldPoint(type, point, rest[index]!));
  return { ...family, name, unit, type, points } as MetricFamily; // The values still match the type.
}

/** OpenMetrics 2.0 requires state sets with the same leading label to be adjacent. */
function byLeadingLabel(points: readonly Sample[]): Sample[] {
  const leader = ({ labels = {} }: Sample) => JSON.stringify(Object.entries(labels)[0] ?? []);
  return points.toSorted((one, other) => Number(leader(one) > leader(other)) - Number(leader(one) < leader(other)));
}

function toldPoint(type: MetricFamily['type'], point: Sample, { startTimestamp, exemplars }: Extra): Sample {
  if (type === 'counter') return withExemplar({ ...point, startTimestamp }, exemplars[0]);
  if (type === 'summary') return { ...point, value: inOrder(point.value as SummaryValue), startTimestamp };
  if (type !== 'histogram' && type !== 'gaugehistogram') return point;
  const value = withExemplars(point.value as HistogramValue, exemplars); // According to the type.
  return { ...point, value, startTimestamp };
}

function withExemplar(point: Sample, one: Exemplar | undefined): Sample {
  return one === undefined ? point : { ...point, exemplar: one };
}

/** As the model requires. */
function inOrder(value: SummaryValue): SummaryValue {
  return { ...value, quantiles: value.quantiles.toSorted((one, other) => one.quantile - other.quantile) };
}

/** Each exemplar is in its bucket; native histograms have a list. */
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

/** As the model requires: buckets that are not empty, and exemplars with a time. */
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
  return { ...family, name: `family${index}${suffix}`, points } as MetricFamily; // The values are unchanged.
}
