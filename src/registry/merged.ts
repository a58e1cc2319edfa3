import type { EncodeOptions } from '../exposition/encode.ts';
import type { Format } from '../exposition/formats.ts';
import type { FamilySnapshot } from '../exposition/snapshot/snapshot.ts';
import type { DirectCollector } from '../model/collector.ts';
import { asError } from '../model/thrown.ts';
import { expose, snapshot } from './expose.ts';
import { FamilyConflicts } from './family-conflicts.ts';
import {
  type CollectorFailure,
  descriptorOf,
  type Gatherer,
  Gathering,
  type GatherOptions,
  type WorkerSource,
} from './gathering.ts';

/**
 * Several registries combined by `Registry.merge()`. If registries define a family differently, the first one wins and
 * the other is reported.
 *
 * @example
 * ```ts
 * import { defaultRegistry, Gauge, Registry } from 'zeroprom';
 *
 * const tenant = new Registry();
 * new Gauge({ name: 'queue_length', help: 'Jobs waiting.', registry: tenant }).set(3);
 * console.log(await Registry.merge(defaultRegistry, tenant).expose());
 * ```
 */
export class Merged implements Gatherer {
  /** @internal */
  readonly gatherers: readonly Gatherer[];

  /** @internal */
  constructor(gatherers: readonly Gatherer[]) {
    this.gatherers = gatherers;
  }

  /** The names of all collectors, each once. */
  get collectorNames(): readonly string[] {
    return [...new Set(this.gatherers.flatMap((gatherer) => gatherer.collectorNames ?? []))];
  }

  /** @internal */
  get metrics(): readonly DirectCollector[] {
    return this.gatherers.flatMap(({ metrics }) => metrics ?? []);
  }

  /** @internal */
  get workers(): WorkerSource | undefined {
    return this.gatherers.find(({ workers }) => workers !== undefined)?.workers;
  }

  /** Gathers all registries concurrently. One that rejects is left out and reported. */
  async gather(options?: GatherOptions): Promise<Gathering> {
    const parts = await Promise.all(this.gatherers.map((gatherer) => gatherOrFail(gatherer, options)));
    const failures: CollectorFailure[] = parts.flatMap((part) => part.failures);
    const conflicts = new FamilyConflicts();
    const entries = parts
      .flatMap((part) => part.entries)
      .filter((entry) => {
        const descriptor = descriptorOf(entry);
        try {
          conflicts.add(descriptor);
          return true;
        } catch (thrown) {
          failures.push({ collector: descriptor.name, error: asError(thrown) });
          return false;
        }
      });
    return new Gathering(entries, failures);
  }

  /**
   * Scrapes all registries once and returns the exposition as text.
   *
   * @throws {TypeError} if `format` is not a text format.
   */
  expose(format?: Format, options?: EncodeOptions): Promise<string> {
    return expose(this, format, options);
  }

  /**
   * Scrapes all registries once and returns plain data that survives JSON. `readSnapshot()` turns it into families
   * again.
   */
  snapshot(): Promise<FamilySnapshot[]> {
    return snapshot(this);
  }
}

async function gatherOrFail(gatherer: Gatherer, options: GatherOptions | undefined): Promise<Gathering> {
  try {
    return await gatherer.gather(options);
  } catch (thrown) {
    return new Gathering([], [{ collector: 'registry', error: asError(thrown) }]);
  }
}
