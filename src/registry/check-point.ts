import type { MetricType, Sample } from '../model/family.ts';
import type { Labels } from '../model/labels.ts';
import { seriesKey } from '../model/labels.ts';
import { checkValue } from './check-value.ts';

/** A point of a family, checked, and a text that is the same for points of the same series. */
export interface CheckedPoint {
  readonly sample: Sample;
  readonly key: string;
}

/**
 * A copy of a point as a collector returned it. Throws a TypeError or RangeError where it is none, or its value is none
 * of the type. What each format makes of a value, such as a counter of -1, is for the format to say.
 */
export function checkedPoint(point: unknown, type: MetricType): CheckedPoint {
  if (typeof point !== 'object' || point === null)
    throw new TypeError(`a point is an object, not ${point === null ? 'null' : typeof point}.`);
  // Each property is read once, as it may be a getter, and checked below or by the format.
  const { labels, value, timestamp, startTimestamp, exemplar } = point as Partial<Sample>;
  const pairs = labels === undefined ? [] : pairsOf(labels);
  checkValue(value, type);
  checkTime(timestamp, 'timestamp');
  checkTime(startTimestamp, 'startTimestamp');
  const sample = { labels: Object.fromEntries(pairs), value, timestamp, startTimestamp, exemplar };
  // Its value was checked to be one of the type.
  return { sample: sample as Sample, key: seriesKey(pairs) };
}

function pairsOf(labels: Labels): [string, string][] {
  if (typeof labels !== 'object' || labels === null || Array.isArray(labels)) {
    throw new TypeError('labels are an object of names and values.');
  }
  return Object.entries(labels).map(([name, value]) => {
    if (!['string', 'number', 'boolean'].includes(typeof value)) {
      throw new TypeError(
        `label ${name} is a string, number or boolean, not ${value === null ? 'null' : typeof value}.`,
      );
    }
    return [name, String(value).toWellFormed()];
  });
}

function checkTime(time: unknown, what: string): void {
  if (time !== undefined && typeof time !== 'number') throw new TypeError(`${what} is a number of Unix seconds.`);
}
