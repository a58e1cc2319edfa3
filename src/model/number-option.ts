import { kindOf } from './printable.ts';

/** An optional number among a set of options. */
export interface NumberOption {
  /** Name in error messages, with that of the metric: `http_duration_seconds: native.schema`. */
  readonly name: string;
  readonly byDefault: number;
  readonly isAllowed: (value: number) => boolean;
  /** The allowed values in words, after "must be": `above 1`. */
  readonly rule: string;
}

/**
 * Returns the value, or the default if it is undefined. Throws a TypeError unless it is a number, a RangeError if it is
 * not allowed.
 */
export function numberOption(value: unknown, { name, byDefault, isAllowed, rule }: NumberOption): number {
  if (value === undefined) return byDefault;
  if (typeof value !== 'number') throw new TypeError(`${name} must be a number, got ${kindOf(value)}.`);
  if (!isAllowed(value)) throw new RangeError(`${name} must be ${rule}, got ${value}.`);
  return value;
}

/** Checks an optional time in milliseconds, which may be infinite. Throws like `numberOption()` unless it is above 0. */
export function checkMilliseconds(name: string, value: unknown): void {
  numberOption(value, { name, byDefault: 1, isAllowed: (ms) => ms > 0, rule: 'a number of milliseconds above 0' });
}
