import { processWide } from '../registry/process-wide.ts';
import { Registry } from '../registry/registry.ts';
import { Members } from './ask-members.ts';
import type { WorkerRegistry } from './worker-values.ts';

/** Message types of requests to workers and their responses, as in prom-client. */
export const GET_METRICS_REQUEST = 'prom-client:getMetricsReq';
export const GET_METRICS_RESPONSE = 'prom-client:getMetricsRes';

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
