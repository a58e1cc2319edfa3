import type { Exemplar, MetricFamily, Sample } from '../model/family.ts';
import type { Labels } from '../model/labels.ts';
import { asError } from '../model/thrown.ts';
import { exemplarOf, histogramOf, labelsOf, latestOf, nativeHistogramOf } from './points.ts';
import { metricName, unitName } from './prometheus-names.ts';
import {
  dataPointTypes,
  type SdkCollection,
  type SdkExponentialHistogram,
  type SdkHistogram,
  type SdkMetric,
  type SdkPoint,
  type SdkScopeMetrics,
  unixSeconds,
} from './sdk-metrics.ts';

/** Which additional data is exposed. */
export interface FamilyOptions {
  readonly scopeLabels: boolean;
  readonly targetInfo: boolean;
  /** Called for each metric and point that cannot be exposed. */
  readonly onError: (error: Error) => void;
}

type Type = 'counter' | 'gauge' | 'histogram';
type DraftPoint = Sample<'counter'> | Sample<'histogram'>;

/** A family that metrics of several scopes share. */
interface Draft {
  readonly name: string;
  readonly help: string;
  readonly type: Type;
  readonly unit?: string;
  readonly points: DraftPoint[];
}

/** Returns the metrics of the SDK as families. */
export function familiesOf({ resourceMetrics }: SdkCollection, options: FamilyOptions): MetricFamily[] {
  const drafts = new Map<string, Draft>();
  for (const { scope, metrics } of resourceMetrics.scopeMetrics) {
    const scopeLabels = options.scopeLabels ? labelsOfScope(scope) : {};
    for (const metric of metrics) {
      try {
        addMetric(drafts, metric, scopeLabels, options.onError);
      } catch (error) {
        options.onError(asError(error));
      }
    }
  }
  // The points of a draft have the type of its family.
  const families = [...drafts.values()] as MetricFamily[];
  const labels = labelsOf(resourceMetrics.resource.attributes);
  if (!options.targetInfo || Object.keys(labels).length === 0) return families;
  return [{ name: 'target_info', help: 'Target metadata.', type: 'info', points: [{ labels, value: 1 }] }, ...families];
}

function addMetric(
  drafts: Map<string, Draft>,
  metric: SdkMetric,
  scopeLabels: Labels,
  onError: (error: Error) => void,
): void {
  const { descriptor, dataPoints } = metric;
  if (dataPoints.length === 0) return;
  const type = typeOf(metric);
  const unit = unitName(descriptor.unit, type);
  const name = metricName(descriptor.name, unit, type);
  const draft = drafts.get(name) ?? {
    name,
    help: descriptor.description,
    type,
    ...(unit === undefined ? {} : { unit }),
    points: [],
  };
  if (draft.type !== type)
    throw new Error(
      `Metrics named ${name} must have the same type, got ${draft.type} and ${type}; rename one by a view.`,
    );
  drafts.set(name, draft);
  for (const point of dataPoints) {
    try {
      draft.points.push(pointOf(metric, type, point, scopeLabels));
    } catch (error) {
      onError(new Error(`A point of ${name} cannot be exposed: ${asError(error).message}`, { cause: error }));
    }
  }
}

function typeOf({ descriptor, dataPointType, isMonotonic }: SdkMetric): Type {
  switch (dataPointType) {
    case dataPointTypes.histogram:
    case dataPointTypes.exponentialHistogram:
      return 'histogram';
    case dataPointTypes.sum:
      return isMonotonic === true ? 'counter' : 'gauge';
    case dataPointTypes.gauge:
      return 'gauge';
    default:
      throw new Error(`Unknown type of data point ${dataPointType} of the metric ${descriptor.name}.`);
  }
}

/** The type of the value follows from that of the metric, which the SDK does not express in its types. */
function pointOf({ dataPointType }: SdkMetric, type: Type, point: SdkPoint, scopeLabels: Labels): DraftPoint {
  const { attributes, value, startTime, exemplars } = point;
  const labels = { ...labelsOf(attributes), ...scopeLabels };
  const start = type === 'gauge' ? {} : { startTimestamp: unixSeconds(startTime) };
  switch (dataPointType) {
    case dataPointTypes.histogram:
      return { labels, ...start, value: histogramOf(value as SdkHistogram, exemplars) };
    case dataPointTypes.exponentialHistogram:
      return { labels, ...start, value: nativeHistogramOf(value as SdkExponentialHistogram, exemplars) };
    default:
      return { labels, ...start, value: value as number, ...(type === 'counter' ? exemplarIn(exemplars) : {}) };
  }
}

function exemplarIn(exemplars: SdkPoint['exemplars'] = []): { readonly exemplar?: Exemplar } {
  const exemplar = latestOf(exemplars.map(exemplarOf));
  return exemplar === undefined ? {} : { exemplar };
}

function labelsOfScope({ name, version, schemaUrl }: SdkScopeMetrics['scope']): Labels {
  return {
    otel_scope_name: name,
    ...(version ? { otel_scope_version: version } : {}),
    ...(schemaUrl ? { otel_scope_schema_url: schemaUrl } : {}),
  };
}
