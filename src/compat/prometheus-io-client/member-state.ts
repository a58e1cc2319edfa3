import { LONGEST_DELAY_MS } from '../../model/duration.ts';
import { Members, type MetricsResponse, TimeoutError } from '../prom-client/cluster/ask-members.ts';
import { isCount } from '../prom-client/cluster/departed-workers.ts';
import { shownBy, type WorkerRegistry, withTexts } from '../prom-client/cluster/worker-values.ts';
import type { JsonMetric } from '../prom-client/registry/aggregators.ts';
import { isObject } from '../prom-client/series/label-arguments.ts';
import { Registry } from './registry.ts';

/** Types of the successor's messages between the processes of a cluster, or the threads of a process. */
export const ACK = '@prometheus-io/client:ack';
export const ANNOUNCEMENT = '@prometheus-io/client:announcement';
export const GET_METRICS_REQUEST = '@prometheus-io/client:getMetricsReq';
export const GET_METRICS_RESPONSE = '@prometheus-io/client:getMetricsRes';
export const GOODBYE = '@prometheus-io/client:goodbye';

/** A message with its optional properties. */
export interface Message extends MetricsResponse {
  readonly type: unknown;
  readonly name?: unknown;
  readonly threadId?: unknown;
  readonly primary?: unknown;
}

/** Maximum time to wait for members, in milliseconds. The scrape timeout of Prometheus is ten seconds by default. */
const TIMEOUT_MS = 5000;

/** State about the other members, shared by all copies of the package in a thread. */
export class MemberState<M> {
  registries: readonly WorkerRegistry[] = [Registry.globalRegistry];
  readonly members = new Members();
  /** Members that have announced themselves, by id. */
  readonly announced = new Map<unknown, M>();
  /** Calls of `sayGoodbye()` in progress, by the ids of their messages. */
  readonly goodbyes = new Map<unknown, () => void>();
  nextGoodbye = 0;

  setRegistries(registries: unknown): void {
    const all: unknown[] = Array.isArray(registries) ? registries : [registries];
    this.registries = all.map((registry) => {
      if (registry instanceof Registry) return registry;
      throw new TypeError(`Expected Registry, got ${typeof registry}`);
    });
  }

  /** The aggregated metrics of the members and of `own`, as text. */
  async metrics(
    ids: readonly unknown[],
    send: (requestId: number) => void,
    own: Promise<readonly (readonly JsonMetric[])[]>,
    contentType: string,
  ): Promise<string> {
    const { sums } = this.members.departed;
    // Ask members at once: after waiting, the list of them could be out of date.
    const asked = ids.length === 0 ? [] : this.members.ask(ids, send, TIMEOUT_MS);
    const [shown, answers] = await Promise.all([own, asked]).catch((error: unknown) => {
      if (!(error instanceof TimeoutError)) throw error;
      throw new Error(`Operation timed out. ${error.outstanding} outstanding responses.`);
    });
    return Registry.aggregate([sums, ...shown, ...answers], contentType).metrics();
  }

  /** Sends what this member has counted, and waits until the primary has it. */
  async sayGoodbye(
    send: (message: { requestId: number; metrics: JsonMetric[][] }) => void,
    timeoutMs: number,
  ): Promise<void> {
    const counts = (await shownBy(this.registries)).map((metrics) => withTexts(metrics.filter(isCount)));
    const requestId = this.nextGoodbye++;
    await new Promise<void>((resolve, reject) => {
      const timeout = setTimeout(() => reject(new Error('Timeout')), Math.min(timeoutMs, LONGEST_DELAY_MS));
      this.goodbyes.set(requestId, () => {
        clearTimeout(timeout);
        resolve();
      });
      send({ requestId, metrics: counts });
    }).finally(() => this.goodbyes.delete(requestId));
  }

  acknowledged(requestId: unknown): void {
    this.goodbyes.get(requestId)?.();
  }

  /** Waits for the questions in flight. Resolves with whether there were any. */
  async idle(): Promise<boolean> {
    const { pending } = this.members;
    await Promise.allSettled(pending);
    return pending.length > 0;
  }
}

export function isMessage(value: unknown): value is Message {
  return isObject(value) && 'type' in value;
}
