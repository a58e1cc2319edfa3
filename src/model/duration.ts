/** `'30s'`, `'1m30s'`, `'500ms'`, `'1.5h'`, or a number of milliseconds. */
export type Duration = string | number;

export interface DurationRules {
  /** How the error calls the value: `interval`, `timeout of task count`. */
  readonly name?: string;
  /** Whether zero means something here. */
  readonly allowZero?: boolean;
}

const SECOND = 1000;
const DAY = 24 * 3600 * SECOND;

/** From long to short, as they must stand in a duration. A year is 365 days, as Prometheus counts. */
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

const LONGEST_MS = 10 * 365 * DAY;
const LONGEST_TEXT = 64;

/**
 * The milliseconds of a duration, from 1 ms (timers know nothing shorter) to ten years.
 *
 * @throws TypeError for anything but a string or a number, RangeError for a value that is no such duration.
 */
export function parseDuration(value: Duration, { name = 'duration', allowZero = false }: DurationRules = {}): number {
  const milliseconds = toMilliseconds(value, name);
  if (milliseconds === 0 && allowZero) return 0;
  const problem = outOfRange(milliseconds, allowZero);
  if (problem) throw new RangeError(`The ${name} ${problem}: ${quote(value)}.`);
  return milliseconds;
}

/** Text that `parseDuration` reads back as these milliseconds: `1m30s`, `2d`, `1.5ms`. */
export function formatDuration(milliseconds: number): string {
  let rest = milliseconds;
  let text = '';
  for (const unit of ['d', 'h', 'm', 's']) {
    const size = UNITS.get(unit) ?? 1;
    const amount = Math.floor(rest / size);
    if (amount > 0) text += `${amount}${unit}`;
    rest -= amount * size;
  }
  const fraction = Number(rest.toFixed(6)); // Nanoseconds; what is below is noise of the subtraction.
  if (fraction > 0) text += `${fraction}ms`;
  return text || '0s';
}

function toMilliseconds(value: Duration, name: string): number {
  if (typeof value === 'number') return value;
  if (typeof value === 'string') return parseText(value, name);
  throw new TypeError(`The ${name} must be text such as '30s' or a number of milliseconds, not ${kindOf(value)}.`);
}

function parseText(text: string, name: string): number {
  const refuse = (problem: string) => new RangeError(`The ${name} ${problem}: ${quote(text)}. Write it as '1m30s'.`);
  if (text.length > LONGEST_TEXT) throw refuse(`is longer than ${LONGEST_TEXT} characters`);
  if (text === '0') return 0;
  const part = /(\d+(?:\.\d+)?|\.\d+)([a-zµ]+)/y;
  let total = 0;
  let previous = Number.POSITIVE_INFINITY;
  while (part.lastIndex < text.length || text === '') {
    const [, amount, unit = ''] = part.exec(text) ?? [];
    const size = UNITS.get(unit);
    if (amount === undefined) throw refuse('is not a sequence of numbers with units');
    if (size === undefined) throw refuse(`has the unknown unit ${quote(unit)}`);
    if (size >= previous) throw refuse('must name its units once each, from long to short');
    total += Number(amount) * size;
    previous = size;
  }
  return Number(total.toPrecision(15)); // 1.1 s is 1100 ms, not 1100.0000000000002.
}

function outOfRange(milliseconds: number, allowZero: boolean): string | undefined {
  if (Number.isNaN(milliseconds)) return 'is not a number';
  if (milliseconds <= 0) return allowZero ? 'must not be negative' : 'must be more than zero';
  if (milliseconds < 1) return 'must be at least 1ms';
  if (milliseconds > LONGEST_MS) return 'must be at most ten years';
  return undefined;
}

function quote(value: Duration): string {
  if (typeof value === 'number') return String(value);
  return `'${value.length > LONGEST_TEXT ? `${value.slice(0, LONGEST_TEXT)}...` : value}'`;
}

function kindOf(value: unknown): string {
  return value === null ? 'null' : typeof value;
}
