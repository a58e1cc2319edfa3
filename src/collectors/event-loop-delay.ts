import { Histogram, type HistogramChild } from '../metrics/histogram.ts';
import type { Group } from './collector-group.ts';

/** One wake-up costs 0.1 to 0.2 ms on an idle machine, caches being cold; four a second stay below 0.1 % of a core. */
const INTERVAL_MS = 250;
/** Beyond so many in one go, what fell due is counted but not told apart. */
const MAX_MISSED = 4_000;

const BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/**
 * How late a timer runs: what anything else that falls due has to wait too. The histogram only ever grows, so any number of
 * scrapers see the same distribution. While the loop is blocked timers fall due as well; they are counted with the rest of
 * the wait each, as if somebody had come every 250 ms. Without them, a long block would count as little as a short one.
 */
export const eventLoopDelay: Group = ({ registry, prefix, labels }) => {
  const histogram = new Histogram({
    name: `${prefix}nodejs_eventloop_delay_seconds`,
    help: 'How late the event loop comes to what is due, sampled every 250 ms.',
    buckets: BUCKETS,
    constLabels: labels,
    registry,
  });
  const sampling = new Sampling(histogram.labels());
  return () => {
    sampling.stop();
    registry.unregister(histogram);
  };
};

class Sampling {
  readonly #delays: HistogramChild;
  readonly #timer: NodeJS.Timeout;
  #due = performance.now() + INTERVAL_MS;

  constructor(delays: HistogramChild) {
    this.#delays = delays;
    this.#timer = setTimeout(() => this.#sample(), INTERVAL_MS).unref();
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  #sample(): void {
    const now = performance.now();
    // Timers are kept in whole milliseconds, so one may run a little early.
    const delay = Math.max(0, now - this.#due);
    const missed = Math.floor(delay / INTERVAL_MS);
    for (let index = 0; index <= Math.min(missed, MAX_MISSED); index++) {
      this.#delays.observe((delay - index * INTERVAL_MS) / 1000);
    }
    if (missed > MAX_MISSED) this.#delays.observeMany(delay / 1000, missed - MAX_MISSED);
    this.#due = now + INTERVAL_MS;
    this.#timer.refresh();
  }
}
