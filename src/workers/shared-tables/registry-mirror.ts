import { readSnapshot } from '../../exposition/snapshot/read-snapshot.ts';
import type { CollectContext, Collector, DirectCollector } from '../../model/collector.ts';
import type { MetricFamily } from '../../model/family.ts';
import { currentOverrides } from '../../registry/current-overrides.ts';
import {
  type CollectorFailure,
  type Entry,
  type Gatherer,
  Gathering,
  type GatherOptions,
  namedPart,
  type WorkerChoice,
  type WorkerSource,
} from '../../registry/gathering.ts';
import { Merged } from '../../registry/merged.ts';
import { isDirect } from '../../registry/named-collector.ts';
import { replaceEntry } from '../../registry/overridden-metrics.ts';
import { PrefixAndLabels, PrefixedMetric } from '../../registry/prefixed-collectors.ts';
import { Registry } from '../../registry/registry.ts';
import { FollowedMetric } from './followed-metric.ts';
import { clock, type OwnerStatus } from './owner-status.ts';
import { Placeholder } from './placeholder.ts';
import type { CallOptions, PortCalls } from './port-calls.ts';
import type {
  CollectorMessage,
  DirectMessage,
  GatheredPart,
  GathererMessage,
  MetricMessage,
  TableMessage,
  UnsharedValues,
} from './table-messages.ts';

/** How long a scrape waits for values that are not in shared memory. It shows the last known ones after that. */
const READ_TIMEOUT_MS = 50;
/** Types of metrics of which removed series are kept: those that only increase. */
const KEPT: ReadonlySet<string> = new Set(['counter', 'histogram', 'summary']);
const DEFAULT_TIMEOUT_MS = 10_000;

/** A metric or collector of the owner. */
interface Mirrored {
  /** The collector that is registered in its place, and where. */
  readonly collector: Collector | DirectCollector;
  readonly registry: Registry;
  readonly followed?: FollowedMetric;
  /** The current entries, which are exposed instead of `collector`. */
  readonly entries?: () => readonly Entry[];
  readonly takeDeparted?: () => readonly DirectCollector[];
  families?: readonly MetricFamily[];
}

/** The registries of another thread: reads their tables in shared memory, and asks the owner only for what is not there. */
export class RegistryMirror implements Gatherer {
  readonly #status: OwnerStatus;
  readonly #calls: PortCalls;
  readonly #receive: () => void;
  readonly #gatherers: Gatherer[] = [];
  readonly #mirrored = new Map<number, Mirrored>();
  readonly #keepsDeparted: boolean;
  #failures: CollectorFailure[] = [];
  #readAt: number | undefined = undefined;

  /** `receive` passes all messages that have arrived to `receive()`. `keepsDeparted` is for `takeDeparted()`. */
  constructor(status: OwnerStatus, calls: PortCalls, receive: () => void, keepsDeparted: boolean) {
    this.#keepsDeparted = keepsDeparted;
    this.#status = status;
    this.#calls = calls;
    this.#receive = receive;
  }

  get collectorNames(): readonly string[] {
    this.#receive();
    return new Merged(this.#gatherers).collectorNames;
  }

  get workers(): WorkerSource | undefined {
    this.#receive();
    return new Merged(this.#gatherers).workers;
  }

  /** Age of the values that are not in shared memory, in milliseconds; undefined if there are none. */
  get valuesAgeMs(): number | undefined {
    return this.#readAt === undefined ? undefined : Math.max(0, clock() - this.#readAt);
  }

  /** The metrics whose tables are shared, as they are now. */
  get metrics(): readonly DirectCollector[] {
    this.#receive();
    return [...this.#mirrored.values()].flatMap(({ followed, entries }) => {
      followed?.refresh();
      return followed === undefined ? [] : (entries?.() ?? []).filter(isDirect);
    });
  }

  /** Returns metrics with the series that the owner has removed since the last call, if they are kept. */
  takeDeparted(): readonly DirectCollector[] {
    return [...this.#mirrored.values()].flatMap(({ takeDeparted }) => takeDeparted?.() ?? []);
  }

  async gather(options: GatherOptions = {}): Promise<Gathering> {
    const ended = currentOverrides()?.began(false); // Before the wait, so that it counts as one gathering with others.
    try {
      return await this.#gather(options);
    } finally {
      ended?.();
    }
  }

  async #gather(options: GatherOptions): Promise<Gathering> {
    this.#receive();
    await this.#read();
    const [only] = this.#gatherers;
    const whole = this.#gatherers.length === 1 && only !== undefined ? only : new Merged(this.#gatherers);
    const { entries, failures } = await whole.gather(options);
    this.#receive();
    for (const { followed } of this.#mirrored.values()) followed?.refresh();
    const byCollector = new Map([...this.#mirrored.values()].map((mirrored) => [mirrored.collector, mirrored]));
    const current = entries.flatMap((entry) => {
      // Families are not in the map.
      return replaceEntry(entry, (registered) => byCollector.get(registered as DirectCollector)?.entries?.());
    });
    return new Gathering(current, [...failures, ...this.#failures.splice(0)]);
  }

  /** Handles a message of the owner. */
  receive(message: TableMessage): void {
    this.#status.countReceived();
    switch (message.type) {
      case 'registry':
        this.#gatherers.push(
          new Registry({ selfMetrics: message.hasSelfMetrics, maxPoints: Number.POSITIVE_INFINITY }),
        );
        return;
      case 'gatherer':
        this.#gatherers.push(this.#remoteGatherer(message));
        return;
      case 'metric':
        this.#addMetric(message);
        return;
      case 'direct':
        this.#addDirect(message);
        return;
      case 'collector':
        this.#addCollector(message);
        return;
      case 'rows':
        this.#mirrored.get(message.id)?.followed?.follow(message.rows);
        return;
      case 'removed': {
        const mirrored = this.#mirrored.get(message.id);
        mirrored?.registry.unregister(mirrored.collector);
        this.#mirrored.delete(message.id);
        return;
      }
      case 'values':
        this.#show(message);
    }
  }

  /** Gets what is not in shared memory, unless the owner cannot answer now. */
  async #read(): Promise<void> {
    if (!this.#status.needsRefresh || this.#status.blockedMs > 0) return;
    try {
      // From the same version of this package.
      this.#show((await this.#calls.call('read', undefined, { timeoutMs: READ_TIMEOUT_MS })) as UnsharedValues);
    } catch {
      // The owner is late, so the last known values are shown.
    }
  }

  #show({ readAt, details, families }: UnsharedValues): void {
    if (details.length + families.length > 0) this.#readAt = readAt;
    for (const [id, epoch, byRow] of details) this.#mirrored.get(id)?.followed?.followDetails(epoch, byRow);
    for (const [id, snapshots] of families) {
      const mirrored = this.#mirrored.get(id);
      if (mirrored !== undefined) mirrored.families = readSnapshot(snapshots);
    }
  }

  #addMetric({ id, registry, definition, views, isUpdated }: MetricMessage): void {
    const followed = new FollowedMetric(definition, {
      keepsDeparted: this.#keepsDeparted && KEPT.has(definition.descriptor.type),
    });
    const inViews = (metric: DirectCollector) =>
      views.reduce(
        (inner, { prefix, labels }) => new PrefixedMetric(inner, new PrefixAndLabels(prefix, labels)),
        metric,
      );
    const prepare = isUpdated ? (context: CollectContext) => this.#update(id, context) : undefined;
    const collector = new Placeholder(() => inViews(followed.metric), prepare);
    this.#register(id, registry, {
      collector,
      followed,
      entries: () => [inViews(followed.metric)],
      takeDeparted: () => followed.takeDeparted().map(inViews),
    });
  }

  #addDirect({ id, registry, isUpdated, ...description }: DirectMessage): void {
    const described = { ...description, rowCount: 0, isEmpty: true, encode() {}, pin() {}, unpin() {} };
    const prepare = isUpdated ? (context: CollectContext) => this.#update(id, context) : undefined;
    const collector = new Placeholder(() => described, prepare);
    this.#register(id, registry, { collector, entries: () => this.#mirrored.get(id)?.families ?? [] });
  }

