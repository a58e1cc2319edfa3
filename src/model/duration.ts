import { kindOf } from './printable.ts';

/** A duration: text as in Prometheus (`'30s'`, `'1m30s'`, `'500ms'`, `'1.5h'`) or a number of milliseconds. */
export type Duration = string | number;

/** Options of {@link parseDuration}. */
export interface DurationRules {
  /**
   * Name of the value in errors: `interval`, `timeout of task count`.
   *
   * @defaultValue `'duration'`
   */
  readonly name?: string;
  /**
   * Whether zero is allowed.
   *
   * @defaultValue `false`
   */
  readonly allowZero?: boolean;
}

const SECOND = 1000;
const DAY = 24 * 3600 * SECOND;

/** In the order that a duration must have. A year has 365 days, as in Prometheus. */
const UNITS = new Map([
  ['y', 365 * DAY],
  ['w', 7 * DAY],
  ['d', DAY],
  ['h', 3600 * SECOND],
  ['m', 60 * SECOND],
  ['s', SECOND],
  ['ms', 1],
  ['us', 1e-3],
  ['µs', 1e-3],
  ['ns', 1e-6],
]);

/** Longest delay of Node's timers in milliseconds, almost 25 days. They treat anything longer as one millisecond. */
export const LONGEST_DELAY_MS = 2 ** 31 - 1;

/** An amount and its unit. Made once: that takes longer than to match a duration. */
const PART = /(\d+(?:\.\d+)?|\.\d+)([a-zµ]+)/y;

const LONGEST_MS = 10 * 365 * DAY;
const LONGEST_TEXT = 64;

/**
 * Returns the milliseconds of a duration, from 1 ms (the shortest that timers support) to ten years.
 *
 * @throws {TypeError} if `value` is neither a string nor a number.
 * @throws {RangeError} if `value` is malformed or out of range.
 *
 * @example
 * ```ts
 * import { parseDuration } from 'zeroprom';
 *
 * console.log(parseDuration('1m30s')); // 90000
 * ```
 */
export function parseDuration(value: Duration, { name = 'duration', allowZero = false }: DurationRules = {}): number {
  const milliseconds = toMilliseconds(value, name);
  if (milliseconds === 0 && allowZero) return 0;
  const problem = outOfRange(milliseconds, allowZero);
  if (problem) throw new RangeError(`The ${name} must be ${problem}, got ${quote(value)}.`);
  return milliseconds;
}

/**
 * Formats milliseconds as text that {@link parseDuration} accepts: `1m30s`, `2d`, `1.5ms`.
 *
 * @example
 * ```ts
 * import { formatDuration } from 'zeroprom';
 *
 * console.log(formatDuration(90_000)); // 1m30s
 * ```
 */
export function formatDuration(milliseconds: number): string {
  let rest = milliseconds;
  let text = '';
  for (const unit of ['d', 'h', 'm', 's']) {
    const size = UNITS.get(unit) ?? 1;
    const amount = Math.floor(rest / size);
    if (amount > 0) text += `${amount}${unit}`;
    rest -= amount * size;
  }
  const fraction = Number(rest.toFixed(6)); // To the nanosecond; the rest is rounding noise.
  if (fraction > 0) text += `${fraction}ms`;
  return text || '0s';
}

function toMilliseconds(value: Duration, name: string): number {
  if (typeof value === 'number') return value;
  if (typeof value === 'string') return parseText(value, name);
  throw new TypeError(`The ${name} must be a string such as '30s' or a number of milliseconds, got ${kindOf(value)}.`);
}

function parseText(text: string, name: string): number {
  const refuse = (problem: string) =>
    new RangeError(`The ${name} must be a duration such as '1m30s', got ${quote(text)}: ${problem}.`);
  if (text.length > LONGEST_TEXT) throw refuse(`it is longer than ${LONGEST_TEXT} characters`);
  if (text === '0') return 0;
  let total = 0;
  let previous = Number.POSITIVE_INFINITY;
  PART.lastIndex = 0; // An error may have left another one.
  while (PART.lastIndex < text.length || text === '') {
    const [, amount, unit = ''] = PART.exec(text) ?? [];
    const size = UNITS.get(unit);
    if (amount === undefined) throw refuse('expected numbers with units');
    if (size === undefined) throw refuse(`unknown unit ${quote(unit)}`);
    if (size >= previous) throw refuse('units must be in order from long to short, each at most once');
    total += Number(amount) * size;
    previous = size;
  }
  return Number(total.toPrecision(15)); // 1.1 s are 1100 ms, not 1100.0000000000002.
}

function outOfRange(milliseconds: number, allowZero: boolean): string | undefined {
  if (Number.isNaN(milliseconds)) return 'a number';
  if (milliseconds <= 0) return allowZero ? 'at least 0' : 'greater than 0';
  if (milliseconds < 1) return 'at least 1ms';
  if (milliseconds > LONGEST_MS) return 'at most ten years';
  return undefined;
}

function quote(value: Duration): string {
  if (typeof value === 'number') return String(value);
  return `'${value.length > LONGEST_TEXT ? `${value.slice(0, LONGEST_TEXT)}...` : value}'`;
}
