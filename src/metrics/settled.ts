/** What a function threw, or what its promise was rejected with. */
export interface Thrown {
  readonly thrown: unknown;
}

/**
 * Calls `fn` and returns what it does. `done` is called once it has returned, thrown or, where it is asynchronous,
 * settled; with what was thrown, if anything was. A promise is returned as it is. For any other thenable a promise is:
 * some of those, such as the queries of database libraries, do their work again each time they are waited for.
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
  if (!isThenable(result)) {
    done();
    return result;
  }
  const promise = Promise.resolve(result); // The very same, where it is a promise.
  promise.then(
    () => done(),
    (thrown: unknown) => done({ thrown }),
  );
  // To await, which is all that a thenable is for, it is the same.
  return promise as T;
}

export function isThenable(value: unknown): value is PromiseLike<unknown> {
  return (
    (typeof value === 'object' || typeof value === 'function') &&
    value !== null &&
    'then' in value &&
    typeof value.then === 'function'
  );
}
