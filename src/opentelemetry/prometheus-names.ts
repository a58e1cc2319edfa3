/** Names and units by OpenTelemetry's specification "Prometheus and OpenMetrics Compatibility". */

/** Prometheus units by the unit of UCUM. */
const UNITS: Readonly<Record<string, string>> = {
  d: 'days',
  h: 'hours',
  min: 'minutes',
  s: 'seconds',
  ms: 'milliseconds',
  us: 'microseconds',
  ns: 'nanoseconds',
  By: 'bytes',
  KiBy: 'kibibytes',
  MiBy: 'mebibytes',
  GiBy: 'gibibytes',
  TiBy: 'tibibytes',
  KBy: 'kilobytes',
  MBy: 'megabytes',
  GBy: 'gigabytes',
  TBy: 'terabytes',
  m: 'meters',
  V: 'volts',
  A: 'amperes',
  J: 'joules',
  W: 'watts',
  g: 'grams',
  Cel: 'celsius',
  Hz: 'hertz',
  '%': 'percent',
};

/** Units after a slash: `m/s` is `meters_per_second`. */
const PER: Readonly<Record<string, string>> = {
  s: 'second',
  m: 'minute',
  min: 'minute',
  h: 'hour',
  d: 'day',
  w: 'week',
  mo: 'month',
  y: 'year',
};

/** Returns the unit as Prometheus spells it, or undefined if it is not part of names. Annotations in braces are not. */
export function unitName(unit: string, type: 'counter' | 'gauge' | 'histogram'): string | undefined {
  if (unit === '1') return type === 'gauge' ? 'ratio' : undefined;
  const [main = '', per] = unit.replace(/\{[^}]*\}/g, '').split('/');
  const numerator = Object.hasOwn(UNITS, main) ? UNITS[main] : main;
  const denominator = per === undefined || per === '' ? '' : `per_${Object.hasOwn(PER, per) ? PER[per] : per}`;
  const name = [numerator, denominator].filter((part) => part !== '').join('_');
  return name === '' ? undefined : withoutRuns(name);
}

/** Returns the name of the samples: with unit, and `_total` for counters. */
export function metricName(name: string, unit: string | undefined, type: 'counter' | 'gauge' | 'histogram'): string {
  let base = withoutRuns(name.replace(/^(?=\d)/, '_'));
  if (type === 'counter') base = base.replace(/_total$/, '');
  if (unit !== undefined && base !== unit && !base.endsWith(`_${unit}`)) base = `${base}_${unit}`;
  return type === 'counter' ? `${base}_total` : base;
}

/** Returns the name of a label for an attribute. */
export function labelName(attribute: string): string {
  const name = attribute.replace(/[^a-zA-Z0-9_]/g, '_').replace(/^(?=\d)/, 'key_');
  // Prometheus reserves names with two underscores at the start.
  return name.startsWith('__') ? `key${name}` : name;
}

/** Replaces each run of characters that are not allowed, and of underscores, by one underscore. */
function withoutRuns(name: string): string {
  return name.replace(/[^a-zA-Z0-9:]+/g, '_').replace(/(?<=.)_$/, '');
}
