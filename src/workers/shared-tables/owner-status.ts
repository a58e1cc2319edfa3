/** Time between two beats of the owner's event loop, in milliseconds. */
export const BEAT_MS = 250;
/** A beat that is later than this tells that the loop is blocked. */
const TOLERANCE_MS = 100;

const BYTES = 16;
/** Indexes of the 32-bit integers; the time of the last beat takes the first two. */
const NEEDS_REFRESH = 2;
const RECEIVED = 3;

/** State of a thread in shared memory, so that others need no answer from it. */
export class OwnerStatus {
  readonly memory: SharedArrayBuffer;
  readonly #times: Float64Array;
  readonly #counts: Int32Array;

  /** `memory` is that of the other thread's object; by default new memory. */
  constructor(memory = new SharedArrayBuffer(BYTES)) {
    this.memory = memory;
    this.#times = new Float64Array(memory, 0, 1);
    this.#counts = new Int32Array(memory);
  }

  /** Tells that the event loop of the owner is running. */
  beat(): void {
    this.#times[0] = clock();
  }

  /** How long the event loop of the owner has been blocked, in milliseconds; 0 if it is not. */
  get blockedMs(): number {
    const late = clock() - this.#times[0]! - BEAT_MS;
    return late > TOLERANCE_MS ? late : 0;
  }

  /** Whether the owner has values that are not in shared memory, or series to expire. */
  get needsRefresh(): boolean {
    return Atomics.load(this.#counts, NEEDS_REFRESH) !== 0;
  }

  set needsRefresh(needed: boolean) {
    Atomics.store(this.#counts, NEEDS_REFRESH, needed ? 1 : 0);
  }

  /** Number of messages that the reader has received, modulo 2 ** 32. */
  get received(): number {
    return Atomics.load(this.#counts, RECEIVED);
  }

  countReceived(): void {
    Atomics.add(this.#counts, RECEIVED, 1);
  }
}

/** Milliseconds of a clock that all threads share; `performance.now()` begins with each thread. */
export function clock(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}
