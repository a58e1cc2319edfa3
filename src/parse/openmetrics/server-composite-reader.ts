import type { NativeBucketCounts, NativeHistogramValue, QuantileValue } from '../../model/family.ts';
import { bucketsOfSpans, isStandardSchema, type Span } from '../../model/native-spans.ts';
import { CumulativeBuckets } from '../assembly/bucket-counts.ts';
import type { Cursor } from '../lines/byte-cursor.ts';
import type { CompositePart, CompositeValue } from '../lines/line-handler.ts';
import { CompositeFields } from './composite-fields.ts';

const NATIVE = [
  'schema',
  'zero_threshold',
  'zero_count',
  'negative_spans',
  'negative_buckets',
  'positive_spans',
  'positive_buckets',
];
const MAX_INT32 = (1n << 31n) - 1n;
const MAX_UINT32 = (1n << 32n) - 1n;
const MAX_UINT64 = 2 ** 64;

/**
 * Reads a value in braces of OpenMetrics 2.0 as Prometheus 3.16, which checks neither the order of fields nor the consistency of
 * counts. Parts that the model cannot represent become separate series, each with the labels of the line.
 */
export function readServerComposite(cursor: Cursor, labelCount: number): CompositeValue {
  cursor.at++; // Skips the opening brace.
  const fields = new CompositeFields(cursor);
  if (fields.has('quantile')) return summaryOf(fields, labelCount);
  return histogramOf(fields, fields.has('gcount') ? 'gaugehistogram' : 'histogram', labelCount);
}

function summaryOf(fields: CompositeFields, labelCount: number): CompositeValue {
  fields.allow(['count', 'sum', 'quantile']);
  const count = fields.number('count');
  const sum = fields.number('sum');
  const quantiles = quantilesOf(fields);
  fields.checkSeries(quantiles.length, labelCount);
  // Rejects negative zero, which the text would not preserve.
  const isCount = count >= 0 && !Object.is(count, -0);
  if (isCount) return { kind: 'summary', value: { count, sum, quantiles } };
  const loose = quantiles.map(({ quantile, value }) => ({ suffix: '', bound: quantile, value }));
  return { kind: 'summary', value: undefined, loose: [...totalsOf('', count, sum), ...loose] };
}

function quantilesOf(fields: CompositeFields): QuantileValue[] {
  const quantiles: QuantileValue[] = [];
  let last = Number.NEGATIVE_INFINITY;
  for (const [quantileText, valueText] of fields.pairs('quantile', 'first')) {
    const value = fields.float(valueText, 'a number as the value of a quantile');
    const quantile = fields.float(quantileText, 'a number as a quantile');
    if (!(quantile >= 0 && quantile <= 1 && quantile > last)) fields.fail('quantiles from 0 to 1 that increase');
    last = quantile;
    quantiles.push({ quantile, value });
  }
  return quantiles;
}

function histogramOf(
  fields: CompositeFields,
  kind: 'histogram' | 'gaugehistogram',
  labelCount: number,
): CompositeValue {
  const g = kind === 'gaugehistogram' ? 'g' : '';
  fields.allow([`${g}count`, `${g}sum`, 'bucket', ...NATIVE]);
  const count = fields.number(`${g}count`);
  const sum = fields.number(`${g}sum`);
  const native = fields.has('schema') ? nativeOf(fields, count, sum) : undefined;
  const hasClassic = native === undefined || fields.has('bucket');
  const buckets = hasClassic ? classicOf(fields, kind) : new CumulativeBuckets();
  fields.checkSeries(buckets.size, labelCount);
  const isWhole = !hasClassic || (buckets.areWhole() && Object.is(buckets.last(), count));
  if (!isWhole) {
    // Inconsistent classic buckets become separate series; native buckets, if any, keep the count and the sum.
    const value = native && { upperBounds: [], bucketCounts: [count], count, sum, native };
    const totals = value === undefined ? totalsOf(kind === 'gaugehistogram' ? 'g' : '', count, sum) : [];
    return { kind, value, loose: looseParts(totals, buckets, value && count) };
  }
  const { upperBounds, bucketCounts } = buckets.separate(count);
  return {
    kind,
    value: { upperBounds, bucketCounts, count, sum, ...(native && { native }) },
  };
}

