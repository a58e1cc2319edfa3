import type { Problem, Rule } from './rule.ts';

/** Units of measurement and their base units. */
const BASE_UNITS: ReadonlyMap<string, string> = new Map([
  ...['amperes', 'bytes', 'celsius', 'grams', 'joules', 'kelvin', 'meters', 'metres', 'seconds', 'volts'].map(
    (unit): [string, string] => [unit, unit],
  ),
  ...named('seconds', 'minutes', 'hours', 'days', 'weeks'),
  ...named('kelvin', 'kelvins'),
  ...named('celsius', 'fahrenheit', 'rankine'),
  ...named('meters', 'inches', 'yards', 'miles'),
  ...named('bytes', 'bits'),
  ...named('joules', 'calories'),
  ...named('grams', 'pounds', 'ounces'),
]);

const PREFIX = /^(pico|nano|micro|milli|centi|deci|deca|hecto|kilo|kibi|mega|mebi|giga|gibi|tera|tebi|peta|pebi)/;

const ABBREVIATIONS = ['s', 'ms', 'us', 'ns', 'sec', 'b', 'kb', 'mb', 'gb', 'tb', 'pb', 'm', 'h', 'd'];

/** The first unit in a name must be a base unit. */
export const baseUnits: Rule = {
  name: 'base-units',
  severity: 'warning',
  *check({ name }) {
    for (const part of name.split('_')) {
      const base = baseUnitOf(part);
      if (base === undefined) continue;
      if (base !== part) yield wrongUnit(name, part, base);
      return;
    }
  },
};

export const unitAbbreviations: Rule = {
  name: 'unit-abbreviations',
  severity: 'warning',
  *check({ name }) {
    const parts = name.toLowerCase().split('_').slice(1);
    if (!parts.some((part) => ABBREVIATIONS.includes(part))) return;
    yield {
      message: `The name ${name} has an abbreviated unit.`,
      hint: 'Write the unit out: seconds, bytes, meters.',
    };
  },
};

/** Ratios are preferred to percentages. */
export const noPercent: Rule = {
  name: 'no-percent',
  severity: 'warning',
  *check({ name }) {
    if (!name.split('_').some((part) => ['percent', 'percents', 'percentage', 'pct'].includes(part))) return;
    yield {
      message: `${name} is a percentage.`,
      hint: 'Expose a ratio from 0 to 1 with the suffix _ratio, or better the two counters that it is computed from.',
    };
  },
};

/** The name must contain the declared unit, because queries only show the name. */
export const unitInName: Rule = {
  name: 'unit-in-name',
  severity: 'warning',
  *check({ name, unit }) {
    if (unit === undefined || unit === '' || `${name.replace(/_total$/, '')}`.endsWith(`_${unit}`)) return;
    yield {
      message: `The unit of ${name} is ${unit}, but its name does not end with it.`,
      hint: `End the name in _${unit}, or in _${unit}_total if it is a counter.`,
    };
  },
};

function baseUnitOf(part: string): string | undefined {
  return BASE_UNITS.get(part) ?? BASE_UNITS.get(part.replace(PREFIX, ''));
}

function wrongUnit(name: string, unit: string, base: string): Problem {
  return {
    message: `${name} uses the unit ${unit}.`,
    hint: `Use the base unit ${base}: convert the value and rename the metric to ${name.replace(unit, base)}.`,
  };
}

function named(base: string, ...units: string[]): [string, string][] {
  return units.map((unit) => [unit, base]);
}
