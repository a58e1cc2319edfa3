import { isUtf8 } from 'node:buffer';

const TWO_32 = 2 ** 32;
const REPLACEMENT = '\uFFFD';
const VARINT = 0;
const FIXED64 = 1;
const BYTES = 2;
const START_GROUP = 3;
const END_GROUP = 4;
const FIXED32 = 5;
/** Maximum number of fields and packed numbers of a message, below the maximum length of an array. */
const MAX_ELEMENTS = 2 ** 26;
/** Maximum length of a repeated number: the buckets of a native histogram. */
const MAX_NUMBERS = 2 ** 18;
/** Number of fields between two calls of `poll`. */
const ELEMENTS_PER_POLL = 2 ** 12;

/** A problem with a message, and its byte offset in the document. */
export class WireError extends Error {
  readonly at: number;

  constructor(expected: string, at: number) {
    super(expected);
    this.at = at;
  }
}

/** Range of the message in the buffer. Default: all bytes. */
interface WireSpan {
  readonly start?: number;
  readonly end?: number;
  readonly poll?: (() => void) | undefined;
}

/** Reads the fields of a protobuf message: bytes [at, end) of a buffer. Throws a `WireError` if they are invalid. */
export class WireReader {
  readonly bytes: Buffer;
  at: number;
  end: number;
  /** Number and wire type of the field that `next()` found. */
  field = 0;
  wireType = 0;
  /** Whether the last text of `anyString()` was valid UTF-8. */
  wasText = true;
  /** Whether the document is read strictly, or as Prometheus does. */
  readonly isStrict: boolean;
  readonly #view: DataView;
  readonly #poll: () => void;
  /** The last 64-bit integer read, if a double cannot hold it. */
  #exact: bigint | undefined;
  #elements = 0;

  /** `poll` is called regularly and may throw to stop reading a long message. */
  constructor(bytes: Buffer, isStrict: boolean, { start = 0, end = bytes.length, poll = () => {} }: WireSpan = {}) {
    this.bytes = bytes;
    this.isStrict = isStrict;
    this.at = start;
    this.end = end;
    this.#poll = poll;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** Moves to the next field; false at the end of the message. */
  next(): boolean {
    if (this.at >= this.end) return false;
    this.#count();
    const tag = this.#varint();
    this.field = Math.floor(tag / 8);
    this.wireType = tag % 8;
    if (tag >= TWO_32) this.#readLongTag(tag);
    if (this.field <= 0) this.fail('a field number');
    return true;
  }

  /** Prometheus takes the lowest 32 bits of a field number that is too large. */
  #readLongTag(tag: number): void {
    if (this.isStrict) this.fail('a field number');
    const exact = this.#exact ?? BigInt(tag);
    this.field = Number(BigInt.asIntN(32, exact >> 3n));
    this.wireType = Number(exact & 7n);
  }

  uint64(): number {
    this.#expect(VARINT);
    return this.#varint();
  }

  int64(): number {
    const value = this.uint64();
    const exact = this.#exact ?? BigInt(value);
    return exact < 1n << 63n ? value : this.#rounded(exact - (1n << 64n));
  }

  /** Reads the lowest 32 bits of an integer, as protobuf parsers do for 32-bit fields. */
  uint32(): number {
    const value = this.uint64();
    return this.#exact === undefined ? value % TWO_32 : Number(BigInt.asUintN(32, this.#exact));
  }

  int32(): number {
    return this.uint32() | 0;
  }

  sint32(): number {
    const value = this.uint32();
    return (value >>> 1) ^ -(value & 1);
  }

  sint64(): number {
    this.#expect(VARINT);
    return this.#zigzag();
  }

  double(): number {
    this.#expect(FIXED64);
    return this.#float64();
  }

  string(): string {
    this.#expect(BYTES);
    const start = this.#length();
    const text = this.bytes.toString('utf8', start, this.at);
    // The decoder replaces invalid UTF-8 with this character, but the document may also contain it.
    if (text.includes(REPLACEMENT) && !isUtf8(this.bytes.subarray(start, this.at))) this.fail('valid UTF-8', start);
    return text;
  }

