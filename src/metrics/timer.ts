/** A running timer. Ends when it is called, or at the end of a `using` block. */
export interface Timer {
  /** Records the seconds since the start and returns them. */
  (): number;
  /** Records the seconds since the start, unless the timer was called already. */
  [Symbol.dispose](): void;
}

/** A running timer that is ended with the labels that were not known at its start. Returns the elapsed seconds. */
export type LateTimer<More> = (more: More) => number;

/**
 * Starts a timer. Each time it is ended, calls `record` with the elapsed seconds and the argument that it was ended
 * with.
 */
export function startTimer<More>(record: (seconds: number, more?: More) => void): Timer & LateTimer<More> {
  const started = performance.now();
  let isEnded = false;
  const end = (more?: More): number => {
    isEnded = true;
    const seconds = (performance.now() - started) / 1000;
    record(seconds, more);
    return seconds;
  };
  const dispose = () => {
    if (!isEnded) end();
  };
  return Object.assign(end, { [Symbol.dispose]: dispose });
}
