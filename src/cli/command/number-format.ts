const UNITS = new Map([
  ['', 1],
  ['b', 1],
  ['kib', 2 ** 10],
  ['kb', 1e3],
  ['mib', 2 ** 20],
  ['mb', 1e6],
  ['gib', 2 ** 30],
  ['gb', 1e9],
]);

/** Parses a number of bytes: `1000`, `64MB` or `256MiB`. */
export function parseSize(text: string): number {
  const [, amount, unit = ''] = /^(\d+(?:\.\d+)?)\s*([a-z]*)$/i.exec(text) ?? [];
  const factor = UNITS.get(unit.toLowerCase());
  if (amount === undefined || factor === undefined) {
    throw new RangeError(`must be a size such as 1000, 64MB or 256MiB, got ${JSON.stringify(text)}.`);
  }
  return Math.floor(Number(amount) * factor);
}

/** Formats a number of bytes for people: `17 B`, `1.2 KiB`. */
export function formatSize(bytes: number): string {
  const steps = ['B', 'KiB', 'MiB', 'GiB'];
  const step = Math.min(Math.floor(Math.log2(Math.max(bytes, 1)) / 10), steps.length - 1);
  const amount = bytes / 2 ** (10 * step);
  return `${step === 0 || amount >= 100 ? Math.round(amount) : amount.toFixed(1)} ${steps[step]}`;
}

const counts = new Intl.NumberFormat('en-US');

/** Formats a count: `12,345`. */
export function formatCount(count: number): string {
  return counts.format(count);
}

/** Number of digits of a value that is not an integer. */
const DIGITS = 6;

/**
 * Formats a value so that it is recognizable and fits a column: all digits before the decimal point as far as numbers are
 * exact, and of others six.
 */
export function formatValue(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'NaN' : value > 0 ? '+Inf' : '-Inf';
  if (Number.isSafeInteger(value)) return String(value);
  const whole = String(Math.trunc(Math.abs(value)));
  const isExact = Math.abs(value) <= Number.MAX_SAFE_INTEGER;
  return String(Number(value.toPrecision(isExact ? Math.max(DIGITS, whole.length) : DIGITS)));
}

/** Formats a count with its noun: `3 families`, `1 family`. */
export function plural(count: number, one: string, many: string): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}

const BARS = [...'▁▂▃▄▅▆▇█'];

/** Draws a bar for each value, scaled from the lowest to the highest. Values that are not finite leave a gap. */
export function sparkline(values: readonly number[]): string {
  const numbers = values.filter(Number.isFinite);
  const low = Math.min(...numbers);
  const high = Math.max(...numbers);
  const bars = values.map((value) => {
    if (!Number.isFinite(value)) return ' ';
    // Halved first, because the difference of two numbers may overflow.
    const share = high === low ? 0 : (value / 2 - low / 2) / (high / 2 - low / 2);
    return BARS[Math.min(Math.floor(share * BARS.length), BARS.length - 1)] ?? ' ';
  });
  return bars.join('');
}
