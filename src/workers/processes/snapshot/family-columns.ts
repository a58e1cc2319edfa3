import type { DirectCollector } from '../../../model/collector.ts';
import type { Encoder } from '../../../model/encoder.ts';
import type { Descriptor, Exemplar, MetricType, Point } from '../../../model/family.ts';
import type { LabelSet } from '../../../model/label-set.ts';
import { NO_LABELS } from '../../../model/label-set.ts';
import { isSameNames } from '../../../model/labels.ts';
import type { ColumnBlock } from '../../merge/column-block.ts';
import { nativeAt, nativeOffsets } from './native-numbers.ts';

/** Properties that the rows of a block share, besides their label names. */
export interface Shape {
  /** Upper bounds of histograms, quantiles of summaries. */
  readonly bounds: readonly number[];
  /** States of state sets. */
  readonly states: readonly string[];
  /** Whether histograms have native buckets. */
  readonly isNative: boolean;
  /** Whether gauges and state sets have the time at which they were set, after their values. */
  readonly hasSetTimes: boolean;
}

/** Exemplars of a row: of each bucket, or of a counter as the only one; and those of a native histogram. */
export interface RowExemplars {
  readonly slots: readonly (Exemplar | undefined)[];
  readonly native: readonly Exemplar[];
}

/** Consecutive rows with the same label names and the same shape. */
export interface Block extends ColumnBlock {
  readonly shape: Shape;
  /** For each row, `rowWidth()` numbers; then the native buckets of each row. */
  readonly numbers: Float64Array;
  readonly exemplars: ReadonlyMap<number, RowExemplars>;
}

/** Returns how many numbers each row has. */
export function rowWidth(type: MetricType, { bounds, states, hasSetTimes }: Shape): number {
  switch (type) {
    case 'counter':
    case 'unknown':
      return 1;
    case 'gauge':
      return hasSetTimes ? 2 : 1;
    case 'histogram':
    case 'gaugehistogram':
      return bounds.length + 3; // With the bucket up to +Inf, count and sum.
    case 'summary':
      return bounds.length + 2;
    case 'info':
      return 0;
    case 'stateset':
      return states.length + Number(hasSetTimes);
  }
}

/** The series of a family at one moment. They never change, so they can be encoded at any time. */
export class FamilyColumns implements DirectCollector {
  readonly descriptor: Descriptor;
  readonly blocks: readonly Block[];
  readonly rowCount: number;
  readonly isPassive = true;

  constructor(descriptor: Descriptor, blocks: readonly Block[]) {
    this.descriptor = descriptor;
    this.blocks = blocks;
    this.rowCount = blocks.reduce((rows, { startTimes }) => rows + startTimes.length, 0);
  }

  get isEmpty(): boolean {
    return this.rowCount === 0;
  }

  get seriesLabelNames(): readonly string[] {
    return this.blocks.length === 1 ? this.blocks[0]!.names : [...new Set(this.blocks.flatMap(({ names }) => names))];
  }

  encode(encoder: Encoder, from: number, to: number): void {
    let start = 0;
    for (const block of this.blocks) {
      const rows = block.startTimes.length;
      const first = Math.max(from - start, 0);
      const end = Math.min(to - start, rows);
      if (first < end) encodeBlock(block, this.descriptor.type, encoder, first, end);
      start += rows;
    }
  }

  pin(): void {}
  unpin(): void {}

  /** Whether both have the same series in the same order. */
  hasSeriesOf({ blocks }: FamilyColumns): boolean {
    return (
      this.blocks.length === blocks.length && this.blocks.every((block, index) => isSameBlock(block, blocks[index]!))
    );
  }

  /** Returns the rows whose total is less than in an earlier copy of the same series. */
  rowsBelow({ blocks }: FamilyColumns): number[] {
    const rows: number[] = [];
    let start = 0;
    for (const [index, { numbers, shape, startTimes }] of this.blocks.entries()) {
      const earlier = blocks[index]!.numbers;
      const width = rowWidth(this.descriptor.type, shape);
      let at = totalColumn(this.descriptor, width);
      for (let row = 0; row < startTimes.length; row++, at += width) {
        if (numbers[at]! < earlier[at]!) rows.push(start + row);
      }
      start += startTimes.length;
    }
    return rows;
  }

