import type { EncodeOptions } from '../exposition/encode.ts';
import type { Format } from '../exposition/formats.ts';
import type { FamilySnapshot } from '../exposition/snapshot/snapshot.ts';
import { asError } from '../model/thrown.ts';
import { expose, snapshot } from './expose.ts';
import { FamilyConflicts } from './family-conflicts.ts';
import { type CollectorFailure, descriptorOf, type Gatherer, Gathering, type GatherOptions } from './gathering.ts';

/** Several registries as one. A family that differs from one of its name before it is left out and reported. */
export class Merged implements Gatherer {
  readonly #gatherers: readonly Gatherer[];

  constructor(gatherers: readonly Gatherer[]) {
    this.#gatherers = gatherers;
  }

  /** The names of the collectors of all, each once. */
  get collectorNames(): readonly string[] {
    return [...new Set(this.#gatherers.flatMap((gatherer) => gatherer.collectorNames ?? []))];
  }

  /** Asks all at the same time. One that rejects is left out and reported. */
  async gather(options?: GatherOptions): Promise<Gathering> {
    const parts = await Promise.all(this.#gatherers.map((gatherer) => gatherOrFail(gatherer, options)));
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

  /** As `Registry.expose()`. */
  expose(format?: Format, options?: EncodeOptions): Promise<string> {
    return expose(this, format, options);
  }

  /** As `Registry.snapshot()`. */
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
