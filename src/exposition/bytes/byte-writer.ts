import { goFloat } from '../../model/float-layout.ts';
import type { EncodedValues } from '../../model/label-values.ts';
import type { Fragment } from './fragment.ts';
import { MAX_DECIMALS, MAX_DIGITS, writeDecimals, writeDigits } from './number-text.ts';
import { PieceBuffer } from './piece-buffer.ts';

/** Longer fragments are copied faster by the engine than in steps. */
const STEPS_UP_TO = 128;
/** Maximum length of a text that is written character by character. */
const SHORT = 64;
const FIRST_BEYOND_ASCII = 0x80;
const LINE_FEED = 0x0a;
/** `} ` as a 16-bit integer, the first byte lowest. */
const CLOSE = 0x207d;

/**
 * Buffer that encoders write to: texts, numbers as text, and the fields of protobuf messages.
 *
 * @example
 * ```ts
 * import { ByteWriter } from 'zeroprom/exposition';
 *
 * const writer = new ByteWriter();
 * writer.text('answer ');
 * writer.number(42);
 * console.log(writer.take().toString()); // answer 42
 * ```
 */
export class ByteWriter extends PieceBuffer {
  /** Writes one byte. */
  byte(value: number): void {
    this.reserve(1);
    this.buffer[this.end++] = value;
  }

  /** Writes a text of characters below U+0080. */
  ascii(text: string): void {
    this.reserve(text.length);
    this.end += this.buffer.write(text, this.end, 'latin1');
  }

  /** Writes any text as UTF-8. Unpaired surrogates become U+FFFD. */
  text(text: string): void {
    this.reserve(text.length * 3); // UTF-8 needs at most three bytes per UTF-16 unit.
    if (text.length > SHORT || !this.#shortAscii(text)) this.end += this.buffer.write(text, this.end, 'utf8');
  }

  /** Calling the engine's encoder takes longer than most label values. Returns false for other characters than ASCII. */
  #shortAscii(text: string): boolean {
    const { buffer, end } = this;
    for (let index = 0; index < text.length; index++) {
      const code = text.charCodeAt(index);
      if (code >= FIRST_BEYOND_ASCII) return false;
      buffer[end + index] = code;
    }
    this.end = end + text.length;
    return true;
  }

  /** The memory that {@link claim} returns positions of. It may change with the next write. */
  get memory(): DataView {
    return this.view;
  }

  /**
   * Appends `count` bytes, which the caller writes to {@link memory}, and returns the position of the first. A copy may
   * touch `SLACK` bytes beyond the last. Bytes that turn out to be too many are rewound.
   */
  claim(count: number): number {
    this.reserve(count);
    const at = this.end;
    this.end = at + count;
    return at;
  }

  /** Copies all written bytes to a position of other ones. */
  copyTo(bytes: Uint8Array, at: number): void {
    const { buffer, end } = this;
    if (end > SHORT) bytes.set(buffer.subarray(0, end), at);
    else for (let index = 0; index < end; index++) bytes[at + index] = buffer[index]!;
  }

  /** Writes a copy of a fragment. */
  fragment({ bytes, view, start, length }: Fragment): void {
    this.#copy(bytes, view, start, length);
  }

  /** Writes, for each list, the value whose id is at the same index, counted from `first`. */
  values(lists: readonly EncodedValues[], ids: Int32Array, first: number): void {
    for (let index = 0; index < lists.length; index++) {
      const list = lists[index]!;
      const id = ids[first + index]!;
      const { places } = list;
      if (id * 2 >= places.length || places[id * 2 + 1] === 0) list.add(id);
      this.#copy(list.bytes, list.view, places[id * 2]!, places[id * 2 + 1]!);
    }
  }

  /** Replaces the last byte, a comma, by `} `. */
  closeLabels(): void {
    this.view.setUint16(this.end - 1, CLOSE, true);
    this.end += 1;
  }

  /**
   * Copies in steps of eight bytes, as doubles: the fastest way to copy a few bytes. It writes up to seven bytes too
   * many, which the next write overwrites. An engine might change the bits of a NaN; with the lowest byte first,
   * neither UTF-8 text nor the length of a short field looks like one.
   */
  #copy(bytes: Uint8Array, view: DataView, start: number, length: number): void {
    const at = this.end;
    if (length > STEPS_UP_TO || at + length > this.limit) {
      this.bytes(bytes.subarray(start, start + length));
      return;
    }
    const to = this.view;
    for (let offset = 0; offset < length; offset += 8) {
      to.setFloat64(at + offset, view.getFloat64(start + offset, true), true);
    }
    this.end = at + length;
  }

  /** Writes a copy of the bytes at an earlier position, which must still be in the buffer. */
  repeat(position: number, length: number): void {
    this.#copy(this.buffer, this.view, position - this.taken, length);
  }

  /**
   * Writes the shortest digits that read back as `value`. Integers up to 2 ** 53 have no exponent; other values are
   * `NaN`, `+Inf` and `-Inf`.
   */
  number(value: number): void {
    // Most values are small. Creating a string for each would be most of the work of a scrape.
    this.reserve(MAX_DECIMALS);
    const isSmall = (value | 0) === value && value >= 0;
    const at = this.end;
    const end = isSmall ? writeDigits(this.view, at, value) : writeDecimals(this.view, at, value);
    if (end < 0) this.ascii(numberText(value));
    else this.end = end;
  }

  /** Writes a number and a line feed, in one step if it is a small integer, as most are. */
  numberLine(value: number): void {
    const at = this.end;
    if ((value | 0) === value && value >= 0 && at + MAX_DIGITS < this.limit) {
      this.end = writeDigits(this.view, at, value) + 1; // It wrote the line feed as well.
      return;
    }
    this.number(value);
    this.byte(LINE_FEED);
  }

  /** Like {@link numberLine}, but writes all digits of integers. */
  countLine(value: number): void {
    if (value <= 2 ** 53) this.numberLine(value);
    else {
      this.count(value);
      this.byte(LINE_FEED);
    }
  }

  /** Like {@link number}, but writes all digits of integers. */
  count(value: number): void {
    if (Number.isInteger(value) && value > 2 ** 53) this.ascii(BigInt(value).toString());
    else this.number(value);
  }

  /** Writes a time in seconds, without an exponent. */
  seconds(value: number): void {
    if (value !== 0 && Math.abs(value) < 1e-6) this.ascii(value.toFixed(9));
    else this.number(value);
  }

  /** Writes a double as eight bytes, the lowest first. */
  double(value: number): void {
    this.reserve(8);
    this.view.setFloat64(this.end, value + 0, true); // Adding 0 drops the sign of -0, as in the text formats.
    this.end += 8;
  }

  /** Writes a protobuf field with a key below 128 and a double. */
  doubleField(key: number, value: number): void {
    this.byte(key);
    this.double(value);
  }

  /**
   * Starts a protobuf field that is a message, whose length is likely to have `lengthBytes` bytes. Returns the position to
   * pass to {@link close}.
   */
  open(key: number, lengthBytes = 1): number {
    if (key < 0x80) this.byte(key);
    else this.varint(key);
    this.reserve(lengthBytes);
    this.end += lengthBytes;
    return this.position;
  }
}

function numberText(value: number): string {
  // Collectors may be written in JavaScript.
  if (typeof value !== 'number') throw new TypeError(`A value must be a number, got ${typeof value}.`);
  return Math.abs(value) > 2 ** 53 ? goFloat(value) : String(value);
}
