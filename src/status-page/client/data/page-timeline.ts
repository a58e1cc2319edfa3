import type { Store } from './store.ts';

/** The part of the history that charts show. */
export interface TimeWindow {
  readonly from: number;
  readonly to: number;
  /** Samples to draw: the first is the last one before `from`, so that lines begin at the edge. */
  readonly first: number;
  readonly last: number;
  /** Sample whose values are shown; undefined for the current values. */
  readonly chosen: number | undefined;
}

const MIN_SPAN_MS = 60_000;

/** Which time the page shows: the present, or a moment at which it was paused or that was scrolled back to. */
export class Timeline {
  spanMs = 300_000;
  /** End of the charts; undefined while the page is live. */
  pausedAt: number | undefined;
  /** Time below the pointer. */
  cursor: number | undefined;
  readonly #store: Store;
  readonly #onChange: () => void;

  constructor(store: Store, onChange: () => void) {
    this.#store = store;
    this.#onChange = onChange;
  }

  get isLive(): boolean {
    return this.pausedAt === undefined;
  }

  /** Time of the values that are shown. */
  get shownTime(): number {
    return this.cursor ?? this.pausedAt ?? this.#store.state.time;
  }

  get window(): TimeWindow {
    const { history, state } = this.#store;
    const to = this.pausedAt ?? state.time;
    // A short history fills the charts, too.
    const known = to - history.timeOf(history.oldest);
    const from = to - Math.min(this.spanMs, Math.max(MIN_SPAN_MS, known));
    const isNow = this.isLive && this.cursor === undefined;
    return {
      from,
      to,
      first: history.sampleAt(from),
      last: history.sampleAt(to),
      chosen: isNow ? undefined : history.sampleAt(this.shownTime),
    };
  }

  setSpan(spanMs: number): void {
    this.spanMs = spanMs;
    this.#onChange();
  }

  pause(time: number | undefined): void {
    this.pausedAt = time;
    this.#onChange();
  }

  toggle(): void {
    this.pause(this.isLive ? this.#store.state.time : undefined);
  }

  point(time: number | undefined): void {
    if (time === this.cursor) return;
    this.cursor = time;
    this.#onChange();
  }
}
