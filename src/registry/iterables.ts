import { kindOf } from '../model/printable.ts';

/** Whether families come asynchronously, as from an asynchronous generator. */
export function isAsyncIterable<T>(value: unknown): value is AsyncIterable<T> {
  if (typeof value !== 'object' || value === null || !(Symbol.asyncIterator in value)) return false;
  return typeof value[Symbol.asyncIterator] === 'function';
}

/**
 * @throws {TypeError} with `subject` and the kind of the value if it cannot be iterated. Strings do not count as
 * iterable.
 */
export function listOf<T>(value: unknown, subject: string): Iterable<T> {
  if (typeof value === 'object' && value !== null && isIterable<T>(value)) return value;
  throw new TypeError(`${subject}, got ${kindOf(value)}.`);
}

function isIterable<T>(value: object): value is Iterable<T> {
  return Symbol.iterator in value && typeof value[Symbol.iterator] === 'function';
}
