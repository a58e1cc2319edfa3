import type { Labels } from '../../model/labels.ts';
import type { SampleLine } from './lines.ts';

/** Labels without a prototype: any name is a label like any other, `__proto__` too. */
export function labelsOf(names: readonly string[], values: readonly string[], except = -1): Labels {
  // Object.create(null) would make a hash table, which takes thrice the memory and twice the time.
  const labels: Record<string, string> = Object.setPrototypeOf({}, null);
  for (let index = 0; index < names.length; index++) {
    if (index !== except) labels[names[index]!] = values[index]!;
  }
  return labels;
}

/** The same text for the same labels in any order, the one at `except` left out, and the same time. */
export function seriesKey({ labelNames, labelValues, timestamp }: SampleLine, except = -1): string {
  return keyOf(labelNames, labelValues, except, timestamp);
}

/** The `seriesKey()` of the line that a point was made of. */
export function pointKey(labels: Labels, timestamp: number | undefined): string {
  return keyOf(Object.keys(labels), Object.values(labels).map(String), -1, timestamp);
}

/** Lengths before texts: no other labels make the same key, whatever is in them. */
function keyOf(names: readonly string[], values: readonly string[], except: number, timestamp?: number): string {
  const pairs: string[] = [];
  for (let index = 0; index < names.length; index++) {
    if (index === except) continue;
    const name = names[index]!;
    pairs.push(`${name.length}:${name}${values[index]!.length}:${values[index]}`);
  }
  const labels = pairs.length > 1 ? pairs.sort().join('') : (pairs[0] ?? '');
  return timestamp === undefined ? labels : `${labels} ${timestamp}`;
}

/**
 * Finds what belongs to the series of a sample line, without the label that tells apart its lines (`le`, `quantile`).
 * With `byTime` each timestamp is a series of its own.
 */
export class SeriesIndex<T> {
  readonly #byTime: boolean;
  readonly #items = new Map<string, T>();
  #last: T | undefined;
  #names: string[] = [];
  #values: string[] = [];
  #timestamp: number | undefined;

  constructor({ byTime }: { readonly byTime: boolean }) {
    this.#byTime = byTime;
  }

  /** The series' item, made by `create` at the first call. Lines of a series mostly follow each other: that is fast. */
  get(sample: SampleLine, except: number, create: (sample: SampleLine, except: number) => T): T {
    if (this.#last !== undefined && this.#isLast(sample, except)) return this.#last;
    const key = keyOf(sample.labelNames, sample.labelValues, except, this.#byTime ? sample.timestamp : undefined);
    let item = this.#items.get(key);
    if (item === undefined) {
      item = create(sample, except);
      this.#items.set(key, item);
    }
    this.#remember(sample, except);
    this.#last = item;
    return item;
  }

  values(): IterableIterator<T> {
    return this.#items.values();
  }

  #isLast({ labelNames, labelValues, timestamp }: SampleLine, except: number): boolean {
    const count = labelNames.length - (except < 0 ? 0 : 1);
    if (count !== this.#names.length || (this.#byTime && timestamp !== this.#timestamp)) return false;
    for (let index = 0, at = 0; at < count; index++) {
      if (index === except) continue;
      if (labelNames[index] !== this.#names[at] || labelValues[index] !== this.#values[at]) return false;
      at++;
    }
    return true;
  }

  #remember({ labelNames, labelValues, timestamp }: SampleLine, except: number): void {
    this.#names = labelNames.filter((_, index) => index !== except);
    this.#values = labelValues.filter((_, index) => index !== except);
    this.#timestamp = timestamp;
  }
}
