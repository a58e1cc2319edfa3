import { type Centroids, Digest, merged, NO_CENTROIDS } from './digest.ts';

/**
 * The distribution of a summary's observations: of all of them, or of those in the last `maxAgeSeconds`, which move on in
 * `ageBuckets` steps. Each step has a digest, and they are put together when they are read.
 */
export class SlidingDigest {
  readonly #slots: Digest[];
  readonly #slotMs: number;
  #current = 0;
  /** When the current slot began, in milliseconds since 1970. */
  #began = Date.now();

  constructor(maxAgeSeconds: unknown, ageBuckets: unknown) {
    const isSliding = Number(maxAgeSeconds) > 0 && Number(ageBuckets) >= 1;
    const slots = isSliding ? Math.floor(Number(ageBuckets)) : 1;
    this.#slots = Array.from({ length: slots }, () => new Digest());
    this.#slotMs = isSliding ? (Number(maxAgeSeconds) * 1000) / Number(ageBuckets) : Number.POSITIVE_INFINITY;
  }

  push(value: number): void {
    this.#rotate();
    this.#slots[this.#current]!.push(value);
  }

  reset(): void {
    for (const slot of this.#slots) slot.reset();
  }

  compress(): void {
    this.#slots[this.#current]!.compress();
  }

  /** Centroids of the current window. */
  get centroids(): Centroids {
    this.#rotate();
    return this.#slots.map((slot) => slot.centroids).reduce(merged, NO_CENTROIDS);
  }

  /** Empties the slots whose time has come again. After a long pause that is all of them, once. */
  #rotate(): void {
    if (this.#slotMs === Number.POSITIVE_INFINITY) return;
    const elapsed = Date.now() - this.#began;
    if (elapsed <= this.#slotMs) return;
    const steps = Math.ceil(elapsed / this.#slotMs) - 1;
    for (let step = 0; step < Math.min(steps, this.#slots.length); step++) {
      this.#current = (this.#current + 1) % this.#slots.length;
      this.#slots[this.#current]!.reset();
    }
    this.#began += steps * this.#slotMs;
  }
}
