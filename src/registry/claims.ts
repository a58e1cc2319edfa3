import type { Descriptor, MetricType } from '../model/family.ts';

/** What the lines of a type add to the name that OpenMetrics gives the family. */
const LINES: { readonly [T in MetricType]: readonly string[] } = {
  counter: ['_total'],
  gauge: [],
  histogram: ['_bucket', '_count', '_sum'],
  gaugehistogram: ['_bucket', '_count', '_sum', '_gcount', '_gsum'],
  summary: ['_count', '_sum'],
  info: ['_info'],
  stateset: [],
  unknown: [],
};

/** What else a metric that is registered keeps to itself: lines that are shown on demand, the name of an info. */
const RESERVED: { readonly [T in MetricType]: readonly string[] } = {
  counter: ['_created'],
  gauge: [],
  histogram: ['_created'],
  gaugehistogram: [],
  summary: ['_created'],
  info: [''],
  stateset: [],
  unknown: [],
};

/** The names of a family and of its lines: two families with one of them in common cannot be told apart. */
export function shownNames(descriptor: Descriptor): string[] {
  return [descriptor.name, ...withSuffixes(descriptor, LINES)];
}

/** What a metric takes for itself. A gauge `x` may stand beside a counter `x_total`, as Go's runtime metrics do. */
export function reservedNames(descriptor: Descriptor): string[] {
  return [...shownNames(descriptor), ...withSuffixes(descriptor, RESERVED)];
}

/** The names under which a family can be asked for: its own, as any format writes it, and those of its lines. */
export function knownNames(descriptor: Descriptor): string[] {
  return [baseName(descriptor), ...reservedNames(descriptor)];
}

/** Who has claimed which name. */
export class Claims {
  readonly #owners = new Map<string, string>();
  readonly #others: Claims | undefined;

  /** Names that `others` have are taken too. */
  constructor(others?: Claims) {
    this.#others = others;
  }

  ownerOf(name: string): string | undefined {
    return this.#owners.get(name) ?? this.#others?.ownerOf(name);
  }

  /** Claims names of a family; or throws an Error that names both families, and claims none. */
  claim({ name }: Descriptor, names: readonly string[]): void {
    for (const claimed of names) {
      const owner = this.ownerOf(claimed);
      if (owner === undefined) continue;
      throw new Error(`${name} cannot stand beside ${owner}: both would be shown as ${claimed}. Rename one of them.`);
    }
    for (const claimed of names) this.#owners.set(claimed, name);
  }

  /** Frees all that was claimed for the family. */
  release(descriptor: Descriptor): void {
    for (const name of reservedNames(descriptor)) this.#owners.delete(name);
  }
}

function baseName({ name, type }: Descriptor): string {
  const suffix = type === 'counter' ? '_total' : type === 'info' ? '_info' : '';
  return name.endsWith(suffix) ? name.slice(0, name.length - suffix.length) : name;
}

function withSuffixes(descriptor: Descriptor, suffixes: typeof LINES): string[] {
  const base = baseName(descriptor);
  return suffixes[descriptor.type].map((suffix) => base + suffix);
}
