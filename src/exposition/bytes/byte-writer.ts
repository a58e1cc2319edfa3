import { goFloat } from '../../model/float-layout.ts';
import type { EncodedValues } from '../../model/label-values.ts';
import type { Fragment } from './fragment.ts';
import { MAX_DECIMALS, MAX_DIGITS, writeDecimals, writeDigits } from './number-text.ts';
import { PieceBuffer } from './piece-buffer.ts';

/** Longer fragments are faster copied by the engine than in steps. */
const STEPS_UP_TO = 128;
const LINE_FEED = 0x0a;
/** `} `, the first byte the lowest. */
const CLOSE = 0x207d;

/** What formats write: texts, numbers as text, numbers and messages as protobuf has them. */
export class ByteWriter extends PieceBuffer {
  byte(value: number): void {
    this.reserve(1);
    this.buffer[this.end++] = value;
  }

  /** A text of characters below U+0080. */
  ascii(text: string): void {
    this.reserve(text.length);
    this.end += this.buffer.write(text, this.end, 'latin1');
  }

  /** Any text; what is no well-formed UTF-16 becomes U+FFFD. */
  text(text: string): void {
    this.reserve(text.length * 3); // UTF-8 takes at most three bytes for each UTF-16 unit.
    this.end += this.buffer.write(text, this.end, 'utf8');
  }

  fragment({ bytes, view, start, length }: Fragment): void {
    this.#copy(bytes, view, start, length);
  }

  /** Of each list the value with the id at the same index, counted from `first`. */
  values(lists: readonly EncodedValues[], ids: Int32Array, first: number): void {
    for (let index = 0; index < lists.length; index++) {
      const list = lists[index]!;
      const id = ids[first + index]!;
      const { places } = list;
      if (id * 2 >= places.length || places[id * 2 + 1] === 0) list.add(id);
      this.#copy(list.bytes, list.view, places[id * 2]!, places[id * 2 + 1]!);
    }
  }

  /** `} ` in place of the last byte, a comma. */
  closeLabels(): void {
    this.view.setUint16(this.end - 1, CLOSE, true);
    this.end += 1;
  }

  /**
   * Copies in steps of eight bytes, as doubles: the fastest copy of a few bytes there is. It writes up to seven bytes
   * too many, which the next write covers. An engine might change the bits of a NaN: with the lowest byte first, no
   * UTF-8 text looks like one, nor do the lengths of short fields.
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

  /** Writes again what stands at `position`, a place before, in full. */
  repeat(position: number, length: number): void {
    this.#copy(this.buffer, this.view, position - this.taken, length);
  }

  /** The shortest digits that read back as `value`; whole numbers up to 2 ** 53 plain; `NaN`, `+Inf`, `-Inf`. */
  number(value: number): void {
    // Most values are small, and a string for each would be most of the work of a scrape.
    this.reserve(MAX_DECIMALS);
    const isSmall = (value | 0) === value && value >= 0;
    const at = this.end;
    const end = isSmall ? writeDigits(this.view, at, value) : writeDecimals(this.view, at, value);
    if (end < 0) this.ascii(numberText(value));
    else this.end = end;
  }

  /** A number and the end of the line. In one step where it is small, as most lines end so. */
  numberLine(value: number): void {
    const at = this.end;
    if ((value | 0) === value && value >= 0 && at + MAX_DIGITS < this.limit) {
      this.end = writeDigits(this.view, at, value) + 1; // It has written the line feed too.
      return;
    }
    this.number(value);
    this.byte(LINE_FEED);
  }

  /** As `numberLine()`, but whole numbers in all their digits. */
  countLine(value: number): void {
    if (value <= 2 ** 53) this.numberLine(value);
    else {
      this.count(value);
      this.byte(LINE_FEED);
    }
  }

  /** As `number()`, but whole numbers in all their digits. */
  count(value: number): void {
    if (Number.isInteger(value) && value > 2 ** 53) this.ascii(BigInt(value).toString());
    else this.number(value);
  }

  /** A time in seconds: decimals, where `number()` might write an exponent. */
  seconds(value: number): void {
    if (value !== 0 && Math.abs(value) < 1e-6) this.ascii(value.toFixed(9));
    else this.number(value);
  }

  /** Eight bytes, the lowest first. */
  double(value: number): void {
    this.reserve(8);
    this.view.setFloat64(this.end, value + 0, true); // Adding 0 drops the sign of -0, which the text formats do not write.
    this.end += 8;
  }

  /** A field with this key, below 128, and eight bytes. */
  doubleField(key: number, value: number): void {
    this.byte(key);
    this.double(value);
  }

  /** Begins a field that is a message: its length is to stand before it. Gives what `close()` takes. */
  open(key: number): number {
    if (key < 0x80) this.byte(key);
    else this.varint(key);
    this.reserve(1);
    this.end++;
    return this.position;
  }
}

function numberText(value: number): string {
  // What collectors return is not checked by the compiler where they are JavaScript.
  if (typeof value !== 'number') throw new TypeError(`A value is a number, not ${typeof value}.`);
  if (value === Number.POSITIVE_INFINITY) return '+Inf';
  if (value === Number.NEGATIVE_INFINITY) return '-Inf';
  return Math.abs(value) > 2 ** 53 ? goFloat(value) : String(value);
}
