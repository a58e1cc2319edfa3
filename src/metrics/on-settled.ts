import { isObject } from '../model/inert.ts';

/** A value that a function threw or its promise was rejected with. Wrapped, because it may be undefined. */
export interface ThrownValue {
  readonly thrown: unknown;
}

/**
 * Calls `fn` and returns what it returns. Calls `done` when `fn` has returned or thrown, or when the promise that it
 * returned has settled. A promise is returned as it is. Another thenable is replaced by a promise, because some of
 * them, such as the queries of database libraries, repeat their work each time they are awaited.
 */
export function callThen<T>(fn: () => T, done: (thrown?: ThrownValue) => void): T {
  if (typeof fn !== 'function') throw new TypeError(`Expected a function to call, got ${typeof fn}.`);
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
  const promise = promiseOf(result);
  void whenSettled(promise, done);
  // The same to await, and thenables are good for nothing else.
  return promise as T;
}

/** Whether a value can be awaited. True if reading `then` throws: awaiting it then fails with that error. */
export function isThenable(value: unknown): value is PromiseLike<unknown> {
  try {
    return isObject(value) && 'then' in value && typeof value.then === 'function';
  } catch {
    return true;
  }
}

/** Converts a thenable to a promise; a promise stays the same. So does a thenable whose class cannot be read. */
function promiseOf(thenable: PromiseLike<unknown>): PromiseLike<unknown> {
  try {
    return Promise.resolve(thenable);
  } catch {
    return thenable;
  }
}

async function whenSettled(promise: PromiseLike<unknown>, done: (thrown?: ThrownValue) => void): Promise<void> {
  let thrown: ThrownValue | undefined;
  try {
    await promise;
  } catch (error) {
    thrown = { thrown: error };
  }
  done(thrown);
}
