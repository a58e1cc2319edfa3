import type { JsonMetric } from '../registry/aggregators.ts';
import { processWide } from '../registry/process-wide.ts';
import { Registry } from '../registry/registry.ts';
import { DepartedWorkers } from './departed-workers.ts';

/** What a worker is asked for; the messages are those of prom-client. */
export const GET_METRICS_REQUEST = 'prom-client:getMetricsReq';
export const GET_METRICS_RESPONSE = 'prom-client:getMetricsRes';

/** A registry whose metrics a worker sends. */
export type WorkerRegistry = Pick<Registry, 'getMetricsAsJSON'>;

/** One collection of metrics from all workers. */
export interface PendingRequest {
  answered(worker: unknown, metrics: readonly (readonly JsonMetric[])[]): void;
  /** The worker is gone; `last` is what it told before. */
  left(worker: unknown, last: readonly JsonMetric[]): void;
  failed(error: Error): void;
}

/** What all copies of the package in a process share, so that messages are handled once. */
interface ClusterState {
  registries: readonly WorkerRegistry[];
  nextRequest: number;
  readonly requests: Map<unknown, PendingRequest>;
  readonly departed: DepartedWorkers;
  /** Modules that have listeners already. */
  readonly listening: WeakSet<object>;
}

export const clusterState: ClusterState = processWide('cluster.1', () => ({
  registries: [Registry.globalRegistry],
  nextRequest: 0,
  requests: new Map(),
  departed: new DepartedWorkers(),
  listening: new WeakSet(),
}));