  #addCollector({ id, registry, name }: CollectorMessage): void {
    const collect = async (context: CollectContext) => {
      const { families, failures } = await this.#gatherPart(id, callOptions(context));
      this.#failures.push(...failures);
      const [failure] = failures;
      if (families.length === 0 && failure !== undefined) throw failure.error;
      return families;
    };
    this.#register(id, registry, { collector: { name, collect } });
  }

  #register(id: number, registry: number, part: Omit<Mirrored, 'registry'>): void {
    const target = this.#gatherers[registry];
    if (!(target instanceof Registry)) return; // The owner has told of this registry before.
    target.register(part.collector);
    this.#mirrored.set(id, { ...part, registry: target });
  }

  /** Shows its last families while the owner is blocked: the sums of other workers must not be missing. */
  #remoteGatherer({ id, collectorNames, hasWorkers }: GathererMessage): Gatherer {
    let last: Gathering | undefined;
    const gather = async (options: CallOptions) => {
      const unlessBlocked = new AbortController();
      const watch = setInterval(() => {
        if (last !== undefined && this.#status.blockedMs > 0) unlessBlocked.abort();
      }, READ_TIMEOUT_MS);
      const signal = AbortSignal.any([unlessBlocked.signal, ...(options.signal === undefined ? [] : [options.signal])]);
      try {
        const { families, failures } = await this.#gatherPart(id, { ...options, signal });
        last = new Gathering(families, []);
        return new Gathering(families, failures);
      } catch (thrown) {
        if (last === undefined || !unlessBlocked.signal.aborted) throw thrown;
        return last;
      } finally {
        clearInterval(watch);
      }
    };
    const workers: WorkerSource = {
      gather: async (choice, { signal, timeoutMs = DEFAULT_TIMEOUT_MS } = {}) => {
        const { families, failures } = await this.#gatherPart(id, { signal, timeoutMs }, choice);
        return new Gathering(families, failures);
      },
    };
    return {
      collectorNames,
      workers: hasWorkers ? workers : undefined,
      gather: async ({ signal, timeoutMs = DEFAULT_TIMEOUT_MS, names }: GatherOptions = {}) => {
        return namedPart(await gather({ signal, timeoutMs }), names);
      },
    };
  }

  /** Lets the owner update a metric. Throws an Error if it fails or is late. */
  async #update(id: number, context: CollectContext): Promise<void> {
    const { families, failures } = await this.#gatherPart(id, callOptions(context));
    const [failure] = failures;
    if (failure !== undefined) throw failure.error;
    const mirrored = this.#mirrored.get(id);
    if (mirrored !== undefined) mirrored.families = families;
  }

  async #gatherPart(
    id: number,
    options: CallOptions,
    choice?: WorkerChoice,
  ): Promise<{ families: readonly MetricFamily[]; failures: readonly CollectorFailure[] }> {
    const { timeoutMs } = options;
    // From the same version of this package.
    const { families, failures } = (await this.#calls.call(
      'gather',
      { id, timeoutMs, choice },
      options,
    )) as GatheredPart;
    return {
      families: readSnapshot(families),
      failures: failures.map(({ collector, message }) => ({ collector, error: new Error(message) })),
    };
  }
}

function callOptions({ signal, deadline }: CollectContext): CallOptions {
  return { signal, timeoutMs: Math.max(1, deadline - Date.now()) };
}
