import type { JsonMetric } from '../registry/aggregators.ts';
import { isObject, type LabelObject } from '../series/label-arguments.ts';
import { type ClusterModule, isPrimary } from './cluster-module.ts';
import { clusterState, GET_METRICS_REQUEST, GET_METRICS_RESPONSE } from './cluster-state.ts';
import { metricsOf, withNumbers } from './worker-values.ts';

/** Adds the listeners of this process, once: the primary's for answers, a worker's for questions. */
export function addListeners(cluster: ClusterModule): void {
  if (clusterState.listening.has(cluster)) return;
  clusterState.listening.add(cluster);
  if (isPrimary(cluster)) {
    cluster.on('message', (worker, message: unknown) => {
      if (isObject(message) && message['type'] === GET_METRICS_RESPONSE) receive(worker.id, message);
    });
    cluster.on('exit', ({ id }) => clusterState.members.left(id));
  }
  if (cluster.isWorker) {
    process.on('message', (message: unknown) => {
      if (isObject(message) && message['type'] === GET_METRICS_REQUEST) void answer(message['requestId']);
    });
  }
}

function receive(worker: unknown, { requestId, error, metrics }: LabelObject): void {
  if (error) clusterState.members.failed(requestId, new Error(`${error}`));
  // Only workers of this program send messages of this type.
  else clusterState.members.answered(worker, requestId, (metrics as JsonMetric[][]).map(withNumbers));
}

async function answer(requestId: unknown): Promise<void> {
  const shown = await metricsOf(clusterState.registries);
  // Nothing is sent once the primary is gone.
  if (process.connected !== false) process.send?.({ type: GET_METRICS_RESPONSE, requestId, ...shown });
}
