import type { CollectContext, Collector, DirectCollector, DroppedCounts } from '../model/collector.ts';
import type { Encoder } from '../model/encoder.ts';
import type { Descriptor, MetricFamily, Point, Sample } from '../model/family.ts';
import type { LabelSet } from '../model/label-set.ts';
import { type LabelValues, onlyValue } from '../model/label-values.ts';
import { type Labels, labelText } from '../model/labels.ts';
import { MappingEncoder } from '../model/mapping-encoder.ts';
import { checkLabelName, checkMetricName } from '../model/naming.ts';
import { reservedLabelOf } from '../model/sample-names.ts';
import { isAsyncIterable, listOf } from './iterables.ts';
import { collectorName } from './named-collector.ts';
import { upGaugeOf } from './up-gauge.ts';

/** The prefix of names and the labels of series that a view adds to families. */
export class PrefixAndLabels {
  readonly prefix: string;
  readonly labels: { readonly [name: string]: string };
  readonly labelNames: readonly string[];
  readonly labelValues: readonly LabelValues[];

  /** Throws a TypeError or RangeError for a prefix that no metric name can begin with, and for invalid labels. */
  constructor(prefix: string, labels: Labels) {
    if (prefix !== '') checkMetricName(prefix);
    this.prefix = prefix;
    const texts = Object.entries(labels).map(([name, value]) => {
      checkLabelName(name, 'withLabels()');
      return [name, labelText(value, name, 'withLabels()')] as const;
    });
    this.labels = Object.fromEntries(texts);
    this.labelNames = Object.keys(this.labels);
    this.labelValues = Object.values(this.labels).map(onlyValue);
  }

  /** Adds the prefix to a descriptor. Throws an Error if its samples, or `others`, have one of the labels already. */
  around(descriptor: Descriptor, others: readonly string[]): Descriptor {
    const { help, type, unit, acrossWorkers } = descriptor;
    const prefixed = {
      name: this.prefix + descriptor.name,
      help,
      type,
      unit,
      ...(acrossWorkers !== undefined && { acrossWorkers }),
    };
    const reserved = reservedLabelOf(prefixed);
    const known = new Set(others);
    const taken = this.labelNames.find((name) => known.has(name) || name === reserved);
    if (taken !== undefined) throw new Error(`${descriptor.name} already has a label ${taken}.`);
    return prefixed;
  }
}

/** A metric under another name or with more labels. Throws an Error if it has one of the labels already. */
export class PrefixedMetric implements DirectCollector {
  readonly descriptor: Descriptor;
  readonly seriesLabelNames: readonly string[];
  readonly constLabels: Labels;
  /** The metric as it was registered. */
  readonly unprefixed: DirectCollector;
  readonly added: PrefixAndLabels;

  constructor(metric: DirectCollector, added: PrefixAndLabels) {
    const known = metric.seriesLabelNames ?? [];
    this.descriptor = added.around(metric.descriptor, known);
    this.seriesLabelNames = [...added.labelNames, ...known];
    this.constLabels = { ...metric.constLabels, ...added.labels };
    this.unprefixed = metric;
    this.added = added;
  }

  get rowCount(): number {
    return this.unprefixed.rowCount;
  }

  get isEmpty(): boolean {
    return this.unprefixed.isEmpty;
  }

  get losses(): DroppedCounts | undefined {
    return this.unprefixed.losses;
  }

  get isPassive(): boolean {
    return this.unprefixed.isPassive ?? false;
  }

  prepare(context: CollectContext): void | Promise<void> {
    return this.unprefixed.prepare?.(context);
  }

  encode(encoder: Encoder, from: number, to: number): void {
    this.unprefixed.encode(new LabelingEncoder(encoder, this.added), from, to);
  }

  pin(): void {
    this.unprefixed.pin();
  }

  unpin(): void {
    this.unprefixed.unpin();
  }
}

/** A collector whose families have other names or more labels. */
export class PrefixedCollector implements Collector {
  readonly name: string;
  readonly up: string | undefined;
  readonly upLabels: Labels;
  readonly #collector: Collector;
  readonly #added: PrefixAndLabels;

  constructor(collector: Collector, added: PrefixAndLabels) {
    this.name = collectorName(collector);
    const up = upGaugeOf(collector);
    this.up = up && added.prefix + up.name;
    this.upLabels = { ...added.labels, ...up?.labels };
    this.#collector = collector;
    this.#added = added;
  }

  async collect(context: CollectContext): Promise<Iterable<MetricFamily> | AsyncIterable<MetricFamily>> {
    const returned = await this.#collector.collect(context);
    if (isAsyncIterable<MetricFamily>(returned)) return prefixedStream(returned, this.#added);
    return prefixedFamilies(
      listOf<MetricFamily>(returned, `Collector ${this.name} must return an iterable of families`),
      this.#added,
    );
  }
}

// Lazy, and without checks: the registry checks what it reads, and stops where a collector returns too much.
function* prefixedFamilies(families: Iterable<MetricFamily>, added: PrefixAndLabels): Generator<MetricFamily> {
  for (const family of families) yield isObject(family) ? prefixedFamily(family, added) : family;
}

async function* prefixedStream(
  families: AsyncIterable<MetricFamily>,
  added: PrefixAndLabels,
): AsyncGenerator<MetricFamily> {
  for await (const family of families) yield isObject(family) ? prefixedFamily(family, added) : family;
}

/** The family with another name or more labels. Its points can be read once. */
export function prefixedFamily(family: MetricFamily, added: PrefixAndLabels): MetricFamily {
  const { points } = family;
  const { name, ...others } = added.around(family, []);
  // Only labels differ; the points are of the family's type as before.
  return { name, ...others, points: prefixedPoints(points, name, added) } as MetricFamily;
}

function* prefixedPoints(
  points: Iterable<Sample>,
  name: string,
  { labels, labelNames }: PrefixAndLabels,
): Generator<Sample> {
  for (const point of points) {
    const twice = labelNames.find((label) => isObject(point?.labels) && Object.hasOwn(point.labels, label));
    if (twice !== undefined) throw new Error(`${name} already has a label ${twice}.`);
    yield isObject(point) ? { ...point, labels: { ...labels, ...point.labels } } : point;
  }
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

/** Puts the labels before those of each point. The prefixed metric renames the family. */
class LabelingEncoder extends MappingEncoder {
  readonly #added: PrefixAndLabels;
  #inner: LabelSet | undefined = undefined;
  #joined: { readonly names: readonly string[]; readonly values: readonly LabelValues[]; readonly ids: Int32Array };

  constructor(encoder: Encoder, added: PrefixAndLabels) {
    super(encoder);
    const { labelNames: names, labelValues: values } = added;
    this.#added = added;
    this.#joined = { names, values, ids: new Int32Array(names.length) };
  }

  protected override map({ labels, timestamp, startTimestamp, setTimestamp }: Point): Point {
    const isBare = this.#added.labelNames.length === 0;
    return { labels: isBare ? labels : this.#join(labels), timestamp, startTimestamp, setTimestamp };
  }

  /** Returns the same arrays of names and values for points that have the same, as encoders expect. */
  #join({ names, values, ids }: LabelSet): LabelSet {
    const { labelNames, labelValues } = this.#added;
    if (names !== this.#inner?.names || values !== this.#inner.values) {
      this.#inner = { names, values, ids };
      this.#joined = {
        names: [...labelNames, ...names],
        values: [...labelValues, ...values],
        ids: new Int32Array(labelNames.length + names.length),
      };
    }
    this.#joined.ids.set(ids, labelNames.length);
    return this.#joined;
  }
}
