import type { DirectCollector } from '../model/collector.ts';
import type { Labels } from '../model/labels.ts';
import { differencesOf } from './differences.ts';
import { isSameFamily } from './family-conflicts.ts';
import type { Origin } from './origin.ts';

/** Metrics with one name, in order of registration. Any two have a constant label in common whose values differ. */
export class Namesakes {
  readonly #metrics = new Map<DirectCollector, Registration>();
  /** By the names of the constant labels, which are usually the same for all metrics with a name. */
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

  /** Adds a metric. Throws an Error if it could have a series of another one, or belongs to a different family. */
  add(metric: DirectCollector, origin: Origin): void {
    const { descriptor } = metric;
    const labels = new ConstLabels(metric.constLabels);
    const [first] = this.#metrics.keys();
    if (first !== undefined) {
      for (const group of this.#groups.values()) {
        if (group.mayShareSeries(labels)) throw this.#conflict(first, metric);
      }
      if (!isSameFamily(descriptor, first.descriptor)) throw this.#conflict(first, metric);
    }
    this.#metrics.set(metric, { labels, origin });
    const group = this.#groups.get(labels.schema) ?? new Group(labels.names);
    this.#groups.set(labels.schema, group);
    group.add(labels);
  }

  /** Removes a metric. Returns whether it was there. */
  delete(metric: DirectCollector): boolean {
    const labels = this.#metrics.get(metric)?.labels;
    if (labels !== undefined) this.#groups.get(labels.schema)?.delete(labels);
    return this.#metrics.delete(metric);
  }

  #conflict(existing: DirectCollector, metric: DirectCollector): Error {
    return duplicateError(existing, metric, this.#metrics.get(existing)?.origin.place);
  }
}

interface Registration {
  readonly labels: ConstLabels;
  readonly origin: Origin;
}

/** Describes in words why `metric` cannot be registered beside `existing`, which was registered at `place`. */
function duplicateError(existing: DirectCollector, metric: DirectCollector, place: string | undefined): Error {
  const { name } = metric.descriptor;
  const registered = `Metric ${name} is already registered${place === undefined ? '' : ` at ${place}`}`;
  const differences = differencesOf(existing, metric);
  return new Error(
    differences === ''
      ? `${registered}; use registry.getOrCreate() to reuse it, or registry.unregister('${name}') first.`
      : `${registered} with ${differences}; use registry.getOrCreate() with { replace: true } to replace it.`,
  );
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

  /** A key for the values of some labels. */
  valuesOf(names: readonly string[]): string {
    return JSON.stringify(names.map((name) => this.#texts.get(name)));
  }
}

/** The constant labels of metrics that have the same names of constant labels. */
class Group {
  readonly #names: readonly string[];
  readonly #members = new Set<ConstLabels>();
  /** For subsets of the names: the number of members with each combination of values. Filled on demand. */
  readonly #counts = new Map<string, { readonly names: readonly string[]; readonly counts: Map<string, number> }>();

  constructor(names: readonly string[]) {
    this.#names = names;
  }

  /** Whether a member has the same value for every label that it shares with `labels`. */
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
