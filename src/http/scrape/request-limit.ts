import type { ServerResponse } from 'node:http';

/** How many requests are answered at the same time. A place is free again when the response has closed, not before. */
export class RequestLimit {
  readonly #most: number;
  #count = 0;

  /** 0 is no limit. */
  constructor(most: number) {
    if (!Number.isInteger(most) || most < 0) {
      throw new RangeError(`The number of requests at the same time is 0 (any) or more, not ${most}.`);
    }
    this.#most = most;
  }

  get count(): number {
    return this.#count;
  }

  /** Takes a place for as long as the response is open; whether there was one. */
  enter(response: ServerResponse): boolean {
    if (this.#most !== 0 && this.#count >= this.#most) return false;
    this.#count++;
    response.once('close', () => {
      this.#count--;
    });
    return true;
  }

  /** The sentence for who did not get in: the one that Go's exporters answer with. */
  get refusal(): string {
    return `Limit of concurrent requests reached (${this.#most}), try again later.\n`;
  }
}
