import type { Exemplar } from '../../model/family.ts';
import { isSameNames } from '../../model/labels.ts';
import { ROWS, type RowSource, type SampleRows, type Utf8Text } from '../../model/sample-rows.ts';
import { ByteLog, ByteLogReader } from './byte-log.ts';
import type { PointDraft } from './points.ts';
import { labelsOf } from './series-index.ts';

// Properties of a point, as bits of its first byte.
/** The label names differ from those of the previous point. */
const HAS_NAMES = 1;
const IS_INTEGER = 2;
const HAS_TIMESTAMP = 4;
const HAS_START = 8;
const HAS_EXEMPLARS = 16;

/** Number of lists of label names that are compared with those of a point. Others are kept again. */
const MAX_COMPARED = 16;

/** Value and times of a point. */
type Numbers = Pick<PointDraft<number>, 'value'> & {
  readonly timestamp?: number | undefined;
  readonly startTimestamp?: number | undefined;
};

type Exemplars = Pick<PointDraft<number>, 'exemplar' | 'exemplars'>;

/**
 * Points of numbers as bytes: a series of a typical document takes a fifth of its line, where an object with its labels takes
 * one to three times the line. A label value is stored as what differs from the value of the previous point. Each iteration
 * creates the points anew.
 */
export class PackedPoints implements Iterable<PointDraft<number>>, RowSource {
  length = 0;
  /** Whether the points have neither times nor exemplars. */
  haveOnlyValues = true;
  readonly #log = new ByteLog();
  /** Lists of label names, which points have by their index. */
  readonly #nameLists: (readonly string[])[] = [];
  readonly #exemplars: Exemplars[] = [];
  #lastNames: readonly string[] = [];
  /** Last values by the index of their label, whatever its name. */
  readonly #lastTexts: LastText[] = [];

  static of(points: Iterable<PointDraft<number>>): PackedPoints {
    const packed = new PackedPoints();
    for (const point of points) packed.push(point);
    return packed;
  }

  push(point: PointDraft<number>): void {
    const { labels, exemplar, exemplars } = point;
    const values = Object.values(labels).map(String);
    const hasExemplars = exemplar !== undefined || exemplars !== undefined;
    const kept = { ...(exemplar !== undefined && { exemplar }), ...(exemplars !== undefined && { exemplars }) };
    this.add(Object.keys(labels), values, point, hasExemplars ? kept : undefined);
  }

  /** Like `push()`, for a point that is not an object. `names` must not change afterwards; `values` may. */
  add(names: readonly string[], values: readonly string[], numbers: Numbers, exemplars?: Exemplars): void {
    const { value, timestamp, startTimestamp } = numbers;
    const log = this.#log;
    log.reserve(maximumBytes(values));
    const hasNames = names !== this.#lastNames && !isSameNames(names, this.#lastNames);
    const flags = flagsOf(numbers, hasNames, exemplars !== undefined);
    log.byte(flags);
    if (flags >= HAS_TIMESTAMP) this.haveOnlyValues = false;
    if (hasNames) this.#setNames(names);
    if ((flags & IS_INTEGER) !== 0) log.integer(value);
    else log.double(value);
    if (timestamp !== undefined) log.double(timestamp);
    if (startTimestamp !== undefined) log.double(startTimestamp);
    if (exemplars !== undefined) this.#exemplars.push(exemplars);
    for (let index = 0; index < values.length; index++) this.#lastTexts[index]!.write(values[index]!, log);
    this.length++;
  }