  /** As `string()`, but replaces invalid UTF-8, which some servers accept, and sets `wasText` to false. */
  anyString(): string {
    if (this.isStrict) return this.string();
    this.#expect(BYTES);
    const start = this.#length();
    const text = this.bytes.toString('utf8', start, this.at);
    this.wasText = !text.includes(REPLACEMENT) || isUtf8(this.bytes.subarray(start, this.at));
    return text;
  }

  /** Reads the message in this field with `read`, and continues after it. */
  message<T>(read: (reader: WireReader) => T): T {
    this.#expect(BYTES);
    const { end } = this;
    const start = this.#length();
    const after = this.at;
    this.at = start;
    this.end = after;
    const value = read(this);
    this.at = after;
    this.end = end;
    return value;
  }

  /** Adds the numbers of a repeated field, packed (proto3) or one per field (proto2). */
  repeatedDouble(numbers: number[]): void {
    if (this.wireType !== BYTES) this.#push(numbers, this.double());
    else for (const end = this.#packed(); this.at < end; this.#count()) this.#push(numbers, this.#float64());
  }

  repeatedSint64(numbers: number[]): void {
    if (this.wireType !== BYTES) this.#push(numbers, this.sint64());
    else for (const end = this.#packed(); this.at < end; this.#count()) this.#push(numbers, this.#zigzag());
  }

  /** Skips the field that `next()` found. */
  skip(): void {
    let depth = 0;
    do {
      if (this.wireType === START_GROUP) depth++;
      else if (this.wireType === END_GROUP) depth--;
      else this.#skipValue();
      if (depth < 0) this.fail('a field');
      if (depth > 0 && !this.next()) this.fail('the end of a group');
    } while (depth > 0);
  }

  fail(expected: string, at: number = this.at): never {
    throw new WireError(expected, at);
  }

  #push(numbers: number[], value: number): void {
    if (numbers.length >= MAX_NUMBERS) this.fail(`at most ${MAX_NUMBERS} buckets`);
    numbers.push(value);
  }

  #count(): void {
    this.#elements++;
    if (this.#elements % ELEMENTS_PER_POLL !== 0) return;
    if (this.#elements > MAX_ELEMENTS) this.fail(`a message of at most ${MAX_ELEMENTS} fields`);
    this.#poll();
  }

  #skipValue(): void {
    if (this.wireType === VARINT) this.#varint();
    else if (this.wireType === FIXED64) this.#advance(8);
    else if (this.wireType === FIXED32) this.#advance(4);
    else if (this.wireType === BYTES) this.#length();
    else this.fail('a wire type from 0 to 5');
  }

  #expect(wireType: number): void {
    if (this.wireType !== wireType) this.fail(`wire type ${wireType} in field ${this.field}`);
  }

  /** Reads a length and skips as many bytes; returns their start. */
  #length(): number {
    const length = this.#varint();
    const start = this.at;
    this.#advance(length);
    return start;
  }

  /** Goes to the first of the packed numbers; returns their end. */
  #packed(): number {
    const start = this.#length();
    const end = this.at;
    this.at = start;
    return end;
  }

  #varint(): number {
    let low = 0;
    for (let shift = 0; shift < 28; shift += 7) {
      const byte = this.#byte();
      low |= (byte & 0x7f) << shift;
      if (byte < 0x80) {
        this.#exact = undefined;
        return low;
      }
    }
    return this.#longVarint(low);
  }

  #zigzag(): number {
    const value = this.#varint();
    if (this.#exact === undefined) return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
    return this.#rounded((this.#exact >> 1n) ^ -(this.#exact & 1n));
  }

  #float64(): number {
    const { at } = this;
    this.#advance(8);
    return this.#view.getFloat64(at, true);
  }

  #advance(count: number): void {
    if (count > this.end - this.at) this.fail(`${count} more bytes`);
    this.at += count;
  }

  #byte(): number {
    if (this.at >= this.end) this.fail('another byte');
    return this.bytes[this.at++]!;
  }

  /** Reads the rest of an integer after its four lowest groups of seven bits. */
  #longVarint(low: number): number {
    let value = BigInt(low);
    for (let shift = 28n; shift < 70n; shift += 7n) {
      const byte = this.#byte();
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return this.#rounded(BigInt.asUintN(64, value));
    }
    return this.fail('an integer of at most ten bytes');
  }

  #rounded(value: bigint): number {
    const rounded = Number(value);
    this.#exact = BigInt(rounded) === value ? undefined : value;
    return rounded;
  }
}
