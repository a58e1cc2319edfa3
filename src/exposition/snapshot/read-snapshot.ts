import type {
  Exemplar,
  HistogramValue,
  MetricFamily,
  MetricType,
  NativeBucketCounts,
  NativeHistogramValue,
  Sample,
  SummaryValue,
} from '../../model/family.ts';
import type { Labels } from '../../model/labels.ts';
import { checkMetricName } from '../../model/naming.ts';
import { isMetricType } from '../../model/sample-names.ts';
import { thrownText } from '../../model/thrown.ts';
import { checkShape } from '../../model/validate.ts';
import { Field } from './snapshot-field.ts';

/**
 * Reads the families of a snapshot, which may come from an untrusted source. Whether a family is sound, such as the
 * counts of its buckets, is checked when it is encoded.
 *
 * @throws {TypeError} that names the invalid part if it is not a snapshot.
 *
 * @example
 * ```ts
 * import { Gauge, Registry } from 'zeroprom';
 * import { readSnapshot, snapshotOf } from 'zeroprom/exposition';
 *
 * const registry = new Registry();
 * new Gauge({ name: 'queue_length', help: 'Length of the queue.', registry }).set(3);
 * const json = JSON.stringify(snapshotOf(await registry.gather()));
 * for (const { name, type } of readSnapshot(JSON.parse(json))) console.log(name, type);
 * ```
 */
export function readSnapshot(snapshot: unknown): MetricFamily[] {
  return new Field('snapshot', snapshot).list(readFamily);
}

/** Like {@link readSnapshot}, for the family at an index of a snapshot. */
export function readFamilySnapshot(family: unknown, index: number): MetricFamily {
  return readFamily(new Field(`snapshot[${index}]`, family));
}

/** Reads the value of a point of each type. */
const READ_VALUE: { readonly [T in MetricType]: (value: Field) => Sample<T>['value'] } = {
  counter: (value) => value.number(),
  gauge: (value) => value.number(),
  unknown: (value) => value.number(),
  histogram: readHistogram,
  gaugehistogram: readHistogram,
  summary: readSummary,
  info: () => 1,
  stateset: (value) => ({
    states: value.get('states').list((state) => state.text()),
    enabled: value.get('enabled').list((state) => state.boolean()),
  }),
};

function readFamily(family: Field): MetricFamily {
  const name = family.get('name').text();
  checkMetricName(name);
  const type = family.get('type').text();
  if (!isMetricType(type))
    throw new TypeError(`${family.get('type').path} must be a metric type, got ${JSON.stringify(type)}.`);
  const unit = family.get('unit').optional((field) => field.text());
  const points = family.get('points').list((point) => readPoint(point, type));
  // The values of the points are of this type, which the compiler does not follow.
  return {
    name,
    help: family.get('help').text(),
    type,
    ...(unit === undefined ? {} : { unit }),
    points,
  } as MetricFamily;
}

function readPoint(point: Field, type: MetricType): Sample {
  return {
    labels: point.get('labels').optional(readLabels),
    value: readValue(point.get('value'), type),
    timestamp: point.get('timestamp').optional((field) => field.number()),
    startTimestamp: point.get('startTimestamp').optional((field) => field.number()),
    exemplar: point.get('exemplar').optional(readExemplar),
  };
}

function readValue(field: Field, type: MetricType): Sample['value'] {
  const value = READ_VALUE[type](field);
  try {
    checkShape(value, type);
  } catch (error) {
    throw new TypeError(`${field.path}: ${thrownText(error)}`);
  }
  return value;
}

function readHistogram(value: Field): HistogramValue {
  const upperBounds = value.get('upperBounds').numbers();
  const bucketCounts = value.get('bucketCounts').numbers();
  return {
    upperBounds,
    bucketCounts,
    ...readTotal(value),
    exemplars: value.get('exemplars').optional((list) => list.list((field) => field.optional(readExemplar))),
    native: value.get('native').optional(readNative),
  };
}

function readTotal(value: Field) {
  const isMissing = (name: string) => value.get(name).optional((field) => field.boolean()) === false;
  return {
    count: value.get('count').number(),
    sum: value.get('sum').number(),
    ...(isMissing('hasCount') && { hasCount: false }),
    ...(isMissing('hasSum') && { hasSum: false }),
  };
}

function readNative(value: Field): NativeHistogramValue {
  return {
    schema: value.get('schema').number(),
    zeroThreshold: value.get('zeroThreshold').number(),
    zeroCount: value.get('zeroCount').number(),
    positive: readBuckets(value.get('positive')),
    negative: readBuckets(value.get('negative')),
    exemplars: value.get('exemplars').optional((list) => list.list(readExemplar)),
  };
}

function readBuckets(value: Field): NativeBucketCounts {
  const indexes = value.get('indexes').numbers();
  const counts = value.get('counts').numbers();
  return { indexes, counts };
}

function readSummary(value: Field): SummaryValue {
  return {
    ...readTotal(value),
    quantiles: value.get('quantiles').list((pair) => ({
      quantile: pair.get('quantile').number(),
      value: pair.get('value').number(),
    })),
  };
}

function readExemplar(value: Field): Exemplar {
  return {
    labels: readLabels(value.get('labels')),
    value: value.get('value').number(),
    timestamp: value.get('timestamp').optional((field) => field.number()),
  };
}

function readLabels(labels: Field): Labels {
  return labels.texts();
}
