import type { EncodedValues } from '../model/label-values.ts';
import { MAX_DIGITS, writeDigits } from './digits.ts';
import { goFloat } from './float-layout.ts';
import { type Fragment, SLACK } from './fragment.ts';

const INITIAL_BYTES = 16 * 1024;
/** What was taken in pieces up to this size goes on being written in such pieces. */
const MAX_PIECE_BYTES = 256 * 1024;
const NOTHING = Buffer.alloc(0);
const NO_VIEW = new DataView(NOTHING.buffer);
/** Longer fragments are faster copied by the engine than in steps. */
const STEPS_UP_TO = 128;
const LINE_FEED = 0x0a;
const ZERO = 0x30;
const MINUS = 0x2d;
const POINT = 0x2e;
/** `} `, the first byte the lowest. */
const CLOSE = 0x207d;
/** Decimals up to a millionth and below a thousand million have at most 15 digits, which a double keeps apart. */
const DECIMALS_BELOW = 1e9;

type Allocate = (atLeast: number) => Buffer<ArrayBuffer>;

/** A buffer that grows as encoders write to it. */
export class ByteWriter {
  #bytes = NOTHING;
  #view = NO_VIEW;
  /** The size of the next buffer at least; it is made when there is something to write. */
  #capacity: number;
  #length = 0;
  /** Up to where can be written without a look: less than there is, as copies write a few bytes too many. */
  #limit = 0;
  #taken = 0;
  readonly #allocate: Allocate;

  /** `allocate` gives a buffer of that size or more, whose bytes may be anything; it may be one that was taken before. */
  constructor(capacity = INITIAL_BYTES, allocate: Allocate = Buffer.allocUnsafeSlow) {
    this.#capacity = capacity;
    this.#allocate = allocate;
  }

  /** How many bytes `take()` would give. */
  get length(): number {
    return this.#length;
  }

  /** Bytes written since the beginning. */
  get position(): number {
    return this.#taken + this.#length;
  }

