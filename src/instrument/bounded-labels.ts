import { numberOption } from '../model/number-option.ts';

/** What stands for all values beyond those that are told apart. */
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

/** A method as a label: clients may invent others. */
export function methodLabel(method: string | undefined): string {
  return method !== undefined && METHODS.has(method) ? method : OTHER;
}

/** A status code as a label. */
export function statusLabel(status: number): number | string {
  return Number.isInteger(status) && status >= 100 && status <= 599 ? status : OTHER;
}

/** The first so many distinct values; any other is `other`. Whoever gives raw URLs makes no more series than that. */
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

/** The option that says how many are told apart, checked. */
export function limitOption(name: string, value: number | undefined, byDefault: number): number {
  return numberOption(value, {
    name,
    byDefault,
    isAllowed: (count) => Number.isSafeInteger(count) && count >= 0,
    rule: 'a whole number from 0',
  });
}
