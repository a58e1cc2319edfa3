import { labelNamesOf } from '../metrics/series/label-schema.ts';
import type { CollectContext, DirectCollector } from '../model/collector.ts';
import type { Encoder } from '../model/encoder.ts';
import type { Descriptor } from '../model/family.ts';
import { LabelValues, onlyValue } from '../model/label-values.ts';
import { labelText } from '../model/labels.ts';
import { checkMetricName } from '../model/naming.ts';
import { type CollectorGroup, type GroupContext, registerAll } from './collector-group.ts';

/** The unit of a family ends its name, before a counter's `_total`. */
const UNIT = /_(seconds|bytes)(?:_total)?$/;

/** A family whose values are computed at each scrape from a reading of type `R`. */
export interface LiveFamily<R> extends Omit<Descriptor, 'unit'> {
  readonly type: 'counter' | 'gauge';
  /** Unix time in seconds at which a counter started at zero, if known. */
  readonly startTimestamp?: number | undefined;
  /** Name of the label, if the family may have several values. */
  readonly label?: string;
  /** Returns the values by label value, or the only value. Undefined if the platform does not provide it: shows nothing. */
  readonly value: (reading: R) => number | undefined | ReadonlyMap<string, number>;
}

/** Creates a group of families that share a reading. Costs nothing between scrapes. */
export function liveGroup<R>(
  read: (context: CollectContext) => R | undefined,
  families: readonly LiveFamily<R>[],
): CollectorGroup {
  return (group) => {
    const reading = new ScrapeReading(read);
    return registerAll(
      group.registry,
      families.map((family) => new LiveMetric(family, reading, group)),
    );
  };
}

/** A reading that is taken once for each scrape, however many families and groups use it. */
export class ScrapeReading<R> {
  readonly #read: (context: CollectContext) => R | undefined;
  #context: CollectContext | undefined = undefined;
  #reading: R | undefined = undefined;

  constructor(read: (context: CollectContext) => R | undefined) {
    this.#read = read;
  }

  /** Returns the reading of this scrape. If reading throws, the first call of the scrape does. */
  at(context: CollectContext): R | undefined {
    if (context === this.#context) return this.#reading;
    this.#context = context;
    this.#reading = undefined;
    this.#reading = this.#read(context);
    return this.#reading;
  }
}

/** Exposes a family with its values at the moment of the scrape. */
class LiveMetric<R> implements DirectCollector {
  readonly isPassive = true;
  readonly descriptor: Descriptor;
  readonly seriesLabelNames: readonly string[];
  readonly #family: LiveFamily<R>;
  readonly #reading: ScrapeReading<R>;
  /** Values of the constant labels. */
  readonly #constValues: readonly LabelValues[];
  /** Values of the family's own label. */
  #ownValues = new LabelValues();
  #rows: readonly (readonly [labelValue: string, value: number])[] = [];

  constructor(family: LiveFamily<R>, reading: ScrapeReading<R>, { prefix, labels }: GroupContext) {
    const { name, help, type } = family;
    this.descriptor = { name: prefix + name, help, type, unit: UNIT.exec(name)?.[1] };
    checkMetricName(this.descriptor.name);
    this.seriesLabelNames = [...Object.keys(labels), ...(family.label === undefined ? [] : [family.label])];
    labelNamesOf(this.seriesLabelNames, this.descriptor.name);
    this.#constValues = Object.entries(labels).map(([label, value]) =>
      onlyValue(labelText(value, label, this.descriptor.name)),
    );
    this.#family = family;
    this.#reading = reading;
  }

  get rowCount(): number {
    return this.#rows.length;
  }

  get isEmpty(): boolean {
    return this.#rows.length === 0;
  }

  prepare(context: CollectContext): void {
    this.#rows = [];
    const reading = this.#reading.at(context);
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
