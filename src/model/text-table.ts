/** With more texts, few characters do not distinguish them, and most are not used again. */
const MAX_TEXTS = 1024;
/** Minimum number of slots per text. With fewer, more texts are in their second place, which processors predict wrongly. */
const SLOTS_PER_TEXT = 4;
const INITIAL_SLOTS = 8;
/** Short lists may leave out one text. */
const FEW = 8;

/** Stands for the id of a text that was not added. */
const UNKNOWN = -1;
/** Stands for the id of a text that may have been left out. */
export const LEFT_OUT = -2;

/**
 * Finds the ids of most texts of a short list by a few of their characters. Texts that agree in these are left out, and if
 * there are many of them, the table gives up and leaves out all: it must never take long, whatever clients send.
 */
export class TextTable {
  /** Whether it has not given up. Otherwise, do not ask it for texts. */
  isUsed = true;
  #texts: (string | undefined)[] = [undefined, undefined];
  #ids: number[] = [0, 0];
  #mask = 1;
  #leftOut = 0;
  readonly #leaveOut: (text: string, id: number) => void;

  /** `leaveOut` is called with each text that is left out, and sometimes again. */
  constructor(leaveOut: (text: string, id: number) => void) {
    this.#leaveOut = leaveOut;
  }

  // Texts are compared with those in the table and not by their ids: the fewer loads, the better. The second place is in a
  // function of its own, so that engines inline the usual case into the look-up of a row.
  /** Returns the id of a text, `LEFT_OUT`, or another negative number for one that was not added. */
  idOf(text: string): number {
    const slot = hashOf(text) & this.#mask;
    return this.#texts[slot] === text ? this.#ids[slot]! : this.#idAt(slot ^ 1, text);
  }

  /** Adds a text, the last one of all. */
  add(text: string, id: number, all: readonly string[]): void {
    if (!this.isUsed) this.#leaveOut(text, id);
    else if (all.length > MAX_TEXTS) this.#giveUp(all);
    else if (all.length > 1 && all.length * SLOTS_PER_TEXT >= this.#texts.length) this.replace(all);
    else this.#insert(text, id);
    if (this.#leftOut * 8 > all.length + FEW) this.#giveUp(all);
  }

  /** Adds all texts of a list by their indexes, and removes all others. A table that gave up leaves out all. */
  replace(all: readonly string[]): void {
    if (!this.isUsed) {
      this.#giveUp(all);
      return;
    }
    let slots = INITIAL_SLOTS;
    while (slots <= all.length * SLOTS_PER_TEXT) slots *= 2;
    this.#empty(slots);
    for (let id = 0; id < all.length; id++) this.#insert(all[id]!, id);
  }

  /** A text is left out only if both of its slots are taken. */
  #idAt(slot: number, text: string): number {
    const other = this.#texts[slot];
    if (other === text) return this.#ids[slot]!;
    return other === undefined ? UNKNOWN : LEFT_OUT;
  }

  #empty(slots: number): void {
    this.#leftOut = 0;
    // Lists that shrink grow again if their texts come and go.
    if (slots <= this.#texts.length && this.#texts.length <= slots * 4) {
      this.#texts.fill(undefined);
      return;
    }
    this.#texts = new Array(slots).fill(undefined);
    this.#ids = new Array(slots).fill(0);
    this.#mask = slots - 1;
  }

  #insert(text: string, id: number): void {
    const first = hashOf(text) & this.#mask;
    const slot = this.#texts[first] === undefined ? first : first ^ 1;
    if (this.#texts[slot] !== undefined) {
      this.#leftOut++;
      this.#leaveOut(text, id);
      return;
    }
    this.#texts[slot] = text;
    this.#ids[slot] = id;
  }

  #giveUp(all: readonly string[]): void {
    this.isUsed = false;
    this.#leftOut = 0;
    this.#texts = [];
    this.#ids = [];
    for (let id = 0; id < all.length; id++) this.#leaveOut(all[id]!, id);
  }
}

/** Returns a number of 16 bits for a text. */
export function hashOf(text: string): number {
  return Math.imul(keyOf(text), 0x9e3779b1) >>> 16;
}

/**
 * Returns a number that depends on the length, the last two characters and one before them: the one in the middle, or for
 * short texts, such as status codes, the third last.
 */
export function keyOf(text: string): number {
  const { length } = text;
  if (length < 3) return length === 0 ? 0 : text.charCodeAt(0) * 76 + text.charCodeAt(length - 1);
  const end = text.charCodeAt(length - 1) | (text.charCodeAt(length - 2) << 8);
  const before = text.charCodeAt(length < 6 ? length - 3 : length >> 1);
  return (end | (length << 16)) ^ Math.imul(before, 0x85ebca6b);
}
