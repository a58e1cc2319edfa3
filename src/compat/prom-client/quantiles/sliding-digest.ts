import { type Centroids, Digest, merged, NO_CENTROIDS } from './digest.ts';

/** A window that moves on by 1 % of its length is smooth enough; more steps would only cost memory. */
const MOST_STEPS = 100;

/**
 * The distribution of a summary's observations: of all of them, or of those in the last `maxAgeSeconds`, which move on in
 * `ageBuckets` steps. Each step has a digest, and they are merged when they are read.
 */
export class SlidingDigest {
  readonly #slots: Digest[];
  readonly #slotMs: number;
  #current = 0;
  /** When the current slot began, in milliseconds since 1970. */
  #began = Date.now();

  constructor(maxAgeSeconds: unknown, ageBuckets: unknown) {
    const { slots, slotMs } = windowSteps(maxAgeSeconds, ageBuckets);
    this.#slots = Array.from({ length: slots }, () => new Digest());
    this.#slotMs = slotMs;
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

  /** Empties the slots to reuse. After a long pause these are all slots, once each. */
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

/** The steps in which a window moves on; a single endless one unless both arguments are positive numbers. */
export function windowSteps(maxAgeSeconds: unknown, ageBuckets: unknown): { slots: number; slotMs: number } {
  const maxAgeMs = Number(maxAgeSeconds) * 1000;
  const slots = Math.min(Math.floor(Number(ageBuckets)), MOST_STEPS);
  if (!(maxAgeMs > 0 && slots >= 1)) return { slots: 1, slotMs: Number.POSITIVE_INFINITY };
  // The clock counts milliseconds.
  return { slots, slotMs: Math.max(maxAgeMs / slots, 1) };
}
