/** A reader that takes nothing for so long gives way to who finds no place. */
const STALLED_MS = 1000;

/** Held by a request from when it is let in until its response has closed. */
export class Place {
  /** Since when it waits for its reader, by `performance.now()`; undefined while it does something. */
  waitingSince: number | undefined;
  readonly #places: Set<Place>;
  readonly #cut: () => void;

  constructor(places: Set<Place>, cut: () => void) {
    this.#places = places;
    this.#cut = cut;
    places.add(this);
  }

  leave(): void {
    this.#places.delete(this);
  }

  /** Leaves, and sends its reader away. */
  giveUp(): void {
    this.leave();
    this.#cut();
  }
}

/**
 * How many requests are answered at the same time. Where all places are taken, the reader that has stalled for longest
 * loses its own, if it is for a second or more: readers that do not read keep nobody out.
 */
export class RequestLimit {
  readonly #most: number;
  readonly #places = new Set<Place>();

  /** 0 is no limit. */
  constructor(most: number) {
    if (!Number.isInteger(most) || most < 0) {
      throw new RangeError(`The number of requests at the same time is 0 (any) or more, not ${most}.`);
    }
    this.#most = most;
  }

  /** A place, if there is one, until it is left; `cut` ends the request that has it. */
  enter(cut: () => void): Place | undefined {
    if (this.#most !== 0 && this.#places.size >= this.#most) this.#stalled()?.giveUp();
    if (this.#most !== 0 && this.#places.size >= this.#most) return undefined;
    return new Place(this.#places, cut);
  }

  /** The sentence for who did not get in: the one that Go's exporters answer with. */
  get refusal(): string {
    return `Limit of concurrent requests reached (${this.#most}), try again later.\n`;
  }

  #stalled(): Place | undefined {
    const since = (place: Place) => place.waitingSince ?? Number.POSITIVE_INFINITY;
    const [slowest] = [...this.#places].sort((a, b) => since(a) - since(b));
    return slowest !== undefined && since(slowest) <= performance.now() - STALLED_MS ? slowest : undefined;
  }
}
