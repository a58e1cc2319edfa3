import { format } from 'node:util';

/** Returns the error for a value that is not a number, with the value as `console.log()` shows it. */
export function notNumber(value: unknown, what: 'Value' | 'Delta' = 'Value'): TypeError {
  return new TypeError(`${what} is not a valid number: ${format(value)}`);
}

/** Returns a finite number. Throws a TypeError for any other value. */
export function finite(value: unknown): number {
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  throw notNumber(value);
}

/** Counts invalid values that a metric ignores because prom-client accepts them silently, and warns about the first one. */
export class IgnoredValues {
  count = 0;

  add(metricName: string, what: string): void {
    if (this.count++ > 0) return;
    const message = `${metricName}: ${what} was ignored. Later ones cause no warning: the property ignoredValues counts them.`;
    process.emitWarning(message, { type: 'ZeropromWarning', code: 'IGNORED_VALUE' });
  }
}
