import { processWide } from '../registry/process-wide.ts';
import { Registry } from '../registry/registry.ts';
import { Members } from './ask-members.ts';

/** What a worker is asked for; the messages are those of prom-client. */
export const GET_METRICS_REQUEST = 'prom-client:getMetricsReq';
export const GET_METRICS_RESPONSE = 'prom-client:getMetricsRes';

/** A registry whose metrics a worker sends. */
export type WorkerRegistry = Pick<Registry, 'getMetricsAsJSON'>;

/** What all copies of the package in a process share, so that messages are handled once. */
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
