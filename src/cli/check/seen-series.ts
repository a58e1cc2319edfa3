const FIRST_SLOTS = 1024;

/** The hashes of series that a document has had: eight to sixteen bytes each. */
export class SeenSeries {
  /** Open addressing; 0 is a free slot. */
  #slots = new Float64Array(FIRST_SLOTS);
  #size = 0;

  /** Whether the hash was there before. */
  add(hash: number): boolean {
    if (this.#size * 2 >= this.#slots.length) this.#grow();
    return this.#put(hash);
  }

  #put(hash: number): boolean {
    const slots = this.#slots;
    let slot = hash % slots.length;
    for (let found = slots[slot]!; found !== 0; found = slots[slot]!) {
      if (found === hash) return true;
      slot = (slot + 1) % slots.length;
    }
    slots[slot] = hash;
    this.#size++;
    return false;
  }

  #grow(): void {
    const old = this.#slots;
    this.#slots = new Float64Array(old.length * 2);
    this.#size = 0;
    for (const hash of old) if (hash !== 0) this.#put(hash);
  }
}
