/** Ends when called, or at the end of a `using` block. */
export interface Timer {
  /** Records the seconds since the start and returns them. */
  (): number;
  [Symbol.dispose](): void;
}

/** Starts to count seconds; `record` gets them each time the timer is ended. */
export function startTimer(record: (seconds: number) => void): Timer {
  const started = performance.now();
  const end = (): number => {
    const seconds = (performance.now() - started) / 1000;
    record(seconds);
    return seconds;
  };
  return Object.assign(end, { [Symbol.dispose]: () => void end() });
}

/** Calls `enter`, then `fn`, then `leave` once `fn` has returned or thrown or, where it is asynchronous, settled. */
export function during<T>(fn: () => T, enter: () => void, leave: () => void): T {
  enter();
  let result: T;
  try {
    result = fn();
  } catch (error) {
    leave();
    throw error;
  }
  if (!isThenable(result)) {
    leave();
    return result;
  }
  result.then(leave, leave);
  return result;
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function';
}