  /** Whether the points of both are known to be equal and in the same order, without creating them: by their bytes. */
  isSame(other: PackedPoints): boolean {
    if (this.length !== other.length || this.#exemplars.length + other.#exemplars.length > 0) return false;
    const [lists, blocks] = [other.#nameLists, other.#log.blocks];
    return (
      this.#nameLists.length === lists.length &&
      this.#nameLists.every((names, index) => isSameNames(names, lists[index]!)) &&
      this.#log.blocks.length === blocks.length &&
      this.#log.blocks.every((block, index) => block.equals(blocks[index]!))
    );
  }

  /** Returns the points that `change` returns for these points. */
  map(change: (point: PointDraft<number>) => PointDraft<number>): PackedPoints {
    const changed = new PackedPoints();
    for (const point of this) changed.push(change(point));
    return changed;
  }

  *[Symbol.iterator](): Iterator<PointDraft<number>> {
    for (const row = this[ROWS](); row.next(); ) {
      const { labelNames, labelValues, value, timestamp, startTimestamp, kept } = row;
      const point: PointDraft<number> = { labels: labelsOf(labelNames, labelValues), value };
      if (timestamp !== undefined) point.timestamp = timestamp;
      if (startTimestamp !== undefined) point.startTimestamp = startTimestamp;
      yield kept === undefined ? point : Object.assign(point, kept);
    }
  }

  [ROWS](): PackedRows {
    return new PackedRows(this.#log, this.#nameLists, this.#exemplars);
  }

  #setNames(names: readonly string[]): void {
    const lists = this.#nameLists;
    const known = lists.slice(0, MAX_COMPARED).findIndex((list) => isSameNames(list, names));
    const index = known < 0 ? lists.push(names) - 1 : known;
    this.#log.integer(index);
    this.#lastNames = lists[index]!;
    while (this.#lastTexts.length < names.length) this.#lastTexts.push(new LastText());
  }
}

function flagsOf({ value, timestamp, startTimestamp }: Numbers, hasNames: boolean, hasExemplars: boolean): number {
  const isInteger = value >>> 0 === value && !Object.is(value, -0);
  return (
    (hasNames ? HAS_NAMES : 0) |
    (isInteger ? IS_INTEGER : 0) |
    (timestamp === undefined ? 0 : HAS_TIMESTAMP) |
    (startTimestamp === undefined ? 0 : HAS_START) |
    (hasExemplars ? HAS_EXEMPLARS : 0)
  );
}

/** Reads the points from their bytes. */
class PackedRows implements SampleRows {
  labelNames: readonly string[] = [];
  labelTexts: readonly LastText[] = [];
  value = 0;
  timestamp: number | undefined = undefined;
  startTimestamp: number | undefined = undefined;
  kept: Exemplars | undefined = undefined;
  readonly #log: ByteLogReader;
  readonly #nameLists: readonly (readonly string[])[];
  readonly #exemplars: readonly Exemplars[];
  #nextExemplars = 0;
  /** Texts by the index of their label; the last ones may belong to labels that the point does not have. */
  readonly #texts: LastText[] = [];

  constructor(log: ByteLog, nameLists: readonly (readonly string[])[], exemplars: readonly Exemplars[]) {
    this.#log = new ByteLogReader(log);
    this.#nameLists = nameLists;
    this.#exemplars = exemplars;
  }

  get labelValues(): readonly string[] {
    return this.labelTexts.map(({ text }) => text);
  }

  get exemplar(): Exemplar | undefined {
    return this.kept?.exemplar;
  }

  next(): boolean {
    const log = this.#log;
    if (!log.hasMore()) return false;
    const flags = log.byte();
    if ((flags & HAS_NAMES) !== 0) this.#setNames(this.#nameLists[log.integer()]!);
    this.value = (flags & IS_INTEGER) === 0 ? log.double() : log.integer();
    this.timestamp = (flags & HAS_TIMESTAMP) === 0 ? undefined : log.double();
    this.startTimestamp = (flags & HAS_START) === 0 ? undefined : log.double();
    this.kept = (flags & HAS_EXEMPLARS) === 0 ? undefined : this.#exemplars[this.#nextExemplars++];
    const texts = this.labelTexts;
    for (let index = 0; index < texts.length; index++) texts[index]!.read(log);
    return true;
  }

  #setNames(names: readonly string[]): void {
    while (this.#texts.length < names.length) this.#texts.push(new LastText());
    this.labelNames = names;
    this.labelTexts = this.#texts.slice(0, names.length);
  }
}

/** Bytes of the flags, the index of the label names and three numbers. */
const NUMBER_BYTES = 30;
/** Bytes of the two lengths of a text. */
const LENGTH_BYTES = 10;

/** A character has at most three bytes for each UTF-16 unit. */
function maximumBytes(values: readonly string[]): number {
  let bytes = NUMBER_BYTES;
  for (let index = 0; index < values.length; index++) bytes += LENGTH_BYTES + values[index]!.length * 3;
  return bytes;
}

const FIRST_BEYOND_ASCII = 0x80;
const FIRST_TEXT_BYTES = 32;
/** Mark of a text that equals the previous one; other marks are one more than the length of the common prefix. */
const SAME = 0;

/** The last value of a label, in UTF-8. */
class LastText implements Utf8Text {
  bytes = Buffer.allocUnsafeSlow(FIRST_TEXT_BYTES);
  length = 0;
  #isAscii = true;
  #text: string | undefined = '';

  write(text: string, log: ByteLog): void {
    const { length } = text;
    if (length > this.bytes.length) this.#grow(length);
    const bytes = this.bytes;
    const end = Math.min(length, this.length);
    let at = 0;
    for (let code = text.charCodeAt(0); at < end && code === bytes[at] && code < FIRST_BEYOND_ASCII; ) {
      code = text.charCodeAt(++at);
    }
    if (at === length && at === this.length) {
      log.byte(SAME);
      return;
    }
    log.integer(at + 1);
    const lengthAt = log.at;
    log.integer(length - at);
    const start = at;
    for (; at < length; at++) {
      const code = text.charCodeAt(at);
      if (code >= FIRST_BEYOND_ASCII) {
        log.at = lengthAt;
        this.#writeBytes(Buffer.from(text.slice(start)), start, log);
        return;
      }
      bytes[at] = code;
      log.byte(code);
    }
    this.length = length;
  }

  /** Reads the next value. */
  read(log: ByteLogReader): void {
    const mark = log.integer();
    if (mark === SAME) return;
    const start = mark - 1;
    const end = start + log.integer();
    if (end > this.bytes.length) this.#grow(end);
    const { bytes } = this;
    for (let at = start; at < end; at++) {
      const byte = log.byte();
      bytes[at] = byte;
      if (byte >= FIRST_BEYOND_ASCII) this.#isAscii = false;
    }
    this.length = end;
    this.#text = undefined;
  }

  get text(): string {
    this.#text ??= this.bytes.toString(this.#isAscii ? 'latin1' : 'utf8', 0, this.length);
    return this.#text;
  }

  #writeBytes(rest: Buffer, start: number, log: ByteLog): void {
    log.integer(rest.length);
    const end = start + rest.length;
    if (end > this.bytes.length) this.#grow(end);
    for (const [index, byte] of rest.entries()) {
      this.bytes[start + index] = byte;
      log.byte(byte);
    }
    this.length = end;
  }

  #grow(length: number): void {
    const bytes = Buffer.allocUnsafeSlow(Math.max(length, this.bytes.length * 2));
    this.bytes.copy(bytes);
    this.bytes = bytes;
  }
}
