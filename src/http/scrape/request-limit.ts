import type { IncomingMessage, ServerResponse } from 'node:http';
import { numberOption } from '../../model/number-option.ts';
import { dropConnection, onceClosed } from '../response/response-close.ts';
import { sendText } from '../response/short-answer.ts';

/** Maximum number of concurrent scrapes or probes by default. */
export const DEFAULT_MAX_REQUESTS = 40;
/** How long a reader must have read nothing before its slot can be given to another request. */
const STALLED_MS = 1000;

/** Held by a request from its admission until its response has closed. */
export class RequestSlot {
  /** Since when the request has been waiting for its reader, by `performance.now()`; undefined while it is not. */
  waitingSince: number | undefined;
  readonly #slots: Set<RequestSlot>;
  readonly #drop: () => void;

  constructor(slots: Set<RequestSlot>, drop: () => void) {
    this.#slots = slots;
    this.#drop = drop;
    slots.add(this);
  }

  release(): void {
    this.#slots.delete(this);
  }

  /** Releases the slot and drops its request. */
  revoke(): void {
    this.release();
    this.#drop();
  }
}

/**
 * Limits the number of concurrent requests. If all slots are taken, the reader that has been stalled for longest, and
 * for at least a second, loses its slot: clients that do not read cannot keep others out.
 */
export class RequestLimit {
  readonly #maxRequests: number;
  readonly #slots = new Set<RequestSlot>();

  /** Creates a limit; 0 for no limit. Throws a TypeError or RangeError unless it is an integer of at least 0. */
  constructor(maxRequests?: number) {
    this.#maxRequests = numberOption(maxRequests, {
      name: 'maxRequests',
      byDefault: DEFAULT_MAX_REQUESTS,
      isAllowed: (value) => Number.isInteger(value) && value >= 0,
      rule: 'an integer of at least 0 (0 for no limit)',
    });
  }

  /** Returns a slot, or undefined if all are taken. `drop` ends the request that holds the slot. */
  acquire(drop: () => void): RequestSlot | undefined {
    if (this.#isReached) this.#longestStalled()?.revoke();
    if (this.#isReached) return undefined;
    return new RequestSlot(this.#slots, drop);
  }

  /** The answer to a request that gets no slot, as Go's exporters word it. */
  get refusal(): string {
    return `Limit of concurrent requests reached (${this.#maxRequests}), try again later.\n`;
  }

  get #isReached(): boolean {
    return this.#maxRequests !== 0 && this.#slots.size >= this.#maxRequests;
  }

  #longestStalled(): RequestSlot | undefined {
    const since = (slot: RequestSlot) => slot.waitingSince ?? Number.POSITIVE_INFINITY;
    const [longest] = [...this.#slots].sort((one, other) => since(one) - since(other));
    return longest !== undefined && since(longest) <= performance.now() - STALLED_MS ? longest : undefined;
  }
}

/** Takes a slot for a request until its response has closed. Answers 503 and returns undefined if all are taken. */
export function takeSlot(
  limit: RequestLimit,
  request: IncomingMessage,
  response: ServerResponse,
): RequestSlot | undefined {
  const slot = limit.acquire(() => dropConnection(response));
  if (slot !== undefined) onceClosed(response, () => slot.release());
  else {
    response.setHeader('Retry-After', '1');
    sendText(request, response, 503, limit.refusal);
  }
  return slot;
}
