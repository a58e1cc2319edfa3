import type { EncodeOptions } from '../exposition/encode.ts';
import type { Format } from '../exposition/formats.ts';
import type { Descriptor } from '../model/family.ts';
import { Claims } from './claims.ts';
import { expose } from './expose.ts';
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

  async gather(options?: GatherOptions): Promise<Gathering> {
    const parts = await Promise.all(this.#gatherers.map((gatherer) => gatherer.gather(options)));
    const failures: CollectorFailure[] = parts.flatMap((part) => part.failures);
    const admission = new Admission();
    const entries = parts
      .flatMap((part) => part.entries)
      .filter((entry) => {
        const descriptor = descriptorOf(entry);
        const error = admission.errorOf(descriptor);
        if (error !== undefined) failures.push({ collector: descriptor.name, error });
        return error === undefined;
      });
    return new Gathering(entries, failures);
  }

  /** As `Registry.expose()`. */
  expose(format?: Format, options?: EncodeOptions): Promise<string> {
    return expose(this, format, options);
  }
}

/** Lets a family in if its names are free, or if it is the same as the one that has them. */
class Admission {
  readonly #claims = new Claims();
  readonly #known = new Map<string, Descriptor>();

  errorOf(descriptor: Descriptor): Error | undefined {
    const { name, type, help, unit } = descriptor;
    const known = this.#known.get(name);
    if (known === undefined) return this.#claim(descriptor);
    if (known.type === type && known.help === help && known.unit === unit) return undefined;
    return new Error(`${name} differs in type, help or unit from the family of that name in another registry.`);
  }

  #claim(descriptor: Descriptor): Error | undefined {
    try {
      this.#claims.claim(descriptor);
      this.#known.set(descriptor.name, descriptor);
      return undefined;
    } catch (thrown) {
      return thrown instanceof Error ? thrown : new Error(String(thrown));
    }
  }
}
