import type { DirectCollector } from '../model/collector.ts';
import type { Descriptor } from '../model/family.ts';

/**
 * The names that a family takes in any format: its own, those of its samples, and what OpenMetrics calls it. A name that
 * two families take would make an exposition that servers or parsers refuse.
 */
export function claimedNames({ name, type }: Descriptor): readonly string[] {
  switch (type) {
    case 'counter':
      return withSuffixes(without(name, '_total'), ['', '_total', '_created']);
    case 'info':
      return withSuffixes(without(name, '_info'), ['', '_info']);
    case 'histogram':
      return withSuffixes(name, ['', '_bucket', '_count', '_sum', '_created']);
    case 'gaugehistogram':
      return withSuffixes(name, ['', '_bucket', '_count', '_sum', '_gcount', '_gsum']);
    case 'summary':
      return withSuffixes(name, ['', '_count', '_sum', '_created']);
    case 'gauge':
    case 'stateset':
    case 'unknown':
      return [name];
  }
}

/** Who has claimed which name. */
export class Claims {
  readonly #owners = new Map<string, string>();

  /** Claims the names of a family, or throws an Error that names both families, and claims none. */
  claim(descriptor: Descriptor): void {
    const names = claimedNames(descriptor);
    for (const name of names) {
      const owner = this.#owners.get(name);
      if (owner === undefined) continue;
      throw new Error(
        owner === descriptor.name
          ? `A metric named ${owner} is already registered. Use that one, or registry.unregister('${owner}') first.`
          : `${descriptor.name} cannot stand beside ${owner}: both would be shown as ${name}. Rename one of them.`,
      );
    }
    for (const name of names) this.#owners.set(name, descriptor.name);
  }

  release({ descriptor }: DirectCollector): void {
    for (const name of claimedNames(descriptor)) this.#owners.delete(name);
  }

  /** A copy, for the names that last for one scrape only. */
  copy(): Claims {
    const copy = new Claims();
    for (const [name, owner] of this.#owners) copy.#owners.set(name, owner);
    return copy;
  }
}

function without(name: string, suffix: string): string {
  return name.endsWith(suffix) ? name.slice(0, -suffix.length) : name;
}

function withSuffixes(name: string, suffixes: readonly string[]): string[] {
  return suffixes.map((suffix) => name + suffix);
}
