import type { JsonMetric } from '../registry/aggregators.ts';
import { clusterModule } from './cluster-module.ts';
import { clusterState, GET_METRICS_REQUEST, type PendingRequest } from './cluster-state.ts';

/** Metrics of one registry of a worker. */
type RegistryMetrics = readonly JsonMetric[];

/**
 * Asks all connected workers for the metrics of their registries; undefined if there are none. When the time is over, workers
 * that have not answered are left out. Rejects if none has, or if one fails.
 */
export function askWorkers(timeoutMs: number): Promise<readonly RegistryMetrics[] | undefined> {
  const requestId = clusterState.nextRequest++;
  return new Promise((resolve, reject) => {
    const end = (error?: Error): void => {
      clearTimeout(timeout);
      clusterState.requests.delete(requestId);
      if (error !== undefined) reject(error);
      else resolve(request.asked > 0 ? request.responses : undefined);
    };
    const request = new WorkersRequest(end);
    const timeout = setTimeout(() => {
      end(request.responses.length > 0 ? undefined : new Error('Operation timed out.'));
    }, timeoutMs);
    clusterState.requests.set(requestId, request);
    request.send({ type: GET_METRICS_REQUEST, requestId });
  });
}

class WorkersRequest implements PendingRequest {
  readonly responses: RegistryMetrics[] = [];
  asked = 0;
  readonly #end: (error?: Error) => void;
  /** Workers whose answer is awaited, by id. */
  readonly #awaited = new Set<unknown>();

  constructor(end: (error?: Error) => void) {
    this.#end = end;
  }

  send(message: object): void {
    for (const [id, worker] of Object.entries(clusterModule().workers ?? {})) {
      // A worker that ended abruptly may still be listed.
      if (!worker?.isConnected()) continue;
      this.asked++;
      this.#awaited.add(worker.id ?? id);
      worker.send(message);
    }
    if (this.asked === 0) this.#end();
  }

  answered(worker: unknown, metrics: readonly RegistryMetrics[]): void {
    // Two libraries with these messages may be in one worker.
    if (!this.#awaited.delete(worker)) return;
    clusterState.departed.told(worker, metrics.flat());
    this.#add(metrics);
  }

  left(worker: unknown, last: RegistryMetrics): void {
    if (this.#awaited.delete(worker)) this.#add([last]);
  }

  failed(error: Error): void {
    this.#end(error);
  }

  #add(metrics: readonly RegistryMetrics[]): void {
    this.responses.push(...metrics);
    if (this.#awaited.size === 0) this.#end();
  }
}
