import { labelNamesOf, labelText } from '../metrics/label-schema.ts';
import type { CollectContext, DirectCollector } from '../model/collector.ts';
import type { Encoder } from '../model/encoder.ts';
import type { Descriptor } from '../model/family.ts';
import { LabelValues, onlyValue } from '../model/label-values.ts';
import type { Labels } from '../model/labels.ts';
import { checkMetricName } from '../model/naming.ts';

/** A family whose values live elsewhere and are taken from a reading of type `R`. */
export interface LiveFamily<R> extends Descriptor {
  readonly type: 'counter' | 'gauge';
  /** Unix seconds at which a counter began at zero, where that is known. */
  readonly startTimestamp?: number;
  /** The label that tells the values apart, where there may be several. */
  readonly label?: string;
  /** By value of the label, or the one there is. Undefined where the platform has none: then nothing is shown. */
  readonly value: (reading: R) => number | undefined | ReadonlyMap<string, number>;
}

/** Something that is read once for each scrape, however many families and groups are taken from it. */
export class Source<R> {
  readonly #read: (context: CollectContext) => R | undefined;
  #context: CollectContext | undefined = undefined;
  #reading: R | undefined = undefined;

  constructor(read: (context: CollectContext) => R | undefined) {
    this.#read = read;
  }

  /** Throws what reading throws, once for each scrape. */
  at(context: CollectContext): R | undefined {
    if (context === this.#context) return this.#reading;
    this.#context = context;
    this.#reading = undefined;
    this.#reading = this.#read(context);
    return this.#reading;
  }
}

/** Shows a family as it is at the moment of the scrape, and nothing where there is no value. */
export class LiveMetric<R> implements DirectCollector {
  readonly descriptor: Descriptor;
  readonly seriesLabelNames: readonly string[];
  readonly #family: LiveFamily<R>;
  readonly #source: Source<R>;
  /** The constant labels'. */
  readonly #constValues: readonly LabelValues[];
  /** Those of the label that tells the values apart. */
  #ownValues = new LabelValues();
  #rows: readonly (readonly [labelValue: string, value: number])[] = [];

  constructor(family: LiveFamily<R>, source: Source<R>, { prefix, labels }: { prefix: string; labels: Labels }) {
    const { name, help, type, unit } = family;
    this.descriptor = { name: prefix + name, help, type, unit };
    checkMetricName(this.descriptor.name);
    this.seriesLabelNames = [...Object.keys(labels), ...(family.label === undefined ? [] : [family.label])];
    labelNamesOf(this.seriesLabelNames, this.descriptor.name);
    this.#constValues = Object.entries(labels).map(([label, value]) =>
      onlyValue(labelText(value, label, this.descriptor.name)),
    );
    this.#family = family;
    this.#source = source;
  }

  get rowCount(): number {
    return this.#rows.length;
  }

  get isEmpty(): boolean {
    return this.#rows.length === 0;
  }

  prepare(context: CollectContext): void {
    this.#rows = [];
    const reading = this.#source.at(context);
    const value = reading === undefined ? undefined : this.#family.value(reading);
    if (value === undefined) return;
    this.#rows = typeof value === 'number' ? [['', value]] : [...value];
  }

  encode(encoder: Encoder, from: number, to: number): void {
    const { type, label, startTimestamp } = this.#family;
    if (this.#ownValues.areMany) this.#ownValues = new LabelValues();
    const values = label === undefined ? this.#constValues : [...this.#constValues, this.#ownValues];
    const ids = new Int32Array(values.length);
    const point = { labels: { names: this.seriesLabelNames, values, ids }, timestamp: undefined, startTimestamp };
    for (const [text, value] of this.#rows.slice(from, to)) {
      if (label !== undefined) ids[ids.length - 1] = this.#ownValues.intern(text);
      if (type === 'counter') encoder.counter(point, value);
      else encoder.gauge(point, value);
    }
  }

  pin(): void {}

  unpin(): void {}
}
