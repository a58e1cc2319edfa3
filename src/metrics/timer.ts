/** Ends when called, or at the end of a `using` block. */
export interface Timer<More = never> {
  /** Records the seconds since the start and returns them. */
  (more?: More): number;
  [Symbol.dispose](): void;
}

/** Starts to count seconds; `record` gets them each time the timer is ended, and what it was ended with. */
export function startTimer<More = never>(record: (seconds: number, more?: More) => void): Timer<More> {
  const started = performance.now();
  const end = (more?: More): number => {
    const seconds = (performance.now() - started) / 1000;
    record(seconds, more);
    return seconds;
  };
  return Object.assign(end, { [Symbol.dispose]: () => void end() });
}
