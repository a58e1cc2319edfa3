import type { JsonMetric } from '../registry/aggregators.ts';
import { isObject, type LabelObject } from '../series/label-arguments.ts';
import { type ClusterModule, isPrimary } from './cluster-module.ts';
import { clusterState, GET_METRICS_REQUEST, GET_METRICS_RESPONSE } from './cluster-state.ts';
import { withNumbers, withTexts } from './worker-values.ts';

/** Adds the listeners of this process, once: the primary's for answers, a worker's for questions. */
export function addListeners(cluster: ClusterModule): void {
  if (clusterState.listening.has(cluster)) return;
  clusterState.listening.add(cluster);
  if (isPrimary(cluster)) {
    cluster.on('message', (worker, message: unknown) => {
      if (isObject(message) && message['type'] === GET_METRICS_RESPONSE) receive(worker?.id, message);
    });
    cluster.on('exit', ({ id }) => {
      const last = clusterState.departed.left(id);
      for (const request of clusterState.requests.values()) request.left(id, last);
    });
  }
  if (cluster.isWorker) {
    process.on('message', (message: unknown) => {
      if (isObject(message) && message['type'] === GET_METRICS_REQUEST) void answer(message['requestId']);
    });
  }
}

/** An answer may come late, when its request is over. */
function receive(worker: unknown, { requestId, error, metrics }: LabelObject): void {
  const request = clusterState.requests.get(requestId);
  if (request === undefined) return;
  if (error) request.failed(new Error(`${error}`));
  // Only workers of this program send messages of this type.
  else request.answered(worker, (metrics as JsonMetric[][]).map(withNumbers));
}

async function answer(requestId: unknown): Promise<void> {
  const { registries } = clusterState;
  try {
    const shown = await Promise.all(registries.map((registry) => registry.getMetricsAsJSON()));
    // What registries show are metrics.
    respond({ requestId, metrics: (shown as JsonMetric[][]).map(withTexts) });
  } catch (error) {
    respond({ requestId, error: error instanceof Error ? error.message : String(error) });
  }
}

/** Sends nothing once the primary is gone. */
function respond(answer: object): void {
  if (process.connected !== false) process.send?.({ type: GET_METRICS_RESPONSE, ...answer });
}
