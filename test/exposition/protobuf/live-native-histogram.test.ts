/** Old servers crash on a native histogram with inconsistent spans and buckets: no sequence of calls may produce one. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { encodeGathering } from '../../../src/exposition/encode.ts';
import { protobuf } from '../../../src/exposition/formats.ts';
import { Histogram, type NativeOptions, Registry } from '../../../src/index.ts';
import { type Decoded, decodeFamilies } from '../metrics-schema.ts';

type Step = { readonly observe: number; readonly count: number } | 'reset' | 'scrape';

const value = fc.oneof(
  fc.double(),
  fc.double({ min: -10, max: 10 }),
  fc.constantFrom(0, -0, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 5e-324, Number.MAX_VALUE),
);

const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    { weight: 20, arbitrary: fc.record({ observe: value, count: fc.integer({ min: 1, max: 5 }) }) },
    { weight: 1, arbitrary: fc.constant<Step>('reset') },
    { weight: 2, arbitrary: fc.constant<Step>('scrape') },
  ),
  { maxLength: 200 },
);

const options: fc.Arbitrary<NativeOptions> = fc.record(
  {
    schema: fc.integer({ min: -4, max: 8 }),
    maxBuckets: fc.integer({ min: 0, max: 20 }),
    zeroThreshold: fc.constantFrom(0, 2 ** -128, 0.5),
    maxZeroThreshold: fc.constantFrom(0, 1, 100),
    minResetDurationMs: fc.constantFrom(0, 0.001, 3_600_000),
  },
  { requiredKeys: [] },
);

test('spans, buckets and counts agree after any observations, limits and resets', async () => {
  await fc.assert(
    fc.asyncProperty(options, fc.option(fc.constant([-1, 0, 1])), steps, async (native, buckets, sequence) => {
      const registry = new Registry();
      const histogram = new Histogram({
        name: 'h',
        help: '',
        native,
        ...(buckets === null ? {} : { buckets }),
        registry,
      });
      for (const step of [...sequence, 'scrape' as const]) {
        if (step === 'reset') histogram.reset();
        else if (step === 'scrape') checkSound(encodeGathering(await registry.gather(), protobuf));
        else if (step.count === 1) histogram.observe(step.observe);
        else histogram.observeMany(step.observe, step.count);
      }
    }),
  );
});

/** The checks of a server that receives a native histogram. */
function checkSound(bytes: Buffer): void {
  const [family] = decodeFamilies(bytes);
  // The schema has these fields.
  const [metric] = (family?.['metric'] ?? []) as readonly Decoded[];
  const histogram = metric?.['histogram'] as Decoded;
  const number = (field: string) => Number(histogram[field] ?? 0);
  let total = number('zero_count');
  for (const side of ['positive', 'negative']) {
    const spans = (histogram[`${side}_span`] ?? []) as readonly { offset: number; length: number }[];
    const deltas = (histogram[`${side}_delta`] ?? []) as readonly number[];
    assert.equal(
      spans.reduce((sum, { length }) => sum + length, 0),
      deltas.length,
    );
    assert.ok(spans.slice(1).every(({ offset }) => offset >= 0));
    let count = 0;
    for (const delta of deltas) {
      count += delta;
      assert.ok(count >= 0);
      total += count;
    }
  }
  const isExact = !Number.isNaN(number('sample_sum'));
  assert.ok(isExact ? total === number('sample_count') : total <= number('sample_count'));
  assert.ok(Number(histogram['schema'] ?? 0) >= -4 && Number(histogram['schema'] ?? 0) <= 8);
  const classic = (histogram['bucket'] ?? []) as readonly { cumulative_count: number }[];
  assert.ok(
    classic.every(
      (bucket, index) => index === 0 || bucket.cumulative_count >= (classic[index - 1]?.cumulative_count ?? 0),
    ),
  );
}
