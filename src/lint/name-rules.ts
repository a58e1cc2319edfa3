import type { MetricType } from '../model/family.ts';
import { seriesKey } from '../model/labels.ts';
import { labelUses } from './label-use.ts';
import type { Rule } from './rule.ts';

const TYPE_WORDS = ['counter', 'gauge', 'summary', 'histogram', 'gauge_histogram'];

/** Suffixes that histograms and summaries use, by the types that must not. */
const RESERVED_SUFFIXES: ReadonlyMap<MetricType, readonly string[]> = new Map([
  ['histogram', []],
  ['gaugehistogram', []],
  ['summary', ['_bucket']],
]);

/** Labels that histograms and summaries use, by the types that must not. */
const RESERVED_LABELS: ReadonlyMap<MetricType, readonly string[]> = new Map([
  ['histogram', ['quantile']],
  ['gaugehistogram', ['quantile']],
  ['summary', ['le']],
]);

export const help: Rule = {
  name: 'help',
  severity: 'warning',
  *check({ name, help: text }) {
    if (text !== '') return;
    yield { message: `${name} has no help text.`, hint: 'Describe in a sentence what it counts or measures.' };
  },
};

/** The suffix `_total` is required for counters and reserved for them. */
export const counterSuffix: Rule = {
  name: 'counter-suffix',
  severity: 'warning',
  *check({ name, type }) {
    const hasSuffix = name.endsWith('_total');
    if (type === 'counter' && !hasSuffix) {
      yield { message: `The counter ${name} does not end in _total.`, hint: `Rename it to ${name}_total.` };
    } else if (type !== 'counter' && type !== 'unknown' && hasSuffix) {
      const renamed = name.slice(0, -'_total'.length);
      yield {
        message: `${name} ends in _total but is a ${type}.`,
        hint: `Rename it to ${renamed}, or make it a counter if it only increases.`,
      };
    }
  },
};

/** The suffixes and labels of histograms and summaries are reserved for them. */
export const reservedNames: Rule = {
  name: 'reserved-names',
  severity: 'error',
  *check(family) {
    const { name, type } = family;
    if (type === 'unknown') return;
    for (const suffix of RESERVED_SUFFIXES.get(type) ?? ['_bucket', '_count', '_sum']) {
      if (!name.endsWith(suffix)) continue;
      yield {
        message: `${name} is a ${type} but ends in ${suffix}, which is reserved for histograms and summaries.`,
        hint: `Choose a name that does not end in ${suffix}.`,
      };
    }
    for (const label of RESERVED_LABELS.get(type) ?? ['le', 'quantile']) {
      if (!labelUses(family).has(label)) continue;
      yield {
        message: `${name} is a ${type} but has the label ${label}, which is reserved for histograms and summaries.`,
        hint: `Rename the label ${label}.`,
      };
    }
  },
};

export const typeInName: Rule = {
  name: 'type-in-name',
  severity: 'warning',
  *check({ name, type }) {
    if (type === 'unknown') return;
    const word = TYPE_WORDS.find((each) => `${name.toLowerCase()}_`.includes(`_${each}_`));
    if (word === undefined) return;
    yield { message: `The name ${name} contains the type ${word}.`, hint: 'Remove it: the type is in the metadata.' };
  },
};

export const reservedCharacters: Rule = {
  name: 'reserved-characters',
  severity: 'warning',
  *check({ name }) {
    if (!name.includes(':')) return;
    yield {
      message: `The name ${name} contains a colon.`,
      hint: 'Use underscores: colons are reserved for recording rules.',
    };
  },
};

export const camelCase: Rule = {
  name: 'camel-case',
  severity: 'warning',
  *check(family) {
    const { name } = family;
    if (isCamelCase(name)) {
      yield { message: `The name ${name} is in camelCase.`, hint: `Write ${toSnakeCase(name)}.` };
    }
    for (const label of labelUses(family).keys()) {
      if (!isCamelCase(label)) continue;
      yield { message: `The label ${label} of ${name} is in camelCase.`, hint: `Write ${toSnakeCase(label)}.` };
    }
  },
};

/** A label set must be unique in its family. */
export const duplicateMetric: Rule = {
  name: 'duplicate-metric',
  severity: 'error',
  *check({ name, points }) {
    const seen = new Set<string>();
    for (const { labels = {} } of points) {
      const pairs = Object.entries(labels).map(([label, value]): [string, string] => [label, String(value)]);
      const key = seriesKey(pairs);
      if (seen.has(key)) {
        yield {
          message: `${name} has the label set ${JSON.stringify(pairs.sort())} more than once.`,
          hint: 'Aggregate the samples, or add a label that distinguishes them.',
        };
      }
      seen.add(key);
    }
  },
};

function isCamelCase(name: string): boolean {
  return /[a-z][A-Z]/.test(name);
}

/**
 * Converts a name to snake_case: `myTCPExample` becomes `my_tcp_example`, and `diskUsage.total` becomes `disk_usage_total`.
 *
 * @example
 * ```ts
 * import { toSnakeCase } from 'zeroprom/lint';
 *
 * console.log(toSnakeCase('httpRequests')); // http_requests
 * ```
 */
export function toSnakeCase(name: string): string {
  return name
    .replace(/([a-z])([A-Z][a-z]?[A-Z])$/g, (_, before, word) => `${before}_${word.toLowerCase()}`)
    .replace(/([A-Z])([A-Z][a-z])/g, '$1_$2')
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replace(/[^a-zA-Z0-9_]+/g, '_')
    .toLowerCase();
}
