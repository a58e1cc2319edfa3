import type { MetricFamily, MetricType } from '../model/family.ts';
import { labelKey } from '../model/label-key.ts';
import { type Labels, LabelValue } from '../model/labels.ts';
import { checkMetricName } from '../model/naming.ts';

const TYPES: ReadonlySet<unknown> = new Set<MetricType>([
  'counter',
  'gauge',
  'histogram',
  'gaugehistogram',
  'summary',
  'info',
  'stateset',
  'unknown',
]);

/**
 * A family that a collector has returned, with its points as a list. Throws an Error that names it where it is none, or
 * has a series twice: a server would keep one of them and not say so.
 */
export function checkedFamily(family: MetricFamily): MetricFamily {
  if (typeof family !== 'object' || family === null) throw new TypeError(`${String(family)} is no family.`);
  const { name, help, type } = family;
  checkMetricName(name);
  if (typeof help !== 'string') throw new TypeError(`${name}: help is a string, not ${typeof help}.`);
  if (!TYPES.has(type)) throw new TypeError(`${name}: there is no type ${String(type)}.`);
  const points = [...family.points];
  const seen = new Set<string>();
  for (const { labels = {} } of points) {
    const key = labelKey(labelSetOf(labels, name));
    if (seen.has(key)) throw new Error(`${name} has the series ${key} twice.`);
    seen.add(key);
  }
  // The points are those of the family, of the same type.
  return { ...family, points } as MetricFamily;
}

function labelSetOf(labels: Labels, name: string) {
  const values = Object.entries(labels).map(([label, value]) => {
    if (['string', 'number', 'boolean'].includes(typeof value)) return new LabelValue(String(value).toWellFormed());
    throw new TypeError(`${name}: label ${label} is a string, number or boolean, not ${typeof value}.`);
  });
  return { names: Object.keys(labels), values };
}
