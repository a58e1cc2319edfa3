import type { Worker } from 'node:cluster';
import { type ClusterModule, clusterModule, isPrimary, sendTo } from '../prom-client/cluster/cluster-module.ts';
import { metricsIn, sendMetrics, shownBy } from '../prom-client/cluster/worker-values.ts';
import { processWide } from '../prom-client/registry/process-wide.ts';
import {
  ACK,
  ANNOUNCEMENT,
  GET_METRICS_REQUEST,
  GET_METRICS_RESPONSE,
  GOODBYE,
  isMessage,
  MemberState,
  type Message,
} from './member-state.ts';
import { Registry } from './registry.ts';

const state = processWide('successor.cluster.1', () => new MemberState<Worker>());
const listening = processWide('successor.cluster.listening.1', () => new WeakSet<object>());

/** A registry that also exposes the aggregated metrics of the primary and all workers of a cluster. */
export class ClusterRegistry extends Registry {
  /** Adds listeners to this process: create one in the primary and one in each worker. */
  constructor(contentType?: string) {
    super(contentType);
    addListeners(clusterModule());
  }

  /** Sets the registries whose metrics this process sends; the global one by default. */
  static setRegistries(registries: unknown): void {
    state.setRegistries(registries);
  }

  /**
   * Resolves with the aggregated metrics of all processes as text, including those of workers that have ended. Workers that do
   * not answer within five seconds are left out; rejects if none answers.
   */
  async clusterMetrics(): Promise<string> {
    const workers = [...state.announced.values()].filter((worker) => worker.isConnected());
    workers.sort((a, b) => a.id - b.id);
    const send = (requestId: number): void => {
      for (const worker of workers) sendTo(worker, { type: GET_METRICS_REQUEST, requestId });
    };
    const own = shownBy(state.registries);
    const ids = workers.map(({ id }) => id);
    return state.metrics(ids, send, own, this.contentType);
  }

  /** Call it before a process ends. A primary waits for its scrapes; a worker waits until the primary has received its counts. */
  async shutdown(timeoutMs = 5000): Promise<void> {
    if ((await state.idle()) || isPrimary(clusterModule())) return;
    await state.sayGoodbye((message) => sendTo(process, { type: GOODBYE, ...message }), timeoutMs);
  }
}

function addListeners(cluster: ClusterModule): void {
  if (listening.has(cluster)) return;
  listening.add(cluster);
  if (isPrimary(cluster)) {
    cluster.on('message', (worker, message: unknown) => {
      if (isMessage(message)) receive(worker, message);
    });
    cluster.on('disconnect', ({ id }) => {
      if (state.announced.delete(id)) state.members.left(id);
    });
    for (const worker of Object.values(cluster.workers ?? {})) {
      if (worker?.isConnected()) sendTo(worker, { type: ANNOUNCEMENT });
    }
  } else {
    process.on('message', (message: unknown) => {
      if (isMessage(message)) void follow(message);
    });
    sendTo(process, { type: ANNOUNCEMENT });
  }
}

/** Handles messages in the primary. */
function receive(worker: Worker, message: Message): void {
  switch (message.type) {
    case ANNOUNCEMENT:
      if (!state.announced.has(worker.id)) state.announced.set(worker.id, worker);
      return;
    case GET_METRICS_RESPONSE:
      state.members.received(worker.id, message);
      return;
    case GOODBYE:
      if (!state.announced.delete(worker.id)) return;
      sendTo(worker, { type: ACK, requestId: message.requestId });
      state.members.left(worker.id, metricsIn(message.metrics).flat());
  }
}

/** Handles messages in a worker. */
async function follow({ type, requestId }: Message): Promise<void> {
  switch (type) {
    case ANNOUNCEMENT:
      sendTo(process, { type: ANNOUNCEMENT });
      return;
    case GET_METRICS_REQUEST:
      await sendMetrics(state.registries, (shown) => {
        sendTo(process, { type: GET_METRICS_RESPONSE, requestId, ...shown });
      });
      return;
    case ACK:
      state.acknowledged(requestId);
  }
}
