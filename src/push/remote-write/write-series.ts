import type { Descriptor } from '../../model/family.ts';
import type { LabelSet } from '../../model/label-set.ts';
import { SeriesKeys } from '../delivery/series-keys.ts';
import type { CustomBuckets } from './histogram-message.ts';

/** Rough number of bytes that a series takes in memory and in a request, in addition to its labels. */
const SERIES_BYTES = 64;

/** Number of series that are looked at in a step. */
const SERIES_PER_STEP = 512;

/** A series as receivers store it. Its samples refer to it. */
export interface Series {
  /** Name and value of each label in turn, sorted by name. The metric's name is the label `__name__`. */
  readonly labels: readonly string[];
  /** Maximum size in a request. */
  readonly bytes: number;
  /** Shard that sends its samples, so that they arrive in order. */
  readonly shard: number;
  /** Properties of its family. */
  family: Descriptor;
  /** Number of the last gathering that contained the series. */
  seenIn: number;
  /** Number of the gathering before that one; 0 if there is none. */
  seenBefore: number;
  /** Its last sample if that was a native histogram; of those with custom buckets, the buckets. */
  histogram: 'native' | CustomBuckets | undefined;
  /** Whether its last sample had a timestamp of its own. Such series get no staleness marker, as in scrapes. */
  hasOwnTimestamp: boolean;
}

/** A label that a type adds to the samples of a point, such as `le`. */
export interface AddedLabel {
  readonly name: string;
  readonly value: string;
}

export interface SeriesOptions {
  /** Labels of all series. A label of the series takes precedence. */
  readonly labels: readonly (readonly [name: string, value: string])[];
  readonly shards: number;
}

/** All series of the latest gathering. */
export class SeriesTable {
  readonly #options: SeriesOptions;
  readonly #keys = new SeriesKeys();
  readonly #byKey = new Map<string, Series>();
  #nextShard = 0;

  constructor(options: SeriesOptions) {
    this.#options = options;
  }

  /** Returns the series with this name and these labels. Empty values count as missing labels. */
  find(name: string, labels: LabelSet, added: AddedLabel | undefined, family: Descriptor): Series {
    const key = this.#keys.keyOf(name, labels, added?.name, added?.value);
    const known = this.#byKey.get(key);
    if (known !== undefined) {
      known.family = family;
      return known;
    }
    const series = this.#newSeries(name, labels, added, family);
    this.#byKey.set(key, series);
    return series;
  }

  /** Steps that remove the series that are not in this gathering, which has `present` series, and return them. */
  *takeMissing(gathering: number, present: number): Generator<void, Series[], void> {
    if (present === this.#byKey.size) return []; // Usually. Looking at 100,000 series takes several milliseconds.
    const missing: Series[] = [];
    let looked = 0;
    for (const [key, series] of this.#byKey) {
      if (++looked % SERIES_PER_STEP === 0) yield;
      if (series.seenIn === gathering) continue;
      this.#byKey.delete(key);
      if (series.seenIn > 0) missing.push(series);
    }
    return missing;
  }

  #newSeries(name: string, labels: LabelSet, added: AddedLabel | undefined, family: Descriptor): Series {
    const all = new Map(this.#options.labels);
    labels.names.forEach((label, index) => {
      all.set(label, labels.values[index]?.texts[labels.ids[index] ?? -1] ?? '');
    });
    if (added !== undefined) all.set(added.name, added.value);
    all.set('__name__', name);
    const present = [...all].filter(([, value]) => value !== '').sort(([a], [b]) => compareUtf8(a, b));
    const flat = present.flat();
    const shard = this.#nextShard;
    this.#nextShard = (shard + 1) % this.#options.shards;
    const bytes = SERIES_BYTES + flat.reduce((total, text) => total + 3 + Buffer.byteLength(text), 0);
    const unseen = { seenIn: 0, seenBefore: 0, histogram: undefined, hasOwnTimestamp: false };
    return { labels: flat, bytes, shard, family, ...unseen };
  }
}

/** Compares texts by their UTF-8 bytes, as receivers sort labels. Differs from `<` only beyond the basic plane. */
export function compareUtf8(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
