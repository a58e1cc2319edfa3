import { isObject } from '../model/inert.ts';

/** What a function threw, or what its promise was rejected with. */
export interface ThrownValue {
  readonly thrown: unknown;
}

/**
 * Calls `fn` and returns what it does. `done` is called once it has returned, thrown or, where it is asynchronous,
 * settled; with what was thrown, if anything was. A promise is returned as it is. For any other thenable a promise is:
 * some of those, such as the queries of database libraries, do their work again each time they are waited for.
 */
export function callThen<T>(fn: () => T, done: (thrown?: ThrownValue) => void): T {
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
  const promise = promiseOf(result);
  void whenSettled(promise, done);
  // To await, which is all that a thenable is for, it is the same.
  return promise as T;
}

/** Whether it can be waited for. An object that throws when it is asked is taken for one that can: waiting for it fails. */
export function isThenable(value: unknown): value is PromiseLike<unknown> {
  try {
    return isObject(value) && 'then' in value && typeof value.then === 'function';
  } catch {
    return true;
  }
}

/** The very same, where it is a promise. One that throws where it is asked for its class stays as it is. */
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