  /** What `take()` would give, still this writer's own: good until something else is written. */
  get written(): Fragment {
    return { bytes: this.#bytes, view: this.#view, start: 0, length: this.#length };
  }

  /** What was written since the last `take()`. The bytes are the caller's: they are not written again by this. */
  take(): Buffer {
    const taken = this.#bytes.subarray(0, this.#length);
    this.#capacity = Math.min(this.#limit, MAX_PIECE_BYTES); // What is made for it has the size of what was taken.
    this.#bytes = NOTHING;
    this.#view = NO_VIEW;
    this.#limit = 0;
    this.#taken += this.#length;
    this.#length = 0;
    return taken;
  }

  /** Moves what `take()` would give to another writer. */
  drainTo(writer: ByteWriter): void {
    writer.bytes(this.#bytes.subarray(0, this.#length));
    this.#taken += this.#length;
    this.#length = 0;
  }

  /** Forgets what was written after `position`, of which nothing was taken. */
  rewind(position: number): void {
    this.#length = position - this.#taken;
  }

  /** Makes room for that many bytes. All that write do; it is for what comes in many pieces. */
  reserve(count: number): void {
    if (this.#length + count > this.#limit) this.#grow(count);
  }

  bytes(bytes: Uint8Array): void {
    this.reserve(bytes.length);
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  byte(value: number): void {
    this.reserve(1);
    this.#bytes[this.#length++] = value;
  }

  /** A text of characters below U+0080. */
  ascii(text: string): void {
    this.reserve(text.length);
    this.#length += this.#bytes.write(text, this.#length, 'latin1');
  }

  /** Any text; what is no well-formed UTF-16 becomes U+FFFD. */
  text(text: string): void {
    this.reserve(text.length * 3); // UTF-8 takes at most three bytes for each UTF-16 unit.
    this.#length += this.#bytes.write(text, this.#length, 'utf8');
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
    this.#view.setUint16(this.#length - 1, CLOSE, true);
    this.#length += 1;
  }

  /**
   * Copies in steps of eight bytes, as doubles: the fastest copy of a few bytes there is. It writes up to seven bytes
   * too many, which the next write covers. An engine might change the bits of a NaN: with the lowest byte first, no
   * UTF-8 text looks like one, nor do the lengths of short fields.
   */
  #copy(bytes: Uint8Array, view: DataView, start: number, length: number): void {
    const at = this.#length;
    if (length > STEPS_UP_TO || at + length > this.#limit) {
      this.bytes(bytes.subarray(start, start + length));
      return;
    }
    const to = this.#view;
    for (let offset = 0; offset < length; offset += 8) {
      to.setFloat64(at + offset, view.getFloat64(start + offset, true), true);
    }
    this.#length = at + length;
  }

  /** Writes again what stands at `position`, a place before, in full. */
  repeat(position: number, length: number): void {
    this.#copy(this.#bytes, this.#view, position - this.#taken, length);
  }

  /** The shortest digits that read back as `value`; whole numbers up to 2 ** 53 plain; `NaN`, `+Inf`, `-Inf`. */
  number(value: number): void {
    // Most values are small, and a string for each would be most of the work of a scrape.
    if ((value | 0) === value && value >= 0) this.#digits(value);
    else if (!this.#decimal(value)) this.ascii(numberText(value));
  }

  /** A number and the end of the line. In one step where it is small, as most lines end so. */
  numberLine(value: number): void {
    const at = this.#length;
    if ((value | 0) === value && value >= 0 && at + MAX_DIGITS < this.#limit) {
      this.#length = writeDigits(this.#view, at, value) + 1; // It has written the line feed too.
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

  /** A whole number below 2 ** 64, in groups of seven bits. */
  varint(value: number): void {
    this.reserve(10);
    const bytes = this.#bytes;
    let at = this.#length;
    let rest = value;
    // Remainders of doubles are slow, and most numbers are small.
    for (; rest >= 2 ** 31; rest = Math.floor(rest / 0x80)) bytes[at++] = (rest % 0x80) | 0x80;
    for (; rest >= 0x80; rest >>>= 7) bytes[at++] = (rest & 0x7f) | 0x80;
    bytes[at++] = rest;
    this.#length = at;
  }

  /** Eight bytes, the lowest first. */
  double(value: number): void {
    this.reserve(8);
    this.#view.setFloat64(this.#length, value, true);
    this.#length += 8;
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
    this.#length++;
    return this.position;
  }

  /** Ends the message: it moves up where its length takes more than the one byte that was left for it. */
  close(start: number): void {
    const from = start - this.#taken;
    let rest = this.#length - from;
    const more = bytesOfVarint(rest) - 1;
    if (more > 0) {
      this.reserve(more);
      this.#bytes.copyWithin(from + more, from, this.#length);
      this.#length += more;
    }
    let at = from - 1;
    for (; rest >= 0x80; rest >>>= 7) this.#bytes[at++] = (rest & 0x7f) | 0x80;
    this.#bytes[at] = rest;
  }

  /** A whole number below 2 ** 31. */
  #digits(value: number): void {
    this.reserve(MAX_DIGITS);
    this.#length = writeDigits(this.#view, this.#length, value);
  }

  /** Writes a number of at most six decimals, and says whether it is one. */
  #decimal(value: number): boolean {
    const size = Math.abs(value);
    const millionths = Math.round(size * 1e6);
    if (!(size < DECIMALS_BELOW) || millionths / 1e6 !== size) return false;
    const whole = Math.floor(size);
    const decimals = millionths - whole * 1e6;
    if (value < 0) this.byte(MINUS);
    this.#digits(whole);
    if (decimals > 0) this.#decimals(decimals);
    return true;
  }

  /** Millionths, without zeros at the end: seven digits, of which the point takes the place of the first. */
  #decimals(millionths: number): void {
    const start = this.#length;
    this.#digits(1e6 + millionths);
    this.#bytes[start] = POINT;
    while (this.#bytes[this.#length - 1] === ZERO) this.#length--;
  }

  #grow(count: number): void {
    this.#replaceBytes(Math.max(this.#length + count + SLACK, this.#bytes.length * 2));
  }

  /** The new bytes are not set to zero: what was not written is not read. */
  #replaceBytes(atLeast: number): void {
    const bytes = this.#allocate(Math.max(atLeast, this.#capacity) + SLACK);
    bytes.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    this.#limit = bytes.length - SLACK;
  }
}

/** How many bytes `varint()` takes for a length. */
function bytesOfVarint(value: number): number {
  let bytes = 1;
  for (let rest = value >>> 7; rest > 0; rest >>>= 7) bytes++;
  return bytes;
}

function numberText(value: number): string {
  // What collectors return is not checked by the compiler where they are JavaScript.
  if (typeof value !== 'number') throw new TypeError(`A value is a number, not ${typeof value}.`);
  if (value === Number.POSITIVE_INFINITY) return '+Inf';
  if (value === Number.NEGATIVE_INFINITY) return '-Inf';
  return Math.abs(value) > 2 ** 53 ? goFloat(value) : String(value);
}
