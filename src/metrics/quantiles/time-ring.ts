/** Slots of equal time that come round again: a window over the last of them slides in steps of one. */
export class TimeRing {
  /** The slot of now, for whoever writes. */
  slot = 0;
  /** When that is over: from then on call `advance()`. */
  end: number;
  readonly #slots: number;
  readonly #slotMs: number;

  constructor(slots: number, slotMs: number, now: number) {
    this.#slots = slots;
    this.#slotMs = slotMs;
    this.end = now + slotMs;
  }

  /** Goes on to the slot of `now`; `empty` is called for each slot that begins anew. A clock set back loses nothing. */
  advance(now: number, empty: (slot: number) => void): void {
    const late = now - this.end;
    if (late < -this.#slotMs) this.end = now + this.#slotMs;
    if (!(late >= 0)) return;
    const steps = Math.floor(late / this.#slotMs) + 1;
    this.end += steps * this.#slotMs;
    for (let step = 0; step < Math.min(steps, this.#slots); step++) {
      this.slot = (this.slot + 1) % this.#slots;
      empty(this.slot);
    }
  }
}
