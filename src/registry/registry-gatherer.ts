import type { Registrable } from '../model/collector.ts';
import { assembleGathering } from './assemble-gathering.ts';
import type { Catalog } from './catalog.ts';
import { collectAll } from './collection.ts';
import { currentOverrides } from './current-overrides.ts';
import { type Gathering, type GatherOptions, isAskedFor, setOf } from './gathering.ts';
import { isDirect, type NamedCollector } from './named-collector.ts';
import { OverriddenMetrics } from './overridden-metrics.ts';
import { RegistryMetrics } from './registry-metrics.ts';

const DEFAULT_TIMEOUT_MS = 10_000;

export interface GathererOptions {
  /** Whether gatherings include families about the registry. */
  readonly selfMetrics: boolean;
  /** False if another registry applies the overrides. */
  readonly appliesOverrides: boolean;
}

/** Gathers a registry. Loaded by the first gathering: many programs only update metrics, or do so for long before. */
export class RegistryGatherer {
  readonly #registry: object;
  readonly #catalog: Catalog;
  readonly #self: RegistryMetrics | undefined;
  readonly #overridden: OverriddenMetrics | undefined;

  constructor(registry: object, catalog: Catalog, { selfMetrics, appliesOverrides }: GathererOptions) {
    this.#registry = registry;
    this.#catalog = catalog;
    this.#self = selfMetrics ? new RegistryMetrics() : undefined;
    this.#overridden = appliesOverrides ? new OverriddenMetrics() : undefined;
    catalog.observe({ added: () => {}, removed: (collector) => this.#self?.forget(this.#nameOf(collector)) });
  }

  /** Gathers as `Registry.gather()` documents. */
  async gather(options: GatherOptions): Promise<Gathering> {
    const { signal, timeoutMs = DEFAULT_TIMEOUT_MS, collect, runs, countsErrors = true } = options;
    const names = setOf(options.names);
    const overrides = this.#overridden && currentOverrides();
    const shown = (overrides && this.#overridden?.apply(this.#catalog.metrics.all, overrides)) ?? this.#catalog.metrics;
    const metrics = collect === undefined ? shown.all : [];
    const requested = names ? metrics.filter(({ descriptor }) => isAskedFor(descriptor, names)) : metrics;
    const isComplete = names === undefined && collect === undefined && options.exclude === undefined;
    const ended = overrides?.began(isComplete);
    try {
      const limits = { signal, timeoutMs, runs };
      const collection = await collectAll(this.#registry, this.#selected(options), requested, limits);
      const gathering = await assembleGathering(collection, shown.names, {
        self: this.#self,
        overrides,
        countsErrors,
      });
      return names === undefined ? gathering : gathering.only(names);
    } finally {
      ended?.();
    }
  }

  #selected({ collect, exclude }: GatherOptions): NamedCollector[] {
    const included = setOf(collect);
    const excluded = setOf(exclude);
    return this.#catalog.collectors.filter(
      ({ name }) => (included === undefined || included.has(name)) && !excluded?.has(name),
    );
  }

  #nameOf(collector: Registrable): string {
    return (isDirect(collector) ? collector.descriptor.name : this.#catalog.nameOf(collector)) ?? '';
  }
}
