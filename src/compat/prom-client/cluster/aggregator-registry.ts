import { aggregateInto, type JsonMetric } from '../registry/aggregators.ts';
import { Registry } from '../registry/registry.ts';
import { addListeners, clusterState, GET_METRICS_REQUEST } from './cluster-messages.ts';
import { clusterModule, sendTo } from './cluster-module.ts';
import type { WorkerRegistry } from './worker-values.ts';

/** Maximum time to wait for workers, in milliseconds. The scrape timeout of Prometheus is ten seconds by default. */
const TIMEOUT_MS = 5000;

/** A registry of the primary process that also exposes the aggregated metrics of all cluster workers. */
export class AggregatorRegistry extends Registry {
  /** Adds listeners to this process: create one in the primary and one in each worker. */
  constructor(contentType?: string) {
    super(contentType);
    addListeners(clusterModule());
  }

  /** Returns a registry with results of `getMetricsAsJSON()`, aggregated by their aggregators. */
  static aggregate(metrics: readonly (readonly JsonMetric[])[], contentType?: string): Registry {
    return aggregateInto(new Registry(), metrics, contentType);
  }

  /** Sets the registries whose metrics a worker sends; the global one by default. */
  static setRegistries(registries: WorkerRegistry | readonly WorkerRegistry[]): void {
    const all: readonly WorkerRegistry[] = Array.isArray(registries) ? registries : [registries];
    for (const registry of all) {
      if (!(registry instanceof Registry)) throw new TypeError(`Expected Registry, got ${typeof registry}`);
    }
    clusterState.registries = all;
  }

  /**
   * Resolves with the aggregated metrics of all workers as text, including those that have ended; empty without workers. Workers
   * that do not answer within five seconds are left out; rejects if none answers.
   */
  async clusterMetrics(): Promise<string> {
    const { members } = clusterState;
    const { sums } = members.departed;
    // A worker that ended abruptly may still be listed.
    const workers = Object.values(clusterModule().workers ?? {}).filter((worker) => worker?.isConnected());
    if (workers.length === 0 && sums.length === 0) return '';
    const send = (requestId: number): void => {
      for (const worker of workers) if (worker) sendTo(worker, { type: GET_METRICS_REQUEST, requestId });
    };
    const ids = workers.map((worker) => worker?.id);
    const answers = ids.length === 0 ? [] : await members.ask(ids, send, TIMEOUT_MS);
    return aggregateInto(new Registry(), [...answers, sums]).metrics();
  }
}
