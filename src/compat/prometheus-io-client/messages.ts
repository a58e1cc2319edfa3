import type { MetricsResponse } from '../prom-client/cluster/ask-members.ts';
import { isObject } from '../prom-client/series/label-arguments.ts';

/** Messages between the members of a cluster, or of a process with threads: those of the successor. */
export const ACK = '@prometheus-io/client:ack';
export const ANNOUNCEMENT = '@prometheus-io/client:announcement';
export const GET_METRICS_REQUEST = '@prometheus-io/client:getMetricsReq';
export const GET_METRICS_RESPONSE = '@prometheus-io/client:getMetricsRes';
export const GOODBYE = '@prometheus-io/client:goodbye';

/** A message with its optional properties. */
export interface Message extends MetricsResponse {
  readonly type: unknown;
  readonly name?: unknown;
  readonly threadId?: unknown;
  readonly primary?: unknown;
}

export function isMessage(value: unknown): value is Message {
  return isObject(value) && 'type' in value;
}
