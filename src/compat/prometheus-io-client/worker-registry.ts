import { BroadcastChannel, isMainThread, threadId } from 'node:worker_threads';
import { metricsIn, sendMetrics } from '../prom-client/cluster/worker-values.ts';
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

/** A thread that the primary asks, with the channel to it. */
interface Thread {
  readonly name: string;
  readonly threadId: number;
  readonly channel: BroadcastChannel;
}

const state = processWide('successor.threads.1', () => new MemberState<Thread>());
const channels = processWide('successor.channels.1', () => new Map<string, BroadcastChannel>());
const ANNOUNCE = '@prometheus-io/client:announce';
const OWN_NAME = `@prometheus-io/client:worker:${threadId}`;

/** A registry that also exposes the aggregated metrics of worker threads. */
export class WorkerRegistry extends Registry {
  readonly primary: boolean;

  /** Create one in each thread. `primary` is whether it collects the metrics of the others; by default, the main thread does. */
  constructor(contentType?: string, primary = isMainThread) {
    super(contentType);
    this.primary = primary;
    addListeners(primary);
  }

  /** Number of threads that have announced themselves. */
  static workerCount(): number {
    return state.announced.size;
  }

  /** Sets the registries whose metrics this thread sends; the global one by default. */
  static setRegistries(registries: unknown): void {
    state.setRegistries(registries);
  }

  /**
   * Resolves with the aggregated metrics of all other threads as text, including those that have ended; empty without any. Threads
   * that do not answer within five seconds are left out and not waited for again. Rejects if none answers.
   */
  async workerMetrics(): Promise<string> {
    const threads = [...state.announced.values()].sort((a, b) => a.threadId - b.threadId);
    if (threads.length === 0 && state.members.departed.sums.length === 0) return '';
    const names = threads.map(({ name }) => name);
    const send = (requestId: number): void => {
      channel(ANNOUNCE).postMessage({ type: GET_METRICS_REQUEST, threadId, requestId });
    };
    return state.metrics(names, send, Promise.resolve([]), this.contentType);
  }

  /** Call it before a thread ends. A primary waits for its scrapes; other threads wait until the primary has received their counts. */
  async shutdown(timeoutMs = 5000): Promise<void> {
    if ((await state.idle()) || this.primary) return;
    await state.sayGoodbye(
      (message) => channel(OWN_NAME).postMessage({ type: GOODBYE, threadId, ...message }),
      timeoutMs,
    );
  }
}

/** Returns the channel with this name, which does not keep the thread alive. */
function channel(name: string): BroadcastChannel {
  let known = channels.get(name);
  if (known === undefined) {
    known = new BroadcastChannel(name);
    known.unref();
    channels.set(name, known);
  }
  return known;
}

function listen(name: string, receive: (message: Message) => void): void {
  channel(name).onmessage = (event: unknown) => {
    const message: unknown = typeof event === 'object' && event !== null && 'data' in event ? event.data : undefined;
    if (isMessage(message)) receive(message);
  };
  channel(name).unref(); // With a listener, a channel keeps the thread alive.
}

function addListeners(primary: boolean): void {
  if (channels.size > 0) return;
  listen(ANNOUNCE, (message) => {
    if (primary && message.type === ANNOUNCEMENT) announced(message);
    void follow(message);
  });
  listen(OWN_NAME, ({ type, requestId }) => {
    if (type === ACK) state.acknowledged(requestId);
  });
  announce(primary);
}

function announce(primary: boolean): void {
  channel(ANNOUNCE).postMessage({ type: ANNOUNCEMENT, name: OWN_NAME, threadId, primary });
}

/** Handles messages in every thread. */
async function follow({ type, requestId, primary }: Message): Promise<void> {
  if (type === ANNOUNCEMENT && primary === true) announce(false);
  if (type !== GET_METRICS_REQUEST) return;
  await sendMetrics(state.registries, (shown) => {
    channel(OWN_NAME).postMessage({ type: GET_METRICS_RESPONSE, requestId, threadId, ...shown });
  });
}

/** Registers a new thread in the primary. */
function announced({ name, threadId: other }: Message): void {
  if (typeof name !== 'string' || typeof other !== 'number' || state.announced.has(name)) return;
  const thread: Thread = { name, threadId: other, channel: channel(name) };
  state.announced.set(name, thread);
  listen(name, (message) => receive(thread, message));
}

function receive({ name, channel }: Thread, message: Message): void {
  if (message.type === GET_METRICS_RESPONSE) state.members.received(name, message);
  if (message.type !== GOODBYE || !state.announced.delete(name)) return;
  channel.postMessage({ type: ACK, requestId: message.requestId, threadId });
  state.members.left(name, metricsIn(message.metrics).flat());
  channels.delete(name);
  channel.close();
}
