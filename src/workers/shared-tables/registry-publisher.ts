import { snapshotOf } from '../../exposition/snapshot/snapshot.ts';
import { SHARING_VERSION } from '../../metrics/metric-definition.ts';
import type { CollectContext, Collector, DirectCollector } from '../../model/collector.ts';
import type { Labels } from '../../model/labels.ts';
import { thrownText } from '../../model/thrown.ts';
import type { RegistryObserver } from '../../registry/catalog.ts';
import { type Gatherer, Gathering } from '../../registry/gathering.ts';
import { collectorName, isDirect } from '../../registry/named-collector.ts';
import { Registry } from '../../registry/registry.ts';
import type { ShareableMetric } from './followed-metric.ts';
import { BEAT_MS, clock, OwnerStatus } from './owner-status.ts';
import type { CallHandlers } from './port-calls.ts';
import { type SharedRows, SharedTable } from './shared-table.ts';
import type { GatherArgument, GatheredPart, TableMessage, UnsharedValues } from './table-messages.ts';

/** If the reader has not received this many messages, arrays are not sent until it has. */
const MAX_BACKLOG = 1000;
/** Beats of the event loop between two messages with the values of metrics that only this thread can read. */
const BEATS_PER_READING = 4;
/** How long such a reading may take; it calls no code of the user. */
const READING_TIMEOUT_MS = 1000;

/** Something that is registered. */
interface Part {
  readonly id: number;
  readonly collector: object;
  readonly shareable?: ShareableMetric;
  /** A metric that calls no code of the user and cannot be shared. */
  readonly reading?: DirectCollector;
  /** Gathers it alone, for the reader. */
  readonly gatherer: Gatherer;
  stop: () => void;
}

/** Publishes registries to a reader in another thread: shares the tables, and gathers what cannot be shared. */
export class RegistryPublisher {
  readonly status = new OwnerStatus();
  readonly #post: (message: TableMessage) => void;
  readonly #parts = new Map<number, Part>();
  readonly #stops: (() => void)[] = [];
  /** Arrays that were not sent, by id. */
  readonly #unsent = new Map<number, SharedRows>();
  readonly #timer: NodeJS.Timeout;
  #lastId = 0;
  #sent = 0;
  #beats = 0;

