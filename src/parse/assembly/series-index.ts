import type { Labels } from '../../model/labels.ts';
import type { SampleLine } from '../lines/line-handler.ts';

/** Shared by all points without labels, of which a small document can have very many. */
const NO_LABELS: Labels = Object.freeze(Object.setPrototypeOf({}, null));

/** Returns labels without a prototype, so that any name is valid, including `__proto__`. Frozen if there are none. */
export function labelsOf(names: readonly string[], values: readonly string[], partLabel = -1): Labels {
  if (names.length === (partLabel < 0 ? 0 : 1)) return NO_LABELS;
  // Object.create(null) would create a hash table, which takes three times the memory and twice the time.
  const labels: Record<string, string> = Object.setPrototypeOf({}, null);
  for (let index = 0; index < names.length; index++) {
    if (index !== partLabel) labels[names[index]!] = values[index]!;
  }
  return labels;
}

/**
 * Makes equal texts for equal labels in any order and equal times. Unlike the `seriesKey()` of the model, keeps empty labels,
 * which belong to the document. Lengths before texts make the key unique for any labels. Fast if the array of label names is that
 * of the previous line.
 */
export class KeyMaker {
  #names: readonly string[] = [];
  #partLabel = -1;
  /** Indexes of labels in the order of their names, and the texts before their values. */
  #order: readonly number[] = [];
  #prefixes: readonly string[] = [];

  /** Returns the key of the labels without the one at `partLabel`. */
  keyOf(names: readonly string[], values: readonly string[], timestamp?: number, partLabel = -1): string {
    if (names !== this.#names || partLabel !== this.#partLabel) this.#use(names, partLabel);
    let key = '';
    for (let index = 0; index < this.#order.length; index++) {
      const value = values[this.#order[index]!]!;
      key += `${this.#prefixes[index]}${value.length}:${value}`;
    }
    return timestamp === undefined ? key : `${key} ${timestamp}`;
  }

  #use(names: readonly string[], partLabel: number): void {
    this.#names = names;
    this.#partLabel = partLabel;
    this.#order = [...names.keys()]
      .filter((index) => index !== partLabel)
      .sort((one, other) => (names[one]! < names[other]! ? -1 : 1));
    this.#prefixes = this.#order.map((index) => `${names[index]!.length}:${names[index]}`);
  }
}

/**
 * Finds the item of the series of a sample line, ignoring the label that distinguishes its lines (`le`, `quantile`). With `byTime`,
 * each timestamp is a separate series.
 */
export class SeriesIndex<T> {
  readonly #byTime: boolean;
  readonly #items = new Map<string, T>();
  readonly #keys = new KeyMaker();
  #last: T | undefined;
  /** Labels of the last line, and those among them that identify the series. */
  #labelNames: readonly string[] = [];
  #partLabel = -1;
  #names: string[] = [];
  #values: string[] = [];
  #timestamp: number | undefined;

  constructor({ byTime }: { readonly byTime: boolean }) {
    this.#byTime = byTime;
  }

  /** Returns the item of the series, created by `create` at the first call. Fast for consecutive lines of a series. */
  get(sample: SampleLine, partLabel: number, create: (sample: SampleLine, partLabel: number) => T): T {
    if (this.#last !== undefined && this.#isLast(sample, partLabel)) return this.#last;
    const timestamp = this.#byTime ? sample.timestamp : undefined;
    const key = this.#keys.keyOf(sample.labelNames, sample.labelValues, timestamp, partLabel);
    let item = this.#items.get(key);
    if (item === undefined) {
      item = create(sample, partLabel);
      this.#items.set(key, item);
    }
    this.#remember(sample, partLabel);
    this.#last = item;
    return item;
  }

  values(): IterableIterator<T> {
    return this.#items.values();
  }

  #isLast({ labelNames, labelValues, timestamp }: SampleLine, partLabel: number): boolean {
    const count = labelNames.length - (partLabel < 0 ? 0 : 1);
    if (count !== this.#names.length || (this.#byTime && timestamp !== this.#timestamp)) return false;
    const hasSameNames = labelNames === this.#labelNames && partLabel === this.#partLabel;
    for (let index = 0, at = 0; at < count; index++) {
      if (index === partLabel) continue;
      if (labelValues[index] !== this.#values[at]) return false;
      if (!hasSameNames && labelNames[index] !== this.#names[at]) return false;
      at++;
    }
    return true;
  }

  #remember({ labelNames, labelValues, timestamp }: SampleLine, partLabel: number): void {
    if (labelNames !== this.#labelNames || partLabel !== this.#partLabel) {
      this.#labelNames = labelNames;
      this.#partLabel = partLabel;
      this.#names = labelNames.filter((_, index) => index !== partLabel);
    }
    this.#values.length = 0;
    for (let index = 0; index < labelValues.length; index++)
      if (index !== partLabel) this.#values.push(labelValues[index]!);
    this.#timestamp = timestamp;
  }
}
