import type { Fragment } from '../model/labels.ts';
import { SLACK } from './fragment.ts';

const INITIAL_BYTES = 16 * 1024;
/** Longer fragments are faster copied by the engine than in steps. */
const STEPS_UP_TO = 128;
const ZERO = 0x30;

/** A buffer that grows as encoders write to it. */
export class ByteWriter {
  #bytes: Buffer;
  #view: DataView;
  #length = 0;

  constructor(capacity = INITIAL_BYTES) {
    this.#bytes = Buffer.from(new ArrayBuffer(capacity + SLACK));
    this.#view = new DataView(this.#bytes.buffer);
  }

  get length(): number {
    return this.#length;
  }

  /** What was written since the last `take()`. The bytes are the caller's: they are never written again. */
  take(): Buffer {
    const taken = this.#bytes.subarray(0, this.#length);
    this.#bytes = Buffer.from(new ArrayBuffer(Math.min(this.#bytes.length, INITIAL_BYTES) + SLACK));
    this.#view = new DataView(this.#bytes.buffer);
    this.#length = 0;
    return taken;
  }

  byte(value: number): void {
    this.#reserve(1);
    this.#bytes[this.#length++] = value;
  }

  /** A text of characters below U+0080. */
  ascii(text: string): void {
    this.#reserve(text.length);
    this.#length += this.#bytes.write(text, this.#length, 'latin1');
  }

  text(text: string): void {
    this.#reserve(text.length * 3); // UTF-8 takes at most three bytes for each UTF-16 unit.
    this.#length += this.#bytes.write(text, this.#length, 'utf8');
  }

  /**
   * Copies in steps of eight bytes, as doubles: the fastest copy of a few bytes there is. It writes up to seven bytes
   * too many, which the next write covers. No UTF-8 text looks like a NaN, whose bits an engine might change.
   */
  fragment(fragment: Fragment): void {
    const { length, start } = fragment;
    this.#reserve(length);
    const at = this.#length;
    if (length <= STEPS_UP_TO) {
      const from = fragment.view;
      const to = this.#view;
      for (let offset = 0; offset < length; offset += 8) to.setFloat64(at + offset, from.getFloat64(start + offset));
    } else {
      this.#bytes.set(fragment.bytes.subarray(start, start + length), at);
    }
    this.#length = at + length;
  }

  /** The shortest digits that read back as `value`; whole numbers plain; `NaN`, `+Inf`, `-Inf`. */
  number(value: number): void {
    // Most values are small whole numbers, and a string for each would be most of the work of a scrape.
    if ((value | 0) === value && value >= 0) this.#digits(value);
    else this.ascii(numberText(value));
  }

  #digits(value: number): void {
    let end = this.#length + 1;
    for (let rest = value; rest >= 10; rest = Math.trunc(rest / 10)) end++;
    this.#reserve(end - this.#length);
    let rest = value;
    for (let at = end - 1; at >= this.#length; at--) {
      const tenth = (rest / 10) | 0;
      this.#bytes[at] = ZERO + rest - tenth * 10;
      rest = tenth;
    }
    this.#length = end;
  }

  #reserve(count: number): void {
    const needed = this.#length + count + SLACK;
    if (needed <= this.#bytes.length) return;
    const grown = Buffer.from(new ArrayBuffer(Math.max(needed, this.#bytes.length * 2)));
    grown.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = grown;
    this.#view = new DataView(grown.buffer);
  }
}

function numberText(value: number): string {
  if (value === Number.POSITIVE_INFINITY) return '+Inf';
  if (value === Number.NEGATIVE_INFINITY) return '-Inf';
  return String(value); // Negative zero becomes 0.
}
