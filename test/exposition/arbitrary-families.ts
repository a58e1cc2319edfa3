/** Families of all types that every format can represent. */
import fc from 'fast-check';
import type { HistogramValue, MetricFamily, NativeHistogramValue } from '../../src/model/family.ts';

const text = fc.string({ unit: 'binary', maxLength: 12 });
/** Removes carriage returns from the end, as the line-based formats do. */
const help = text.map((each) => each.replace(/\r+$/, ''));
/** Line-based formats do not allow NUL in names. */
const name = fc.oneof(
  fc.stringMatching(/^[a-z_]{1,8}$/),
  text.map((each) => each.replaceAll('\0', '')),
);
const amount = fc.oneof(fc.nat(), fc.double({ min: 0, noNaN: true }));
const count = fc.oneof(fc.nat(300), fc.nat(), fc.nat({ max: 2 ** 50 / 64 }));
/** Three decimals, which formats with milliseconds keep. */
const timestamp = fc
  .option(fc.nat(2 ** 41), { nil: undefined })
  .map((ms) => (ms === undefined ? undefined : ms / 1000));

const labels = fc
  .uniqueArray(fc.tuple(name, text), { selector: ([label]) => label, maxLength: 4 })
  .map((pairs) => Object.fromEntries(pairs.map(([label, value]) => [`x${label}`, value])));

const classic: fc.Arbitrary<HistogramValue> = fc
  .uniqueArray(
    fc.double({ min: 0, noNaN: true, max: 1e300 }).map((bound) => bound + 0),
    { maxLength: 6 },
  )
  .chain((bounds) =>
    fc.tuple(fc.array(count, { minLength: bounds.length + 1, maxLength: bounds.length + 1 }), amount).map(
      ([bucketCounts, sum]): HistogramValue => ({
        upperBounds: bounds.toSorted((a, b) => a - b),
        bucketCounts,
        count: bucketCounts.reduce((a, b) => a + b, 0),
        sum,
      }),
    ),
  );

const side = fc
  .uniqueArray(fc.tuple(fc.integer({ min: -2000, max: 2000 }), count), { selector: ([index]) => index, maxLength: 20 })
  .map((buckets) => buckets.toSorted(([a], [b]) => a - b))
  .map((buckets) => ({ indexes: buckets.map(([index]) => index), counts: buckets.map(([, each]) => each) }));

export const nativeHistogram: fc.Arbitrary<HistogramValue & { readonly native: NativeHistogramValue }> = fc
  .record({
    schema: fc.integer({ min: -4, max: 8 }),
    zeroThreshold: fc.constantFrom(0, 2 ** -128, 0.5),
    zeroCount: count,
    positive: side,
    negative: side,
  })
  .map((native) => {
    const total = [native.zeroCount, ...native.positive.counts, ...native.negative.counts].reduce((a, b) => a + b, 0);
    return { upperBounds: [], bucketCounts: [total], count: total, sum: total, native };
  });

const summary = fc.record({
  count,
  sum: amount,
  quantiles: fc
    .uniqueArray(
      fc.double({ min: 0, max: 1, noNaN: true }).map((quantile) => quantile + 0),
      { maxLength: 4 },
    )
    .chain((quantiles) =>
      fc.tuple(...quantiles.map((quantile) => fc.record({ quantile: fc.constant(quantile), value: amount }))),
    ),
});

const stateSet = fc
  .uniqueArray(fc.tuple(text, fc.boolean()), { selector: ([state]) => state, maxLength: 4 })
  .map((states) => ({ states: states.map(([state]) => state), enabled: states.map(([, enabled]) => enabled) }));

/** Numbered, so that no two families have a name in common. */
export const families: fc.Arbitrary<MetricFamily[]> = fc
  .array(
    fc.oneof(
      family('counter', '_total', amount),
      family('gauge', '', fc.double()),
      family('unknown', '', fc.double()),
      family('histogram', '', fc.oneof(classic, nativeHistogram)),
      family('summary', '', summary),
      family('info', '_info', fc.constant(1)),
      family('stateset', '', stateSet),
    ),
    { maxLength: 6 },
  )
  .map((made) => made.map((one, index) => ({ ...one, name: `f${index}${one.name}` }) as MetricFamily));

function family(type: MetricFamily['type'], suffix: string, value: fc.Arbitrary<unknown>): fc.Arbitrary<MetricFamily> {
  return (
    fc
      .record({
        name: name.map((base) => base + suffix),
        help,
        points: fc.uniqueArray(fc.record({ labels, value, timestamp }), {
          selector: (point) => JSON.stringify(Object.entries(point.labels).sort()),
          maxLength: 4,
        }),
      })
      // The values match the type.
      .map((made) => ({ ...made, type }) as MetricFamily)
  );
}
