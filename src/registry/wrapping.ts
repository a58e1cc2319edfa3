import type { CollectContext, Collector, DirectCollector, Losses } from '../model/collector.ts';
import type { Encoder } from '../model/encoder.ts';
import type { Descriptor, MetricFamily, Point } from '../model/family.ts';
import { type LabelSet, type Labels, LabelValue } from '../model/labels.ts';
import { MappingEncoder } from '../model/mapping-encoder.ts';
import { checkLabelName, checkMetricName } from '../model/naming.ts';
import { collectorName } from './self-metrics.ts';

/** What is put around families: a prefix of their names, labels of their series. */
export interface Wrapping {
  readonly prefix?: string;
  readonly labels?: Labels;
}

export function checkWrapping({ prefix = '', labels = {} }: Wrapping): void {
  if (prefix !== '') checkMetricName(prefix);
  for (const name of Object.keys(labels)) checkLabelName(name, 'withLabels()');
}

/** A metric under another name or with more labels. Throws an Error where it has one of the labels already. */
export class WrappedMetric implements DirectCollector {
  readonly descriptor: Descriptor;
  readonly seriesLabelNames: readonly string[];
  readonly #metric: DirectCollector;
  readonly #wrapping: Wrapping;

  constructor(metric: DirectCollector, wrapping: Wrapping) {
    const added = Object.keys(wrapping.labels ?? {});
    const known = metric.seriesLabelNames ?? [];
    const twice = added.find((name) => known.includes(name));
    if (twice !== undefined) throw new Error(`${metric.descriptor.name} has a label ${twice} already.`);
    this.descriptor = renamed(metric.descriptor, wrapping);
    this.seriesLabelNames = [...added, ...known];
    this.#metric = metric;
    this.#wrapping = wrapping;
  }

  get rowCount(): number {
    return this.#metric.rowCount;
  }

  get isEmpty(): boolean {
    return this.#metric.isEmpty;
  }

  get losses(): Losses | undefined {
    return this.#metric.losses;
  }

  prepare(context: CollectContext): void | Promise<void> {
    return this.#metric.prepare?.(context);
  }

  encode(encoder: Encoder, from: number, to: number): void {
    this.#metric.encode(new WrappingEncoder(encoder, this.#wrapping), from, to);
  }

  pin(): void {
    this.#metric.pin();
  }

  unpin(): void {
    this.#metric.unpin();
  }
}

/** A collector whose families have other names or more labels. */
export function wrappedCollector(collector: Collector, wrapping: Wrapping): Collector {
  return {
    name: collectorName(collector),
    collect: async (context) =>
      [...(await collector.collect(context))].map((family) => wrappedFamily(family, wrapping)),
  };
}

function wrappedFamily(family: MetricFamily, wrapping: Wrapping): MetricFamily {
  const points = [...family.points].map((sample) => ({
    ...sample,
    labels: { ...wrapping.labels, ...sample.labels },
  }));
  // Only labels differ; the points are of the family's type as before.
  return { ...renamed(family, wrapping), type: family.type, points } as MetricFamily;
}

function renamed(descriptor: Descriptor, { prefix = '' }: Wrapping): Descriptor {
  return { ...descriptor, name: prefix + descriptor.name };
}

/** Adds the labels to each point, in front. Families are renamed by whoever opens them. */
class WrappingEncoder extends MappingEncoder {
  readonly #names: readonly string[];
  readonly #values: readonly LabelValue[];
  #inner: readonly string[] | undefined = undefined;
  #joined: readonly string[] = [];

  constructor(encoder: Encoder, { labels = {} }: Wrapping) {
    super(encoder);
    this.#names = Object.keys(labels);
    this.#values = Object.values(labels).map((value) => new LabelValue(String(value).toWellFormed()));
  }

  protected override map({ labels, timestamp, startTimestamp }: Point): Point {
    return { labels: this.#names.length === 0 ? labels : this.#join(labels), timestamp, startTimestamp };
  }

  /** The same array of names for points that have the same, as encoders expect it. */
  #join({ names, values }: LabelSet): LabelSet {
    if (names !== this.#inner) {
      this.#inner = names;
      this.#joined = [...this.#names, ...names];
    }
    return { names: this.#joined, values: [...this.#values, ...values] };
  }
}
