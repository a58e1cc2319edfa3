/** What a function threw, or what its promise was rejected with. */
export interface Thrown {
  readonly thrown: unknown;
}

/**
 * Calls `fn` and returns what it does, a promise as it is. `done` is called once it has returned, thrown or, where it is
 * asynchronous, settled; with what was thrown, if anything was.
 */
export function settled<T>(fn: () => T, done: (thrown?: Thrown) => void): T {
  if (typeof fn !== 'function') throw new TypeError(`A function to call is needed, not ${typeof fn}.`);
  let result: T;
  try {
    result = fn();
  } catch (thrown) {
    done({ thrown });
    throw thrown;
  }
  if (isThenable(result)) {
    result.then(
      () => done(),
      (thrown: unknown) => done({ thrown }),
    );
  } else {
    done();
  }
  return result;
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function';
}
