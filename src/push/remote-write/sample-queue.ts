import type { DropReason } from './accounts.ts';
import { classicSeriesCount } from './custom-buckets.ts';
import type { SampleExtra, Samples } from './samples.ts';
import type { Batch } from './write-requests.ts';
import type { Series } from './write-series.ts';

/** Receivers refuse messages of more than 32 MiB; smaller ones are also encoded without blocking the event loop for long. */
const MAX_REQUEST_BYTES = 2 * 1024 * 1024;
/** Maximum size of a sample in a request, without its labels. */
const SAMPLE_BYTES = 40;

export interface QueueOptions {
  readonly shards: number;
  /** Maximum size of all samples in memory. */
  readonly maxBytes: number;
  readonly maxAgeMs: number;
  /** Maximum number of samples in a batch. */
  readonly maxBatch: number;
  /** Called with the number of samples that were dropped. */
  readonly onDropped: (reason: DropReason, samples: number) => void;
}

/** Samples of one gathering and shard. */
interface Entry {
  readonly samples: Samples;
  /** Time of the monotonic clock after which they are too old. */
  readonly expiresAt: number;
  /** First sample that is not done. */
  from: number;
  /** End of the samples to send. */
  end: number;
  /** End of the batch that is being sent; `from` if there is none. */
  inFlightTo: number;
  /** Whether all but the staleness markers were dropped. */
  readonly hasOnlyMarkers: boolean;
}

function newEntry(samples: Samples, expiresAt: number, hasOnlyMarkers = false): Entry {
  return { samples, expiresAt, from: 0, end: samples.length, inFlightTo: 0, hasOnlyMarkers };
}

/** A batch that was taken from the queue, and when it is too old to be sent. */
export interface QueuedBatch extends Batch {
  readonly expiresAt: number;
}

/**
 * Samples that wait to be acknowledged, by shard and in the order of gatherings. If it is full, whole gatherings are
 * dropped from the middle: values are cumulative, so that the increase over the gap is not lost.
 */
export class SampleQueue {
  readonly #options: QueueOptions;
  readonly #shards: Entry[][];

  constructor(options: QueueOptions) {
    this.#options = options;
    this.#shards = Array.from({ length: options.shards }, () => []);
  }

  /** Number of samples that are not done. */
  get pending(): number {
    return this.#shards.flat().reduce((total, { from, end }) => total + end - from, 0);
  }

  /** Adds the samples of a gathering, split by shard, at a time of the monotonic clock. */
  add(parts: readonly Samples[], now: number): void {
    const { maxAgeMs } = this.#options;
    for (const [shard, part] of parts.entries()) {
      if (part.length === 0) continue;
      this.#entriesOf(shard).push(newEntry(part, now + maxAgeMs));
      this.#thinOut(this.#entriesOf(shard));
    }
  }

  /** Returns the next batch of a shard. Its samples stay pending until `finish()`. */
  take(shard: number, now: number): QueuedBatch | undefined {
    const entries = this.#entriesOf(shard);
    for (let [head] = entries; head !== undefined; [head] = entries) {
      if (head.expiresAt <= now) this.#drop(head, 'too_old');
      if (head.from < head.end) return this.#batchOf(head);
      entries.shift();
    }
    return undefined;
  }

  /** Removes the batch of a shard that was taken. */
  finish(shard: number): void {
    const [head] = this.#entriesOf(shard);
    if (head !== undefined) head.from = head.inFlightTo;
  }

  /** Drops all samples. */
  clear(reason: DropReason): void {
    for (const entry of this.#shards.flat()) {
      entry.inFlightTo = entry.from;
      this.#drop(entry, reason);
    }
  }

  #entriesOf(shard: number): Entry[] {
    const entries = this.#shards[shard];
    if (entries === undefined) throw new RangeError(`The shard must be below ${this.#shards.length}, got ${shard}.`);
    return entries;
  }

  #batchOf(entry: Entry): QueuedBatch {
    const { samples, from, end, expiresAt } = entry;
    const limit = Math.min(end, from + this.#options.maxBatch);
    let to = from;
    for (let bytes = 0; to < limit; to++) {
      bytes += requestBytes(samples.series[to]!, samples.extras.get(to));
      if (bytes > MAX_REQUEST_BYTES && to > from) break;
    }
    entry.inFlightTo = to;
    return { samples, from, to, expiresAt };
  }

  #thinOut(entries: Entry[]): void {
    const maxBytes = this.#options.maxBytes / this.#options.shards;
    for (let bytes = bytesOf(entries); bytes > maxBytes; bytes = bytesOf(entries)) {
      const victim = entries[leastMissed(entries)];
      if (victim === undefined) return;
      const markers = isStarted(victim) || victim.hasOnlyMarkers ? undefined : victim.samples.markers();
      this.#drop(victim, 'queue_full', markers?.length);
      if (victim.from < victim.end) return; // Its batch is in flight, and nothing else is left.
      // Without its marker, a series would seem to go on.
      const kept = markers === undefined || markers.length === 0 ? [] : [newEntry(markers, victim.expiresAt, true)];
      entries.splice(entries.indexOf(victim), 1, ...kept);
    }
  }

  /** Drops what is not in flight. `markers` of it are kept elsewhere. */
  #drop(entry: Entry, reason: DropReason, markers = 0): void {
    const kept = Math.max(entry.from, entry.inFlightTo);
    const dropped = entry.end - kept - markers;
    if (dropped > 0) this.#options.onDropped(reason, dropped);
    entry.end = kept;
  }
}

/**
 * Returns the index of the entry whose removal leaves the shortest gap between its neighbors. The newest and the one that
 * is being sent are last resorts.
 */
function leastMissed(entries: readonly Entry[]): number {
  const first = isStarted(entries[0]) ? 1 : 0;
  let best = -1;
  let shortest = Number.POSITIVE_INFINITY;
  for (let index = first; index < entries.length - 1; index++) {
    if (entries[index]!.hasOnlyMarkers) continue;
    const before = entries[index - 1] ?? entries[index]!;
    const gap = entries[index + 1]!.samples.timestampMs - before.samples.timestampMs;
    if (gap < shortest) [best, shortest] = [index, gap];
  }
  if (best !== -1) return best;
  // The rest of the gathering that is being sent is older than the newest one, which may be too large by itself.
  if (entries.length > 1 && isStarted(entries[0]) && hasRest(entries[0])) return 0;
  return entries.length > 1 && first < entries.length - 1 ? first : entries.length - 1;
}

/** Returns the maximum size of a sample in a request of either version. */
function requestBytes({ bytes }: Series, { histogram, custom }: SampleExtra = {}): number {
  if (custom !== undefined) return classicSeriesCount(custom) * (bytes + SAMPLE_BYTES);
  return bytes + SAMPLE_BYTES + (histogram?.length ?? 0);
}

function isStarted(entry: Entry | undefined): boolean {
  return entry !== undefined && entry.inFlightTo > 0;
}

function hasRest(entry: Entry | undefined): boolean {
  return entry !== undefined && entry.inFlightTo < entry.end;
}

/** Memory of the samples that are not done. */
function bytesOf(entries: readonly Entry[]): number {
  return entries.reduce((total, { samples, from, end }) => total + (samples.bytes * (end - from)) / samples.length, 0);
}
