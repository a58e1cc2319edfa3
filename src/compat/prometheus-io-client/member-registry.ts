import { Members, TimeoutError } from '../prom-client/cluster/ask-members.ts';
import { isCount } from '../prom-client/cluster/departed-workers.ts';
import { metricsOf, withTexts } from '../prom-client/cluster/worker-values.ts';
import type { JsonMetric } from '../prom-client/registry/aggregators.ts';
import type { BaseRegistry } from '../prom-client/registry/base-registry.ts';
import { Registry } from './registry.ts';

/** How long members may take, in milliseconds. Prometheus waits for ten seconds by default. */
const TIMEOUT_MS = 5000;

/** State about the other members, shared by all copies of the package in a thread. */
export class MemberState<M> {
  registries: readonly Pick<BaseRegistry, 'getMetricsAsJSON'>[] = [Registry.globalRegistry];
  readonly members = new Members();
  /** Members that have announced themselves, by id. */
  readonly announced = new Map<unknown, M>();
  /** Calls that wait until the primary has what this member leaves. */
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
    own: readonly (readonly JsonMetric[])[],
    contentType: string,
  ): Promise<string> {
    const { sums } = this.members.departed;
    const answers = ids.length === 0 ? [] : await this.members.ask(ids, send, TIMEOUT_MS).catch(explained);
    return Registry.aggregate([sums, ...own, ...answers], contentType).metrics();
  }

  /** The metrics of this member. */
  async own(): Promise<JsonMetric[][]> {
    const shown = await Promise.all(this.registries.map((registry) => registry.getMetricsAsJSON()));
    // Registries return metrics.
    return shown as JsonMetric[][];
  }

  answer(): ReturnType<typeof metricsOf> {
    return metricsOf(this.registries);
  }

  /** Sends what this member has counted, and waits until the primary has it. */
  async sayGoodbye(
    send: (message: { requestId: number; metrics: JsonMetric[][] }) => void,
    timeoutMs: number,
  ): Promise<void> {
    const counts = (await this.own()).map((metrics) => withTexts(metrics.filter(isCount)));
    const requestId = this.nextGoodbye++;
    await new Promise<void>((resolve, reject) => {
      const timeout = setTimeout(() => reject(new Error('Timeout')), timeoutMs);
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

  /** Waits until no member is asked any more. */
  async idle(): Promise<boolean> {
    const { pending } = this.members;
    await Promise.allSettled(pending);
    return pending.length > 0;
  }
}

function explained(error: unknown): never {
  if (!(error instanceof TimeoutError)) throw error;
  throw new Error(`Operation timed out. ${error.outstanding} outstanding responses.`);
}
