import { isObject } from '../series/label-arguments.ts';
import { type ClusterModule, isPrimary, sendTo } from './cluster-module.ts';
import { clusterState, GET_METRICS_REQUEST, GET_METRICS_RESPONSE } from './cluster-state.ts';
import { sendMetrics } from './worker-values.ts';

/** Adds the listeners of this process, once: the primary's for answers, a worker's for questions. */
export function addListeners(cluster: ClusterModule): void {
  if (clusterState.listening.has(cluster)) return;
  clusterState.listening.add(cluster);
  if (isPrimary(cluster)) {
    cluster.on('message', (worker, message: unknown) => {
      if (isObject(message) && message['type'] === GET_METRICS_RESPONSE)
        clusterState.members.received(worker.id, message);
    });
    cluster.on('exit', ({ id }) => clusterState.members.left(id));
  }
  if (cluster.isWorker) {
    process.on('message', (message: unknown) => {
      if (isObject(message) && message['type'] === GET_METRICS_REQUEST) void answer(message['requestId']);
    });
  }
}

async function answer(requestId: unknown): Promise<void> {
  await sendMetrics(clusterState.registries, (shown) => {
    sendTo(process, { type: GET_METRICS_RESPONSE, requestId, ...shown });
  });
}
