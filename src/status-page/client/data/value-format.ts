import type { Family, Value } from '../../protocol.ts';

const SCALES: readonly (readonly [factor: number, suffix: string])[] = [
  [1e15, ' P'],
  [1e12, ' T'],
  [1e9, ' G'],
  [1e6, ' M'],
];
const BYTES = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];

/** Formats numbers with the unit of a family. */
export type Format = (value: number) => string;

/** Formats a number, or NaN as a dash: it is unknown. */
export function formatKnown(value: number, format: Format): string {
  return Number.isNaN(value) ? '–' : format(value);
}

/** Reads a number of a message. */
export function numberOf(value: Value | undefined | null): number {
  if (value === '+Inf') return Number.POSITIVE_INFINITY;
  if (value === '-Inf') return Number.NEGATIVE_INFINITY;
  return typeof value === 'number' ? value : Number.NaN;
}

/** Formats a number with about three significant digits: `1,234`, `0.0123`, `5.67 M`. */
export function formatNumber(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'NaN' : value > 0 ? '+Inf' : '−Inf';
  const size = Math.abs(value);
  for (const [factor, suffix] of SCALES) if (size >= factor) return threeDigits(value / factor) + suffix;
  if (size >= 1000) return withSign(Math.round(value).toLocaleString('en'));
  if (size !== 0 && size < 1e-3) return withSign(value.toPrecision(3).replace(/\.?0+(?=e|$)/, ''));
  return threeDigits(value);
}

/** Formats seconds: `350 µs`, `12.3 ms`, `4.2 s`, `3 min 20 s`, `2 h 5 min`, `3 d 4 h`. */
export function formatSeconds(seconds: number): string {
  const size = Math.abs(seconds);
  if (!Number.isFinite(seconds)) return formatNumber(seconds);
  if (size === 0) return '0 s';
  if (size < 1e-3) return `${threeDigits(seconds * 1e6)} µs`;
  if (size < 1) return `${threeDigits(seconds * 1e3)} ms`;
  if (size < 100) return `${threeDigits(seconds)} s`;
  const whole = Math.round(size);
  const sign = seconds < 0 ? '−' : '';
  if (whole < 3600) return sign + twoParts(whole, 60, 'min', 's');
  if (whole < 86_400) return sign + twoParts(Math.round(whole / 60), 60, 'h', 'min');
  return sign + twoParts(Math.round(whole / 3600), 24, 'd', 'h');
}

/** Formats bytes with binary units: `45.2 MiB`. */
export function formatBytes(bytes: number): string {
  if (!Number.isFinite(bytes)) return formatNumber(bytes);
  let unit = 0;
  let value = bytes;
  while (Math.abs(value) >= 1024 && unit < BYTES.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${threeDigits(value)} ${BYTES[unit]}`;
}

export function formatPercent(ratio: number): string {
  return Number.isFinite(ratio) ? `${threeDigits(ratio * 100)} %` : formatNumber(ratio);
}

/** Formats the time between two points of time: `3 min 20 s ago`, `in 5 s`, `now`. */
export function formatAge(time: number | undefined, now: number): string {
  if (time === undefined) return 'never';
  const seconds = Math.round((now - time) / 1000);
  if (seconds === 0) return 'now';
  return seconds > 0 ? `${formatSeconds(seconds)} ago` : `in ${formatSeconds(-seconds)}`;
}

export function formatClock(time: number): string {
  return new Date(time).toLocaleTimeString('en-GB');
}

/** Returns how the values of a family are written. The unit is that of the metric, or the last word of its name. */
export function formatOf({ name, unit, type }: Pick<Family, 'name' | 'unit' | 'type'>): Format {
  const words = name.replace(/_(?:total|sum|count|info)$/, '').split('_');
  const last = unit ?? words.at(-1);
  if (last === 'seconds' && type === 'gauge' && /_(?:timestamp|time)_seconds$/.test(name)) return formatTimestamp;
  if (last === 'seconds') return formatSeconds;
  if (last === 'bytes') return formatBytes;
  if (last === 'ratio') return formatPercent;
  return formatNumber;
}

/** Points of time before the year 2001 are durations. */
function formatTimestamp(seconds: number): string {
  return seconds > 1e9 ? formatAge(seconds * 1000, Date.now()) : formatSeconds(seconds);
}

function threeDigits(value: number): string {
  const size = Math.abs(value);
  const digits = size >= 99.95 ? 0 : size >= 9.995 ? 1 : size >= 0.9995 ? 2 : size >= 0.01 ? 3 : 4;
  const text = value.toFixed(digits);
  return withSign(text.includes('.') ? text.replace(/\.?0+$/, '') : text);
}

function withSign(text: string): string {
  return text === '-0' ? '0' : text.replace('-', '−');
}

function twoParts(count: number, size: number, large: string, small: string): string {
  const rest = count % size;
  return `${Math.floor(count / size)} ${large}${rest === 0 ? '' : ` ${rest} ${small}`}`;
}