  /** `post` sends a message to the reader; `gatherer` may be a registry or several merged ones. */
  constructor(gatherer: Gatherer, post: (message: TableMessage) => void) {
    this.#post = (message) => {
      this.#sent = (this.#sent + 1) | 0;
      post(message);
    };
    for (const [index, leaf] of leavesOf(gatherer).entries()) this.#publish(leaf, index);
    this.#beat();
    this.#timer = setInterval(() => this.#beat(), BEAT_MS).unref();
  }

  /** Functions that the reader calls. */
  readonly handlers: CallHandlers = {
    gather: (argument: GatherArgument, signal) => this.#gather(argument, signal),
    read: () => this.#read(),
  };

  /** Sends all values that are not in shared memory. */
  publishValues(): void {
    const values = this.#read();
    if (values.details.length + values.families.length > 0) this.#post({ type: 'values', ...values });
  }

  /** Ends the publication. */
  stop(): void {
    clearInterval(this.#timer);
    for (const stop of this.#stops) stop();
    for (const { stop } of this.#parts.values()) stop();
  }

  #publish(gatherer: Gatherer, registry: number): void {
    if (!isObservable(gatherer)) {
      const { collectorNames = [], workers } = gatherer;
      const { id } = this.#add({ collector: gatherer, gatherer });
      this.#post({ type: 'gatherer', id, collectorNames, hasWorkers: workers !== undefined });
      return;
    }
    this.#post({ type: 'registry', hasSelfMetrics: gatherer.hasSelfMetrics });
    const observer: RegistryObserver = {
      added: (collector, maxPoints) => this.#added(collector, registry, maxPoints),
      removed: (collector) => this.#removed(collector),
    };
    this.#stops.push(gatherer.observe(observer));
  }

  #added(collector: Collector | DirectCollector, registry: number, maxPoints: number): void {
    const own = Registry.withoutOverrides({ selfMetrics: false, maxPoints }); // The reader's registry applies them.
    own.register(collector);
    if (!isDirect(collector)) {
      const { id } = this.#add({ collector, gatherer: own });
      this.#post({ type: 'collector', id, registry, name: collectorName(collector) });
      return;
    }
    const { metric, views } = withoutViews(collector);
    const isUpdated = metric.isPassive !== true;
    if (isShareable(metric)) this.#share(metric, { collector, gatherer: own }, { registry, views, isUpdated });
    else {
      const { descriptor, seriesLabelNames = [], constLabels } = collector;
      const { id } = this.#add({ collector, gatherer: own, ...(isUpdated ? {} : { reading: collector }) });
      this.#post({ type: 'direct', id, registry, descriptor, seriesLabelNames, constLabels, isUpdated });
    }
  }

  #share(
    shareable: ShareableMetric,
    part: Pick<Part, 'collector' | 'gatherer'>,
    rest: { readonly registry: number; readonly views: readonly View[]; readonly isUpdated: boolean },
  ): void {
    const added = this.#add({ ...part, shareable });
    const { id } = added;
    const { definition, table } = shareable.shared;
    this.#post({ type: 'metric', id, definition, ...rest });
    added.stop = SharedTable.of(table).follow((rows) => this.#sendRows(id, rows));
  }

  #add(part: Omit<Part, 'id' | 'stop'>): Part {
    const added: Part = { ...part, id: ++this.#lastId, stop: () => {} };
    this.#parts.set(added.id, added);
    return added;
  }

  #removed(collector: object): void {
    for (const part of this.#parts.values()) {
      if (part.collector !== collector) continue;
      part.stop();
      this.#parts.delete(part.id);
      this.#unsent.delete(part.id);
      this.#post({ type: 'removed', id: part.id });
    }
  }

  #sendRows(id: number, rows: SharedRows): void {
    if (((this.#sent - this.status.received) | 0) > MAX_BACKLOG) this.#unsent.set(id, rows);
    else this.#post({ type: 'rows', id, rows });
  }

  #beat(): void {
    this.status.beat();
    const unsent = [...this.#unsent];
    this.#unsent.clear();
    for (const [id, rows] of unsent) this.#sendRows(id, rows);
    this.status.needsRefresh = [...this.#parts.values()].some(needsReading);
    if (this.#beats++ % BEATS_PER_READING !== 0) return;
    const families = this.#readings();
    if (families.length > 0) this.#post({ type: 'values', readAt: clock(), details: [], families });
  }

  /** Returns all values that are not in shared memory, and drops series that have expired. */
  #read(): UnsharedValues {
    const details: [number, number, unknown[]][] = [];
    for (const { id, shareable } of this.#parts.values()) {
      if (shareable === undefined) continue;
      if (shareable.isPassive) void shareable.prepare?.(readingContext());
      const { table, details: source } = shareable.shared;
      if (source?.hasDetails !== true) continue;
      details.push([
        id,
        SharedTable.of(table).epoch,
        Array.from({ length: table.lastRow + 1 }, (_, row) => (table.has(row) ? source.detailOf(row) : undefined)),
      ]);
    }
    return { readAt: clock(), details, families: this.#readings() };
  }

  #readings(): UnsharedValues['families'] {
    const context = readingContext(); // One for all, which then read the same statistics once.
    return [...this.#parts.values()].flatMap(({ id, reading }) => {
      try {
        if (reading === undefined || reading.prepare?.(context) !== undefined) return [];
        return [[id, snapshotOf(new Gathering([reading], []))] as const];
      } catch {
        return []; // Gathering reports it.
      }
    });
  }

  async #gather({ id, timeoutMs, choice }: GatherArgument, signal: AbortSignal): Promise<GatheredPart> {
    const part = this.#parts.get(id);
    if (part === undefined) return { families: [], failures: [] };
    const { gatherer } = part;
    const options = { timeoutMs, signal };
    const apart = choice === undefined ? undefined : gatherer.workers?.gather(choice, options);
    const gathering = await (apart ?? gatherer.gather(options));
    return {
      families: part.shareable === undefined ? snapshotOf(gathering) : [],
      failures: gathering.failures.map(({ collector, error }) => ({ collector, message: thrownText(error) })),
    };
  }
}

interface View {
  readonly prefix: string;
  readonly labels: Labels;
}

/** A metric of a view, of this copy of the package or another one. */
interface ViewedMetric {
  readonly unprefixed: DirectCollector;
  readonly added: View;
}

function leavesOf(gatherer: Gatherer): readonly Gatherer[] {
  return isMerged(gatherer) ? gatherer.gatherers.flatMap(leavesOf) : [gatherer];
}

function isMerged(gatherer: Gatherer): gatherer is Gatherer & { readonly gatherers: readonly Gatherer[] } {
  return 'gatherers' in gatherer && Array.isArray(gatherer.gatherers);
}

function isObservable(gatherer: Gatherer): gatherer is Gatherer & Pick<Registry, 'observe' | 'hasSelfMetrics'> {
  return 'observe' in gatherer && typeof gatherer.observe === 'function';
}

function isShareable(metric: object): metric is ShareableMetric {
  const { shared } = metric as Partial<ShareableMetric>; // Checked next.
  return shared?.version === SHARING_VERSION;
}

function withoutViews(collector: DirectCollector): { metric: DirectCollector; views: readonly View[] } {
  const views: View[] = [];
  let metric = collector;
  for (; isViewed(metric); metric = metric.unprefixed) {
    const { prefix, labels } = metric.added;
    views.unshift({ prefix, labels });
  }
  return { metric, views };
}

function isViewed(metric: DirectCollector): metric is DirectCollector & ViewedMetric {
  return 'unprefixed' in metric;
}

function needsReading({ shareable, reading }: Part): boolean {
  if (shareable === undefined) return reading !== undefined;
  const { table, details } = shareable.shared;
  return table.tracksUse || details?.hasDetails === true;
}

function readingContext(): CollectContext {
  return { signal: new AbortController().signal, deadline: Date.now() + READING_TIMEOUT_MS };
}
