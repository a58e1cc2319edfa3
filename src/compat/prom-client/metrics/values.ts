import { format } from 'node:util';

/** The error for what should be a number, with the value as `console.log()` shows it. */
export function notNumber(value: unknown, what: 'Value' | 'Delta' = 'Value'): TypeError {
  return new TypeError(`${what} is not a valid number: ${format(value)}`);
}

/** A finite number, or throws. */
export function finite(value: unknown): number {
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  throw notNumber(value);
}

/** Counts values that a metric ignores where prom-client would have spoilt it without an error, and warns of the first. */
export class IgnoredValues {
  count = 0;

  add(metricName: string, call: string): void {
    if (this.count++ > 0) return;
    const message = `${metricName}: ${call} was ignored, as it gives no number to count. Further calls like it are ignored without a warning.`;
    process.emitWarning(message, { type: 'ZeropromWarning', code: 'IGNORED_VALUE' });
  }
}
