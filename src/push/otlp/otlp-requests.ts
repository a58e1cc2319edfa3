import { REQUEST, RESOURCE, RESOURCE_METRICS, SCOPE, SCOPE_METRICS } from './fields.ts';
import type { AttributeValue, MessageWriter } from './message-writer.ts';
import type { Scope } from './scope.ts';

/** Requests are smaller than the 20 MiB that receivers should accept, and quickly encoded. */
export const MAX_REQUEST_BYTES = 2 * 1024 * 1024;

/** Points of one metric and scope, as an item of ScopeMetrics. */
export interface EncodedMetric {
  readonly scope: Scope;
  readonly bytes: Uint8Array;
  readonly points: number;
  /** Records that the receiver has got the points. */
  readonly acknowledge: () => void;
}

/** An export request. */
export interface OtlpRequest {
  readonly body: Uint8Array;
  readonly points: number;
  readonly acknowledge: () => void;
}

/** Divides metrics into groups that fit into a request each. */
export function* groupsOf(metrics: readonly EncodedMetric[], maxPoints: number): Generator<readonly EncodedMetric[]> {
  let group: EncodedMetric[] = [];
  let [points, bytes] = [0, 0];
  for (const metric of metrics) {
    const isFull = points + metric.points > maxPoints || bytes + metric.bytes.length > MAX_REQUEST_BYTES;
    if (isFull && group.length > 0) {
      yield group;
      group = [];
      [points, bytes] = [0, 0];
    }
    group.push(metric);
    points += metric.points;
    bytes += metric.bytes.length;
  }
  if (group.length > 0) yield group;
}

/** Steps that return a request, one for each scope. */
export function* requestSteps(
  writer: MessageWriter,
  metrics: readonly EncodedMetric[],
  resource: ReadonlyMap<string, AttributeValue>,
): Generator<void, OtlpRequest, void> {
  writer.openList(REQUEST.resourceMetrics);
  writer.openItem(REQUEST.resourceMetrics);
  writer.open(RESOURCE_METRICS.resource);
  writer.openList(RESOURCE.attributes);
  for (const [name, value] of resource) writer.attribute(RESOURCE.attributes, name, value);
  writer.closeList();
  writer.close();
  writer.openList(RESOURCE_METRICS.scopeMetrics);
  for (const group of byScope(metrics).values()) {
    writeScope(writer, group);
    yield;
  }
  writer.closeList();
  writer.close();
  writer.closeList();
  return {
    body: writer.takeMessage(),
    points: metrics.reduce((total, { points }) => total + points, 0),
    acknowledge: () => {
      for (const metric of metrics) metric.acknowledge();
    },
  };
}

function byScope(metrics: readonly EncodedMetric[]): ReadonlyMap<string, readonly [EncodedMetric, ...EncodedMetric[]]> {
  const groups = new Map<string, [EncodedMetric, ...EncodedMetric[]]>();
  for (const metric of metrics) {
    const group = groups.get(metric.scope.key);
    if (group === undefined) groups.set(metric.scope.key, [metric]);
    else group.push(metric);
  }
  return groups;
}

function writeScope(writer: MessageWriter, metrics: readonly [EncodedMetric, ...EncodedMetric[]]): void {
  const { name, version, schemaUrl, attributes } = metrics[0].scope;
  writer.openItem(RESOURCE_METRICS.scopeMetrics);
  writer.open(SCOPE_METRICS.scope);
  if (name !== '') writer.text(SCOPE.name, name);
  if (version !== '') writer.text(SCOPE.version, version);
  if (attributes.length > 0) {
    writer.openList(SCOPE.attributes);
    for (const [attribute, value] of attributes) writer.attribute(SCOPE.attributes, attribute, value);
    writer.closeList();
  }
  writer.close();
  writer.openList(SCOPE_METRICS.metrics);
  for (const { bytes } of metrics) writer.copy(bytes);
  writer.closeList();
  if (schemaUrl !== '') writer.text(SCOPE_METRICS.schemaUrl, schemaUrl);
  writer.close();
}
