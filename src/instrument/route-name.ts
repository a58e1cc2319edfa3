import { callUserCode } from '../model/thrown.ts';

/** The route that a function of the user's names; undefined where it throws, or gives anything but a string. */
export function routeName(routeOf: () => unknown): string | undefined {
  try {
    const name = routeOf();
    if (typeof name === 'string') return name;
    if (name !== undefined) callUserCode(() => name); // A promise, which may reject.
  } catch {
    // The request is over, or has its response: an error would take its place, or end the process.
  }
  return undefined;
}
