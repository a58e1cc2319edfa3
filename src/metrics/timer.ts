/** Ends when called, or at the end of a `using` block. */
export interface Timer {
  /** Records the seconds since the start and returns them. */
  (): number;
  /** Records the seconds since the start, unless the timer was called already. */
  [Symbol.dispose](): void;
}

/** Ends when called with the labels that were not known at its start. Returns the seconds. */
export type LateTimer<More> = (more: More) => number;

/** Starts to count seconds; `record` gets them each time the timer is ended, and what it was ended with. */
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
