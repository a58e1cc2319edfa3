import { numberOption } from '../model/number-option.ts';
import { callUserCode } from '../model/thrown.ts';

/** Label value for all values beyond the known ones. */
export const OTHER = 'other';

/** Methods of RFC 9110 and RFC 5789. */
const METHODS: ReadonlySet<string> = new Set([
  'GET',
  'HEAD',
  'POST',
  'PUT',
  'PATCH',
  'DELETE',
  'OPTIONS',
  'CONNECT',
  'TRACE',
]);

/** Returns a method as a label value. Clients may invent methods; these become `other`. */
export function methodLabel(method: string | undefined): string {
  return method !== undefined && METHODS.has(method) ? method : OTHER;
}

/** Returns a status code as a label value. */
export function statusLabel(status: number): number | string {
  return Number.isInteger(status) && status >= 100 && status <= 599 ? status : OTHER;
}

/**
 * Keeps the first distinct values up to a limit; all others become `other`. Raw URLs cannot create more series than
 * that.
 */
export class BoundedValues {
  readonly #known = new Set<string>();
  readonly #limit: number;

  constructor(limit: number) {
    this.#limit = limit;
  }

  label(value: string | undefined): string {
    if (value === undefined) return OTHER;
    if (this.#known.has(value)) return value;
    if (this.#known.size >= this.#limit) return OTHER;
    this.#known.add(value);
    return value;
  }
}

/** Returns the path of a URL or of a request target. */
export function pathIn(url: string): string {
  const start = url.startsWith('/') ? 0 : url.indexOf('/', url.indexOf('://') + 3);
  const end = url.indexOf('?');
  return start < 0 ? '/' : url.slice(start, end < 0 ? url.length : end);
}

/** Checks the option that limits the number of distinct values. */
export function limitOption(name: string, value: number | undefined, byDefault: number): number {
  return numberOption(value, {
    name,
    byDefault,
    isAllowed: (count) => Number.isSafeInteger(count) && count >= 0,
    rule: 'a whole number from 0',
  });
}

/** Returns the route named by a user's function, or undefined if it throws or returns anything but a string. */
export function routeName(routeOf: () => unknown): string | undefined {
  try {
    const name = routeOf();
    if (typeof name === 'string') return name;
    if (name !== undefined) callUserCode(() => name); // It may be a promise that rejects.
  } catch {
    // The request has been answered. Rethrowing would replace its response or end the process.
  }
  return undefined;
}
