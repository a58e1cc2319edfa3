import type { Encoder } from '../../model/encoder.ts';
import type { Descriptor, Exemplar, HistogramValue, Point, StateSetValue, SummaryValue } from '../../model/family.ts';
import type { NumberRows } from '../../model/label-set.ts';
import { isSameFamily } from '../../registry/family-conflicts.ts';
import { HistoryMemory } from '../history/history-memory.ts';
import { ExemplarList } from './exemplar-list.ts';
import { FamilyRecord } from './family-record.ts';
import { SeriesBudget, type TrackedSeries } from './family-series.ts';

/** More families are only counted. */
const MAX_FAMILIES = 1000;
/** More series are only aggregated. */
const MAX_SERIES = 10_000;
/** More memory is not used: families and series that appear later have no history. */
const MAX_HISTORY_BYTES = 16 * 1024 * 1024;
/** A family that is missing is forgotten after this time: its collector may have failed once. */
const FORGET_SECONDS = 60;

/** Families by name, as they were in the latest sample. An encoder: it is filled by encoding a gathering into it. */
export class FamilyTable implements Encoder {
  readonly budget = new SeriesBudget(MAX_SERIES);
  readonly memory = new HistoryMemory(MAX_HISTORY_BYTES);
  /** Number of families that were left out of the latest sample. */
  omitted = 0;
  /** Number of the latest sample. */
  sample = 0;
  readonly #records = new Map<string, FamilyRecord>();
  readonly #missingSince = new Map<FamilyRecord, number>();
  #seconds: number | undefined;
  #current: FamilyRecord | undefined;
  #lastId = 0;

  get records(): readonly FamilyRecord[] {
    return [...this.#records.values()];
  }

  get(name: string): FamilyRecord | undefined {
    return this.#records.get(name);
  }

  isMissing({ seen }: FamilyRecord): boolean {
    return seen !== this.sample;
  }

  /** Begins a sample, `seconds` after the one before; undefined if the difference to that one means nothing. */
  begin(seconds: number | undefined): void {
    this.sample++;
    this.#seconds = seconds;
    this.omitted = 0;
    this.#current = undefined;
  }

  /** Ends a sample. `now` is a monotonic time in seconds. */
  end(now: number): void {
    this.#close();
    for (const [name, record] of this.#records) {
      if (!this.isMissing(record)) this.#missingSince.delete(record);
      else if (now - (this.#missingSince.get(record) ?? now) >= FORGET_SECONDS) this.#forget(name, record);
      else if (!this.#missingSince.has(record)) this.#missingSince.set(record, now);
    }
  }

  family(descriptor: Descriptor): void {
    this.#close();
    const known = this.#records.get(descriptor.name);
    if (known?.seen === this.sample) return; // A second family of this name is not shown.
    if (known !== undefined && isSameFamily(known.descriptor, descriptor)) this.#current = known;
    else {
      if (known !== undefined) this.#forget(descriptor.name, known);
      if (this.#records.size >= MAX_FAMILIES) return void this.omitted++;
      this.#lastId++;
      this.#current = new FamilyRecord(this.#lastId, descriptor, this);
      this.#records.set(descriptor.name, this.#current);
    }
    this.#current.beginSample(this.sample, this.#seconds);
    this.#current.exemplars?.begin();
  }

  counter(point: Point, value: number, exemplar?: Exemplar): void {
    if (exemplar !== undefined) this.#exemplar(point, exemplar);
    this.#number(point, value);
  }

  gauge(point: Point, value: number): void {
    this.#number(point, value);
  }

  unknown(point: Point, value: number): void {
    this.#number(point, value);
  }

  histogram(point: Point, value: HistogramValue): void {
    const { exemplars, native } = value;
    for (let index = 0; index < (exemplars?.length ?? 0); index++) {
      const exemplar = exemplars?.[index];
      if (exemplar !== undefined) this.#exemplar(point, exemplar);
    }
    for (const exemplar of native?.exemplars ?? []) this.#exemplar(point, exemplar);
    this.#current?.aggregate.histogram?.(this.#find(point), value);
  }

  summary(point: Point, value: SummaryValue): void {
    this.#current?.aggregate.summary?.(this.#find(point), value);
  }

  info(point: Point): void {
    this.#find(point);
    this.#current?.aggregate.info?.(point.labels);
  }

  stateSet(point: Point, value: StateSetValue): void {
    this.#current?.aggregate.stateSet?.(this.#find(point), value);
  }

  numbers({ names, values, ids, numbers }: NumberRows, first: number, end: number): boolean {
    const record = this.#current;
    if (record === undefined) return true;
    record.labelNames = names;
    for (let row = first; row < end; row++) {
      const at = row * names.length;
      if (ids[at]! < 0) continue;
      record.aggregate.number?.(record.series.find(names, values, ids, at), numbers[row]!);
    }
    return true;
  }

  /** The part that was read is shown, and the gathering reports the failure of the collector. */
  failed(): void {}

  #number(point: Point, value: number): void {
    this.#current?.aggregate.number?.(this.#find(point), value);
  }

  #find({ labels: { names, values, ids } }: Point): TrackedSeries | undefined {
    const record = this.#current;
    if (record === undefined) return undefined;
    record.labelNames = names;
    return record.series.find(names, values, ids, 0);
  }

  #exemplar({ labels }: Point, exemplar: Exemplar): void {
    if (this.#current === undefined) return;
    this.#current.exemplars ??= new ExemplarList();
    this.#current.exemplars.add(labels, exemplar);
  }

  #close(): void {
    this.#current?.endSample();
    this.#current = undefined;
  }

  #forget(name: string, record: FamilyRecord): void {
    record.end(this.memory);
    this.#records.delete(name);
    this.#missingSince.delete(record);
  }
}
