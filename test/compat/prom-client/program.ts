import fc from 'fast-check';

/** Labels of a call; undefined values are labels that are named but have no value. */
export type CallLabels = Record<string, string | number | boolean | null | undefined>;

export interface MetricSpec {
  readonly type: 'Counter' | 'Gauge' | 'Histogram' | 'Summary';
  readonly labelNames: readonly string[];
  readonly enableExemplars: boolean;
  readonly options: Readonly<Record<string, unknown>>;
}

export type Step =
  | { readonly kind: 'update'; readonly metric: number; readonly labels: CallLabels | undefined; readonly value: number; readonly method: number }
  | { readonly kind: 'child'; readonly metric: number; readonly labels: CallLabels; readonly value: number; readonly method: number; readonly slot: number }
  | { readonly kind: 'exemplar'; readonly metric: number; readonly labels: CallLabels | undefined; readonly value: number; readonly exemplarLabels: Record<string, string> }
  | { readonly kind: 'remove' | 'timer' | 'zero'; readonly metric: number; readonly labels: CallLabels }
  | { readonly kind: 'reset' | 'unregister' | 'register'; readonly metric: number }
  | { readonly kind: 'resetMetrics' | 'show' }
  | { readonly kind: 'wait'; readonly ms: number }
  | { readonly kind: 'defaults'; readonly labels: Record<string, string> }; // biome-ignore format: a table

export interface Program {
  readonly isOpenMetrics: boolean;
  readonly metrics: readonly MetricSpec[];
  readonly steps: readonly Step[];
}

const NAMES = ['a', 'b', 'c', '__d'];

// Excluded values that prom-client handles incorrectly: strings with `,` and `:`, which its keys
// confuse, and falsy values, which it overwrites with default labels in JSON.
const labelText = fc.oneof(
  fc.constantFrom('x', 'y', 'z', '1', '200', 'true', 'null', 'undefined', 'a"b\\c\nd', 'ü😀', ' '),
  fc.string({ unit: 'binary', minLength: 1, maxLength: 5 }).map((text) => text.replaceAll(/[,:]/g, '.').toWellFormed()),
);
const labelValue = fc.oneof(
  { weight: 6, arbitrary: labelText },
  { weight: 2, arbitrary: fc.constantFrom(1, 200, 0.5, -3, 1e21) },
  { weight: 1, arbitrary: fc.constantFrom(true, undefined) },
);
const finite = fc.oneof(
  fc.integer({ min: -20, max: 20 }),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.constantFrom(0.1, 0.005, 1e9, 2 ** 53),
);
const value = fc.oneof({ weight: 20, arbitrary: finite }, { weight: 1, arbitrary: fc.constantFrom(Infinity, -Infinity, NaN) }); // biome-ignore format: a table

/** Some of the metric's labels, in any order; rarely an undeclared one. */
const labels: fc.Arbitrary<CallLabels> = fc
  .tuple(fc.shuffledSubarray(NAMES), fc.array(labelValue, { minLength: 4, maxLength: 4 }))
  .map(([names, values]) => Object.fromEntries(names.map((name, index) => [name, values[index]])));

const bounds = fc
  .uniqueArray(fc.constantFrom(0.001, 0.1, 0.5, 1, 2.5, 10, 1000, 1e21), { minLength: 1 })
  .map((buckets) => buckets.sort((x, y) => x - y));

const metric = (isOpenMetrics: boolean): fc.Arbitrary<MetricSpec> =>
  fc
    .record({
      type: fc.constantFrom('Counter', 'Gauge', 'Histogram', 'Summary' as const),
      labelNames: fc.subarray(NAMES),
      enableExemplars: isOpenMetrics ? fc.boolean() : fc.constant(false),
      buckets: fc.option(bounds, { nil: undefined }),
      percentiles: fc.option(fc.uniqueArray(fc.constantFrom(0, 0.1, 0.5, 0.25, 0.9, 0.999, 1), { minLength: 1 }), { nil: undefined }),
      window: fc.constantFrom({}, {}, { maxAgeSeconds: 10, ageBuckets: 1 }, { maxAgeSeconds: 10, ageBuckets: 1, pruneAgedBuckets: true }),
      aggregator: fc.constantFrom('sum', 'first', 'omit'),
    })
    .map(({ type, labelNames, enableExemplars, buckets, percentiles, window, aggregator }) => ({
      type,
      labelNames,
      enableExemplars: enableExemplars && (type === 'Counter' || type === 'Histogram'),
      options: {
        aggregator,
        ...(type === 'Histogram' && buckets !== undefined ? { buckets } : {}),
        ...(type === 'Summary' ? { ...window, ...(percentiles === undefined ? {} : { percentiles }) } : {}),
      },
    })); // biome-ignore format: a table

const step = (count: number): fc.Arbitrary<Step> => {
  const at = fc.nat(count - 1);
  const method = fc.nat(9);
  const some = fc.option(labels, { nil: undefined });
  const exemplarLabels = fc.dictionary(
    fc.constantFrom('trace_id', 'span'),
    fc.constantFrom('1', 'a"b', 'x'.repeat(130)),
    { maxKeys: 2 },
  );
  const of = <K extends string>(...kinds: K[]) => fc.constantFrom(...kinds);
  return fc.oneof(
    { weight: 12, arbitrary: fc.record({ kind: of('update'), metric: at, labels: some, value, method }) },
    { weight: 8, arbitrary: fc.record({ kind: of('child'), metric: at, labels, value, method, slot: fc.nat(3) }) },
    { weight: 4, arbitrary: fc.record({ kind: of('exemplar'), metric: at, labels: some, value: finite.filter((v) => v !== 0), exemplarLabels }) },
    { weight: 4, arbitrary: fc.record({ kind: of('remove', 'timer', 'zero'), metric: at, labels }) },
    { weight: 1, arbitrary: fc.record({ kind: of('reset', 'unregister', 'register'), metric: at }) },
    { weight: 1, arbitrary: fc.record({ kind: of('resetMetrics', 'show') }) },
    { weight: 1, arbitrary: fc.record({ kind: of('wait'), ms: fc.constantFrom(1, 5000, 10_000, 10_001, 60_000) }) },
    { weight: 1, arbitrary: fc.record({ kind: of('defaults'), labels: fc.dictionary(fc.constantFrom('a', 'c', 'zone', 'env'), labelText, { maxKeys: 3 }) }) },
  ) as fc.Arbitrary<Step>; // biome-ignore format: a table
};

/** Valid calls, and calls that both libraries reject. */
export const program: fc.Arbitrary<Program> = fc
  .boolean()
  .chain((isOpenMetrics) =>
    fc.tuple(fc.constant(isOpenMetrics), fc.array(metric(isOpenMetrics), { minLength: 1, maxLength: 4 })),
  )
  .chain(([isOpenMetrics, metrics]) =>
    fc.record({
      isOpenMetrics: fc.constant(isOpenMetrics),
      metrics: fc.constant(metrics),
      steps: fc.array(step(metrics.length), { maxLength: 60 }),
    }),
  );