/** Yields the series without a last bucket that has the count, which native histograms have for servers that do not scrape them. */
function* looseParts(
  totals: readonly CompositePart[],
  buckets: CumulativeBuckets,
  count: number | undefined,
): Iterable<CompositePart> {
  yield* totals;
  for (const { upperBound: bound, count: value } of buckets.cumulative()) {
    if (bound !== Number.POSITIVE_INFINITY || value !== count) yield { suffix: '_bucket', bound, value };
  }
}

function totalsOf(g: string, count: number, sum: number): CompositePart[] {
  return [
    { suffix: `_${g}count`, bound: undefined, value: count },
    { suffix: `_${g}sum`, bound: undefined, value: sum },
  ];
}

function classicOf(fields: CompositeFields, kind: 'histogram' | 'gaugehistogram'): CumulativeBuckets {
  fields.text('bucket');
  const buckets = new CumulativeBuckets();
  let last: number | undefined;
  for (const [boundText, countText] of fields.pairs('bucket', 'last')) {
    const count = fields.float(countText, 'a number as the count of a bucket');
    const bound = fields.float(boundText, 'a number as an upper bound');
    if (Number.isNaN(bound) || (last !== undefined && bound <= last)) fields.fail('upper bounds that increase');
    if (count < 0 && kind === 'histogram') fields.fail('a count that is not negative');
    buckets.add(bound, count);
    last = bound;
  }
  if (last !== Number.POSITIVE_INFINITY) fields.fail('a bucket up to +Inf');
  return buckets;
}

function nativeOf(fields: CompositeFields, count: number, sum: number): NativeHistogramValue {
  const schema = Number(fields.integer(fields.text('schema'), 'a whole number as schema'));
  const zeroThreshold = fields.number('zero_threshold');
  const zeroCount = fields.number('zero_count');
  if (!isStandardSchema(schema)) fields.fail('a schema from -4 to 8');
  if (count < 0 || zeroCount < 0) fields.fail('a count that is not negative');
  if (!(zeroThreshold >= 0 && zeroThreshold < Number.POSITIVE_INFINITY))
    fields.fail('a finite threshold of at least 0');
  // Prometheus reads counts with a decimal point or an exponent as doubles, even if they are integers.
  const isFloat =
    [count, zeroCount].some((each) => !Number.isInteger(each) || each >= MAX_UINT64) ||
    ['positive_buckets', 'negative_buckets'].some((name) => fields.has(name) && /[.eE]/.test(fields.text(name)));
  const positive = sideOf(fields, 'positive', isFloat);
  const negative = sideOf(fields, 'negative', isFloat);
  if (!isFloat) checkTotal(fields, count, sum, BigInt(zeroCount) + positive.total + negative.total);
  return { schema, zeroThreshold, zeroCount, positive: positive.buckets, negative: negative.buckets };
}

interface Side {
  readonly buckets: NativeBucketCounts;
  /** Total of integer counts. */
  readonly total: bigint;
}

function sideOf(fields: CompositeFields, side: 'positive' | 'negative', isFloat: boolean): Side {
  const spans: Span[] = [];
  for (const [offset, length] of fields.pairs(`${side}_spans`, 'first')) {
    spans.push({
      offset: Number(fields.integer(offset, 'an offset of 32 bits', -MAX_INT32 - 1n, MAX_INT32)),
      length: Number(fields.integer(/^\d/.test(length) ? length : '', 'a length of 32 bits', 0n, MAX_UINT32)),
    });
  }
  const counts: number[] = [];
  let total = 0n;
  for (const text of fields.list(`${side}_buckets`)) {
    const count = isFloat
      ? fields.float(text, 'a number as the count of a bucket')
      : fields.integer(text, 'a whole number as the count of a bucket');
    if (count < 0) fields.fail('a count that is not negative');
    if (typeof count === 'bigint') total += count;
    counts.push(Number(count));
  }
  const buckets = bucketsOfSpans(spans, counts);
  return typeof buckets === 'string' ? fields.fail(buckets) : { buckets, total };
}

/** Prometheus adds in 64 bits. Only observations of NaN are not in a bucket. */
function checkTotal(fields: CompositeFields, count: number, sum: number, total: bigint): void {
  const held = BigInt.asUintN(64, total);
  const all = BigInt(count);
  if (held !== all && !(Number.isNaN(sum) && held < all))
    fields.fail(`a count of ${held}, as many as the buckets hold`);
}
