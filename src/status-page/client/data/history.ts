import type {
  Family,
  FamilyHistory,
  FamilyValues,
  GcPause,
  HistoryMessage,
  Line,
  ProcessState,
} from '../../protocol.ts';
import { numberOf } from './value-format.ts';

/** Points of a line, in the slots of {@link History}; NaN where nothing is known. */
export type Track = Float32Array;

export interface FamilyTracks {
  readonly line: Track;
  readonly quantiles: readonly Track[];
  readonly buckets: readonly Track[];
  readonly states: readonly Track[];
}

const MAX_PAUSES = 3000;

/** The lines of everything that the page draws, in rings of the same capacity. */
export class History {
  readonly capacity: number;
  readonly times: Float64Array;
  /** Number of samples so far; the sample `n` is in the slot `n % capacity`. */
  count = 0;
  gcPauses: GcPause[] = [];
  readonly #families = new Map<number, FamilyTracks>();
  readonly #process = new Map<string, Track>();

  constructor(capacity: number) {
    this.capacity = capacity;
    this.times = new Float64Array(capacity);
  }

  get oldest(): number {
    return Math.max(0, this.count - this.capacity);
  }

  timeOf(sample: number): number {
    return this.times[sample % this.capacity] ?? Number.NaN;
  }

  /** Returns the latest sample that is not later than a time; the oldest one if there is none. */
  sampleAt(time: number): number {
    let low = this.oldest;
    let high = this.count - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.timeOf(middle) <= time) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  at(track: Track, sample: number): number {
    return track[sample % this.capacity] ?? Number.NaN;
  }

  family(id: number): FamilyTracks | undefined {
    return this.#families.get(id);
  }

  process(name: string): Track | undefined {
    return this.#process.get(name);
  }

  forget(id: number): void {
    this.#families.delete(id);
  }

  /** Adds the current values as a sample. Samples that are not later than the one before are ignored. */
  append(time: number, families: Iterable<Family>, process: ProcessState | undefined): void {
    if (this.count > 0 && time <= this.timeOf(this.count - 1)) return;
    const slot = this.#push(time);
    for (const track of this.#tracks) track[slot] = Number.NaN;
    for (const family of families) this.#writeFamily(family, slot);
    for (const [name, value] of Object.entries(process ?? {})) {
      if (typeof value === 'number') this.#processTrack(name)[slot] = value;
    }
    this.gcPauses.push(...(process?.gcPauses ?? []));
    if (this.gcPauses.length > MAX_PAUSES) this.gcPauses = this.gcPauses.slice(-MAX_PAUSES);
  }

  /** Puts older samples in front of those that there are. */
  prepend({ times, process, gcPauses, families }: HistoryMessage, known: ReadonlyMap<number, Family>): void {
    const first = this.count > 0 ? this.timeOf(this.oldest) : Number.POSITIVE_INFINITY;
    const added = times.findIndex((time) => time >= first);
    const length = Math.min(added === -1 ? times.length : added, this.capacity - (this.count - this.oldest));
    const skipped = (added === -1 ? times.length : added) - length;
    if (length <= 0) return;
    this.#shift(length);
    for (let index = 0; index < length; index++) this.times[index] = times[skipped + index] ?? 0;
    for (const [name, line] of Object.entries(process)) copy(this.#processTrack(name), line, skipped, length);
    for (const history of families) this.#copyFamily(history, known.get(history.id), skipped, length);
    this.gcPauses = [...gcPauses.filter(({ time }) => time < first), ...this.gcPauses];
  }

  get #tracks(): readonly Track[] {
    const families = [...this.#families.values()];
    const tracks = families.flatMap(({ line, quantiles, buckets, states }) => [
      line,
      ...quantiles,
      ...buckets,
      ...states,
    ]);
    return [...tracks, ...this.#process.values()];
  }

  #push(time: number): number {
    const slot = this.count % this.capacity;
    this.times[slot] = time;
    this.count++;
    return slot;
  }

  #writeFamily(family: Family, slot: number): void {
    const tracks = this.#familyTracks(family);
    const { values } = family;
    tracks.line[slot] = lineValue(family, values);
    for (const [index, track] of tracks.quantiles.entries()) track[slot] = values.quantiles?.[index] ?? Number.NaN;
    for (const [index, track] of tracks.buckets.entries()) track[slot] = values.buckets?.[index] ?? Number.NaN;
    for (const [index, track] of tracks.states.entries()) track[slot] = values.states?.[index] ?? Number.NaN;
  }

  /** A family whose buckets or states have changed starts again. */
  #familyTracks(family: Family): FamilyTracks {
    const buckets = family.upperBounds === undefined ? 0 : family.upperBounds.length + 1;
    const states = family.states?.length ?? 0;
    const known = this.#families.get(family.id);
    if (known && known.buckets.length === buckets && known.states.length === states) return known;
    const tracks = {
      line: this.#newTrack(),
      quantiles: Array.from({ length: buckets > 0 ? 3 : 0 }, () => this.#newTrack()),
      buckets: Array.from({ length: buckets }, () => this.#newTrack()),
      states: Array.from({ length: states }, () => this.#newTrack()),
    };
    this.#families.set(family.id, tracks);
    return tracks;
  }

  #processTrack(name: string): Track {
    const known = this.#process.get(name);
    if (known) return known;
    const track = this.#newTrack();
    this.#process.set(name, track);
    return track;
  }

  #newTrack(): Track {
    return new Float32Array(this.capacity).fill(Number.NaN);
  }

  #copyFamily(history: FamilyHistory, family: Family | undefined, from: number, length: number): void {
    if (family === undefined) return;
    const tracks = this.#familyTracks(family);
    copy(tracks.line, history.line, from, length);
    for (const [index, track] of tracks.quantiles.entries()) copy(track, history.quantiles?.[index], from, length);
    for (const [index, track] of tracks.buckets.entries()) copy(track, history.buckets?.[index], from, length);
    for (const [index, track] of tracks.states.entries()) copy(track, history.states?.[index], from, length);
  }

  /** Makes room for older samples. The samples that there are begin in slot 0, because the ring is not full. */
  #shift(length: number): void {
    for (const track of this.#tracks) {
      track.copyWithin(length, 0, this.count);
      track.fill(Number.NaN, 0, length);
    }
    this.times.copyWithin(length, 0, this.count);
    this.count += length;
  }
}

/** The value that the line of a family shows: a rate, or the value of a gauge. */
function lineValue({ type }: Pick<Family, 'type'>, { value, rate }: FamilyValues): number {
  const hasRate = type === 'counter' || type === 'histogram' || type === 'summary';
  return hasRate ? (rate ?? Number.NaN) : numberOf(value);
}

function copy(track: Track, line: Line | undefined, from: number, length: number): void {
  for (let index = 0; index < length; index++) track[index] = line?.[from + index] ?? Number.NaN;
}
