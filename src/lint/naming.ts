import type { Labels } from '../model/labels.ts';
import { LabelKeys } from './label-keys.ts';
import { labelUses } from './label-use.ts';
import type { LintFamily, Rule } from './rule.ts';
import { toSnakeCase } from './snake-case.ts';

const TYPE_WORDS = ['counter', 'gauge', 'summary', 'histogram', 'gauge_histogram'];

export const help: Rule = {
  name: 'help',
  severity: 'warning',
  *check({ name, help: text }) {
    if (text !== '') return;
    yield { message: `${name} has no help text.`, hint: 'Say in a sentence what it counts or measures.' };
  },
};

/** Counters, and nothing else, end in `_total`. */
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
        message: `${name} ends in _total and is a ${type}.`,
        hint: `Rename it to ${renamed}, or make it a counter if it only goes up.`,
      };
    }
  },
};

/** Suffixes and labels that histograms and summaries make are not used by others. */
export const reservedNames: Rule = {
  name: 'reserved-names',
  severity: 'error',
  *check(family) {
    const { name, type } = family;
    if (type === 'unknown') return;
    for (const suffix of reservedSuffixes(family)) {
      if (!name.endsWith(suffix)) continue;
      yield {
        message: `${name} is a ${type} and ends in ${suffix}, which only samples of distributions do.`,
        hint: `Rename it to something that does not end in ${suffix}.`,
      };
    }
    for (const label of reservedLabels(family)) {
      if (!labelUses(family).has(label)) continue;
      yield {
        message: `${name} is a ${type} and has the label ${label}, which only parts of distributions have.`,
        hint: `Give the label ${label} another name.`,
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
    yield { message: `The name ${name} includes the type ${word}.`, hint: 'Leave it out: TYPE says it already.' };
  },
};

export const reservedCharacters: Rule = {
  name: 'reserved-characters',
  severity: 'warning',
  *check({ name }) {
    if (!name.includes(':')) return;
    yield {
      message: `The name ${name} has a colon.`,
      hint: 'Colons are for recording rules: use underscores.',
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

/** A label set stands once in a family. */
export const duplicateMetric: Rule = {
  name: 'duplicate-metric',
  severity: 'error',
  *check({ name, points }) {
    const keys = new LabelKeys();
    const seen = new Set<string>();
    for (const { labels = {} } of points) {
      const key = keys.of(labels);
      if (seen.has(key)) {
        yield {
          message: `${name} has the label set ${labelText(labels)} more than once.`,
          hint: 'Add up what belongs together, or tell the series apart by another label.',
        };
      }
      seen.add(key);
    }
  },
};

function labelText(labels: Labels): string {
  const pairs = Object.entries(labels).map(([label, value]) => [label, String(value)]);
  return JSON.stringify(pairs.sort());
}

function isCamelCase(name: string): boolean {
  return /[a-z][A-Z]/.test(name);
}

function reservedSuffixes({ type }: LintFamily): string[] {
  const isHistogram = type === 'histogram' || type === 'gaugehistogram';
  if (isHistogram) return [];
  return type === 'summary' ? ['_bucket'] : ['_bucket', '_count', '_sum'];
}

function reservedLabels({ type }: LintFamily): string[] {
  if (type === 'histogram' || type === 'gaugehistogram') return ['quantile'];
  return type === 'summary' ? ['le'] : ['le', 'quantile'];
}
