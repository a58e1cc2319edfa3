import type { DirectCollector } from '../model/collector.ts';
import type { Labels } from '../model/labels.ts';
import { isSameFamily } from './family-conflicts.ts';

/** Metrics of one name, in order of registration: of any two, a constant label that both have differs. */
export class Namesakes {
  readonly #metrics = new Map<DirectCollector, ConstLabels>();
  /** By the names of the constant labels, which are mostly the same for all metrics of a name. */
  readonly #groups = new Map<string, Group>();

  get all(): readonly DirectCollector[] {
    return [...this.#metrics.keys()];
  }

  get isEmpty(): boolean {
    return this.#metrics.size === 0;
  }

  has(metric: DirectCollector): boolean {
    return this.#metrics.has(metric);
  }

  /** Throws an Error where the metric might show the same series as another one, or is not of the same family. */
  add(metric: DirectCollector): void {
    const { descriptor } = metric;
    const labels = new ConstLabels(metric.constLabels);
    const [first] = this.#metrics.keys();
    if (first !== undefined) {
      for (const group of this.#groups.values())
        if (group.mayShareSeries(labels)) throw alreadyRegistered(descriptor.name);
      if (!isSameFamily(descriptor, first.descriptor)) {
        throw new Error(`A metric named ${descriptor.name} is already registered, and differs in type, help or unit.`);
      }
    }
    this.#metrics.set(metric, labels);
    const group = this.#groups.get(labels.schema) ?? new Group(labels.names);
    this.#groups.set(labels.schema, group);
    group.add(labels);
  }

  /** Removes a metric; whether it was there. */
  delete(metric: DirectCollector): boolean {
    const labels = this.#metrics.get(metric);
    if (labels !== undefined) this.#groups.get(labels.schema)?.delete(labels);
    return this.#metrics.delete(metric);
  }
}

/** The constant labels that a metric was registered with. */
class ConstLabels {
  readonly names: readonly string[];
  readonly schema: string;
  readonly #texts: ReadonlyMap<string, string>;

  constructor(labels: Labels = {}) {
    this.names = Object.keys(labels).sort();
    this.schema = JSON.stringify(this.names);
    this.#texts = new Map(this.names.map((name) => [name, String(labels[name])]));
  }

  has(name: string): boolean {
    return this.#texts.has(name);
  }

  /** The same text for the same values of these labels. */
  valuesOf(names: readonly string[]): string {
    return JSON.stringify(names.map((name) => this.#texts.get(name)));
  }
}

/** Constant labels with the same names. */
class Group {
  readonly #names: readonly string[];
  readonly #members = new Set<ConstLabels>();
  /** For some of the names, the values that members have for them, and how many members: filled when first needed. */
  readonly #counts = new Map<string, { readonly names: readonly string[]; readonly counts: Map<string, number> }>();

  constructor(names: readonly string[]) {
    this.#names = names;
  }

  /** Whether a member has the same value for each label that it shares with these. */
  mayShareSeries(labels: ConstLabels): boolean {
    const shared = this.#names.filter((name) => labels.has(name));
    return (this.#countsOf(shared).get(labels.valuesOf(shared)) ?? 0) > 0;
  }

  add(labels: ConstLabels): void {
    this.#members.add(labels);
    for (const { names, counts } of this.#counts.values()) count(counts, labels.valuesOf(names), 1);
  }

  delete(labels: ConstLabels): void {
    this.#members.delete(labels);
    for (const { names, counts } of this.#counts.values()) count(counts, labels.valuesOf(names), -1);
  }

  #countsOf(names: readonly string[]): Map<string, number> {
    const key = JSON.stringify(names);
    const known = this.#counts.get(key);
    if (known !== undefined) return known.counts;
    const counts = new Map<string, number>();
    for (const member of this.#members) count(counts, member.valuesOf(names), 1);
    this.#counts.set(key, { names, counts });
    return counts;
  }
}

function count(counts: Map<string, number>, key: string, by: 1 | -1): void {
  const left = (counts.get(key) ?? 0) + by;
  if (left === 0) counts.delete(key);
  else counts.set(key, left);
}

function alreadyRegistered(name: string): Error {
  return new Error(
    `A metric named ${name} is already registered. Use that one, or registry.unregister('${name}') first.`,
  );
}
