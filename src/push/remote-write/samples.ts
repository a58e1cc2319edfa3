import type { CustomBuckets } from './histogram-message.ts';
import type { Series } from './write-series.ts';

/** Bytes of memory for a sample: a reference, a value and a start time. */
const SAMPLE_BYTES = 24;
const EXTRA_BYTES = 200;
/** Number of samples that are assigned to shards in a step. */
const SAMPLES_PER_STEP = 512;

/** An exemplar as it is sent. */
export interface SentExemplar {
  /** Name and value of each label in turn. */
  readonly labels: readonly string[];
  readonly value: number;
  readonly timestampMs: number;
}

/** Rare properties of a sample. */
export interface SampleExtra {
  /** Message of a native histogram, without times; the value is then not used. */
  readonly histogram?: Uint8Array | undefined;
  /** A histogram with custom buckets; the value is then not used. Receivers of version 1.0 get its classic buckets. */
  readonly custom?: CustomBuckets | undefined;
  /** Whether the series has ended: the value is the staleness marker. */
  readonly isStale?: boolean | undefined;
  /** Time of the value, if it is not that of the gathering. */
  readonly timestampMs?: number | undefined;
  readonly exemplars?: readonly SentExemplar[] | undefined;
}

/**
 * Samples of one gathering, in columns: 24 bytes for most of them. They are encoded when they are sent, in the version of
 * the protocol that the receiver has by then.
 */
export class Samples {
  readonly timestampMs: number;
  /** Whether requests of version 1.0 have the metadata of the series; those of version 2.0 always do. */
  readonly hasMetadata: boolean;
  readonly series: Series[] = [];
  readonly values: number[] = [];
  /** Start time of each series in milliseconds; 0 if it is unknown. */
  readonly startsMs: number[] = [];
  readonly extras = new Map<number, SampleExtra>();
  /** Approximate size in memory, with the series that have ended: nothing else refers to them. */
  bytes = 0;

  constructor(timestampMs: number, hasMetadata = false) {
    this.timestampMs = timestampMs;
    this.hasMetadata = hasMetadata;
  }

  get length(): number {
    return this.series.length;
  }

  add(series: Series, value: number, startMs: number, extra?: SampleExtra): void {
    if (extra !== undefined) this.extras.set(this.series.length, extra);
    this.series.push(series);
    this.values.push(value);
    this.startsMs.push(startMs);
    this.bytes += bytesOf(series, extra);
  }

  /** Removes the samples from `length` on. */
  truncate(length: number): void {
    for (let index = length; index < this.series.length; index++) {
      this.bytes -= bytesOf(this.series[index]!, this.extras.get(index));
      this.extras.delete(index);
    }
    this.series.length = length;
    this.values.length = length;
    this.startsMs.length = length;
  }

  /** Returns the staleness markers among the samples. */
  markers(): Samples {
    const markers = new Samples(this.timestampMs);
    for (const [index, extra] of this.extras) {
      if (extra.isStale) markers.add(this.series[index]!, this.values[index]!, 0, extra);
    }
    return markers;
  }

  /** Steps that return the samples of each shard. */
  *split(shards: number): Generator<void, readonly Samples[], void> {
    if (shards === 1) return [this];
    const parts = Array.from({ length: shards }, () => new Samples(this.timestampMs, this.hasMetadata));
    for (const [index, series] of this.series.entries()) {
      if (index > 0 && index % SAMPLES_PER_STEP === 0) yield;
      parts[series.shard]?.add(series, this.values[index]!, this.startsMs[index]!, this.extras.get(index));
    }
    return parts;
  }
}

function bytesOf({ bytes }: Series, extra: SampleExtra | undefined): number {
  if (extra === undefined) return SAMPLE_BYTES;
  const { histogram, custom, exemplars = [] } = extra;
  const texts = exemplars.reduce((total, { labels }) => total + labels.join('').length * 2 + EXTRA_BYTES, 0);
  const ended = extra.isStale ? bytes : 0;
  return SAMPLE_BYTES + EXTRA_BYTES + (histogram?.length ?? 0) + (custom?.counts.length ?? 0) * 8 + texts + ended;
}
