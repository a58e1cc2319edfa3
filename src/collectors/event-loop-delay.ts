import { Histogram, type HistogramChild } from '../metrics/histogram.ts';
import { ifAvailable } from '../model/missing-api.ts';
import type { CollectorGroup } from './collector-group.ts';

/**
 * A wake-up on an idle machine costs 0.1 to 0.2 ms because caches are cold; five in three seconds take 0.03 % of a core. Work that
 * is done every second or every half second meets samples at all its stages, because the interval is a prime number.
 */
const INTERVAL_MS = 619;
/** Missed samples beyond this number are all counted with the full delay, to bound the work. */
const MAX_MISSED = 2_000;

const BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/**
 * How late a timer fires, which is how long any other due callback waits. The histogram only grows, so any number of scrapers
 * see the same distribution. Samples that were due while the loop was blocked are counted with the rest of the delay, as if
 * a callback had been due every 619 ms; otherwise a long block would count as little as a short one.
 */
export const eventLoopDelay: CollectorGroup = ({ registry, prefix, labels }) => {
  const histogram = new Histogram({
    name: `${prefix}nodejs_eventloop_delay_seconds`,
    unit: 'seconds',
    help: 'Event loop delay in seconds, sampled every 619 ms.',
    buckets: BUCKETS,
    constLabels: labels,
    registry,
  });
  const end = () => void registry.unregister(histogram);
  const sampler = ifAvailable('setTimeout() with unref()', () => new DelaySampler(histogram.labels()));
  if (sampler === undefined) {
    end();
    return () => {};
  }
  return () => {
    sampler.stop();
    end();
  };
};

class DelaySampler {
  readonly #delays: HistogramChild;
  #timer: NodeJS.Timeout;
  #waitMs = INTERVAL_MS;
  #due = performance.now() + INTERVAL_MS;

  constructor(delays: HistogramChild) {
    this.#delays = delays;
    this.#timer = this.#startTimer();
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  #startTimer(): NodeJS.Timeout {
    return setTimeout(() => this.#sample(), this.#waitMs).unref();
  }

  #sample(): void {
    const now = performance.now();
    // Timers have a resolution of one millisecond, so one may fire slightly early.
    const delay = Math.max(0, now - this.#due);
    const missed = Math.floor(delay / INTERVAL_MS);
    for (let index = 0; index <= Math.min(missed, MAX_MISSED); index++) {
      this.#delays.observe((delay - index * INTERVAL_MS) / 1000);
    }
    if (missed > MAX_MISSED) this.#delays.observeMany(delay / 1000, missed - MAX_MISSED);
    // Not a whole interval after a block: samples would follow each block at the same distance, and meet the next one always or never.
    this.#wait(now, INTERVAL_MS - Math.floor(delay % INTERVAL_MS));
  }

  /** Reuses the timer if it can, which takes a tenth less CPU time. */
  #wait(now: number, milliseconds: number): void {
    this.#due = now + milliseconds;
    if (milliseconds === this.#waitMs) {
      this.#timer.refresh();
    } else {
      this.#waitMs = milliseconds;
      this.#timer = this.#startTimer();
    }
  }
}
