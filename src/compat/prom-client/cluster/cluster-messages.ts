import { processWide } from '../registry/process-wide.ts';
import { Registry } from '../registry/registry.ts';
import { isObject } from '../series/label-arguments.ts';
import { Members } from './ask-members.ts';
import { type ClusterModule, isPrimary, sendTo } from './cluster-module.ts';
import { sendMetrics, type WorkerRegistry } from './worker-values.ts';

/** Message types of requests to workers and their responses, as in prom-client. */
export const GET_METRICS_REQUEST = 'prom-client:getMetricsReq';
const GET_METRICS_RESPONSE = 'prom-client:getMetricsRes';

/** State shared by all copies of the package in a process, so that messages are handled once. */
interface ClusterState {
  registries: readonly WorkerRegistry[];
  readonly members: Members;
  /** Modules that have listeners already. */
  readonly listening: WeakSet<object>;
}

export const clusterState: ClusterState = processWide('cluster.1', () => ({
  registries: [Registry.globalRegistry],
  members: new Members(),
  listening: new WeakSet(),
}));

/** Adds the listeners of this process once: for responses in the primary, and for requests in a worker. */
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
      if (!isObject(message) || message['type'] !== GET_METRICS_REQUEST) return;
      const { requestId } = message;
      void sendMetrics(clusterState.registries, (shown) => {
        sendTo(process, { type: GET_METRICS_RESPONSE, requestId, ...shown });
      });
    });
  }
}
