import { withNumbers } from '../prom-client/cluster/worker-values.ts';
import type { JsonMetric } from '../prom-client/registry/aggregators.ts';
import { isObject } from '../prom-client/series/label-arguments.ts';

/** Messages between the members of a cluster, or of a process with threads: those of the successor. */
export const ACK = '@prometheus-io/client:ack';
export const ANNOUNCEMENT = '@prometheus-io/client:announcement';
export const GET_METRICS_REQUEST = '@prometheus-io/client:getMetricsReq';
export const GET_METRICS_RESPONSE = '@prometheus-io/client:getMetricsRes';
export const GOODBYE = '@prometheus-io/client:goodbye';

/** A message with its optional properties. */
export interface Message {
  readonly type: unknown;
  readonly requestId?: unknown;
  readonly metrics?: unknown;
  readonly error?: unknown;
  readonly name?: unknown;
  readonly threadId?: unknown;
  readonly primary?: unknown;
}

export function isMessage(value: unknown): value is Message {
  return isObject(value) && 'type' in value;
}

/** Metrics of the registries of a member, one list for each. */
export function metricsIn({ metrics }: Message): JsonMetric[][] {
  // Only members of this program send such messages.
  return Array.isArray(metrics) ? (metrics as JsonMetric[][]).map(withNumbers) : [];
}
