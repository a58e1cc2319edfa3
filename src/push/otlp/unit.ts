const UNITS: ReadonlyMap<string, string> = new Map([
  ['days', 'd'],
  ['hours', 'h'],
  ['minutes', 'min'],
  ['seconds', 's'],
  ['milliseconds', 'ms'],
  ['microseconds', 'us'],
  ['nanoseconds', 'ns'],
  ['bytes', 'By'],
  ['kibibytes', 'KiBy'],
  ['mebibytes', 'MiBy'],
  ['gibibytes', 'GiBy'],
  ['tibibytes', 'TiBy'],
  ['kilobytes', 'KBy'],
  ['megabytes', 'MBy'],
  ['gigabytes', 'GBy'],
  ['terabytes', 'TBy'],
  ['meters', 'm'],
  ['volts', 'V'],
  ['amperes', 'A'],
  ['joules', 'J'],
  ['watts', 'W'],
  ['grams', 'g'],
  ['celsius', 'Cel'],
  ['hertz', 'Hz'],
  ['ratio', '1'],
  ['percent', '%'],
]);

/** Units after `_per_`, as receivers translate them back (prometheus/otlptranslator). */
const PER_UNITS: ReadonlyMap<string, string> = new Map([
  ['second', 's'],
  ['minute', 'm'],
  ['hour', 'h'],
  ['day', 'd'],
  ['week', 'w'],
  ['month', 'mo'],
  ['year', 'y'],
]);

/** Returns the UCUM unit of a Prometheus unit, or the unit itself (OpenTelemetry: Prometheus compatibility). */
export function ucumUnit(unit: string): string {
  const [, whole = unit, per] = /^(.+)_per_(.+)$/.exec(unit) ?? [];
  const shown = UNITS.get(whole) ?? whole;
  return per === undefined ? shown : `${shown}/${PER_UNITS.get(per) ?? per}`;
}