  /** The value of a counter, or the number of observations of a distribution. */
  totalOf(row: number): number {
    let start = 0;
    for (const { startTimes, numbers, shape } of this.blocks) {
      const width = rowWidth(this.descriptor.type, shape);
      if (row < start + startTimes.length) return numbers[(row - start) * width + totalColumn(this.descriptor, width)]!;
      start += startTimes.length;
    }
    return 0;
  }
}

function totalColumn({ type }: Descriptor, width: number): number {
  return type === 'histogram' ? width - 2 : 0;
}

function isSameBlock(one: Block, other: Block): boolean {
  return (
    isSameNames(one.names, other.names) &&
    one.values.every((values, index) => values === other.values[index]) &&
    isSameShape(one.shape, other.shape) &&
    isSameMemory(one.ids, other.ids) &&
    isSameMemory(one.startTimes, other.startTimes)
  );
}

/** Whether blocks may be joined. */
export function isSameShape(one: Shape, other: Shape): boolean {
  if (one === other) return true;
  return (
    one.isNative === other.isNative &&
    one.hasSetTimes === other.hasSetTimes &&
    one.bounds.length === other.bounds.length &&
    one.bounds.every((bound, index) => bound === other.bounds[index]) &&
    isSameNames(one.states, other.states)
  );
}

/** Whether two arrays contain the same bytes. */
export function isSameMemory(one: ArrayBufferView, other: ArrayBufferView): boolean {
  return one === other || bytesOf(one).equals(bytesOf(other));
}

export function bytesOf({ buffer, byteOffset, byteLength }: ArrayBufferView): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}

/** Shows the rows of a block one after another as one reused point. */
class BlockCursor implements Point {
  readonly labels: LabelSet;
  readonly timestamp = undefined;
  startTimestamp: number | undefined = undefined;
  setTimestamp: number | undefined = undefined;
  readonly #block: Block;

  constructor(block: Block) {
    const { names, values } = block;
    this.labels = names.length === 0 ? NO_LABELS : { names, values, ids: new Int32Array(names.length) };
    this.#block = block;
  }

  goTo(row: number): void {
    const { ids } = this.labels;
    const all = this.#block.ids;
    for (let index = 0, at = row * ids.length; index < ids.length; index++, at++) ids[index] = all[at]!;
    const start = this.#block.startTimes[row]!;
    this.startTimestamp = Number.isNaN(start) ? undefined : start;
  }
}

function encodeBlock(block: Block, type: MetricType, encoder: Encoder, from: number, to: number): void {
  const { numbers, shape, exemplars } = block;
  const point = new BlockCursor(block);
  const width = rowWidth(type, shape);
  const natives = shape.isNative ? nativeOffsets(numbers, block.startTimes.length, width) : [];
  for (let row = from; row < to; row++) {
    const at = row * width;
    point.goTo(row);
    switch (type) {
      case 'counter':
        encoder.counter(point, numbers[at]!, exemplars.get(row)?.slots[0]);
        break;
      case 'gauge':
        if (shape.hasSetTimes) point.setTimestamp = numbers[at + 1]!;
        encoder.gauge(point, numbers[at]!);
        break;
      case 'unknown':
        encoder.unknown(point, numbers[at]!);
        break;
      case 'histogram':
      case 'gaugehistogram': {
        const kept = exemplars.get(row);
        encoder.histogram(point, {
          upperBounds: shape.bounds,
          bucketCounts: numbers.subarray(at, at + width - 2),
          count: numbers[at + width - 2]!,
          sum: numbers[at + width - 1]!,
          exemplars: kept?.slots,
          native: shape.isNative ? nativeAt(numbers, natives[row]!, kept?.native) : undefined,
        });
        break;
      }
      case 'summary':
        encoder.summary(point, {
          count: numbers[at]!,
          sum: numbers[at + 1]!,
          quantiles: shape.bounds.map((quantile, index) => ({ quantile, value: numbers[at + 2 + index]! })),
        });
        break;
      case 'info':
        encoder.info(point);
        break;
      case 'stateset':
        if (shape.hasSetTimes) point.setTimestamp = numbers[at + width - 1]!;
        encoder.stateSet(point, { states: shape.states, enabled: numbers.subarray(at, at + shape.states.length) });
        break;
    }
  }
}
