import type { AcrossWorkers, Descriptor } from './family.ts';
import { checkMetricName } from './naming.ts';
import { kindOf } from './printable.ts';
import { isMetricType } from './sample-names.ts';

/**
 * Validates what all series of a family share. Returns a copy of it.
 *
 * @throws {TypeError} if a property has the wrong type, or if the metric type is unknown.
 * @throws {RangeError} if the name is invalid.
 */
export function checkedDescriptor(descriptor: Partial<Record<keyof Descriptor, unknown>>): Descriptor {
  const { name, help, type, unit, acrossWorkers } = descriptor;
  checkMetricName(name);
  if (typeof help !== 'string') throw new TypeError(`${name}: help must be a string, got ${kindOf(help)}.`);
  if (!isMetricType(type)) {
    throw new TypeError(`${name}: type must be a metric type, got ${typeof type === 'string' ? type : kindOf(type)}.`);
  }
  if (unit !== undefined && typeof unit !== 'string') {
    throw new TypeError(`${name}: unit must be a string, got ${kindOf(unit)}.`);
  }
  if (acrossWorkers === undefined) return { name, help, type, unit };
  checkAcrossWorkers(acrossWorkers, name);
  return { name, help, type, unit, acrossWorkers };
}

const ACROSS_WORKERS: readonly unknown[] = [
  ...['perWorker', 'sum', 'min', 'max', 'mean', 'mostRecent'],
  ...['keptSum', 'keptMin', 'keptMax', 'keptMostRecent'],
];

/** @throws {RangeError} with the allowed values. */
function checkAcrossWorkers(value: unknown, metricName: string): asserts value is AcrossWorkers {
  if (ACROSS_WORKERS.includes(value)) return;
  throw new RangeError(
    `${metricName}: acrossWorkers must be one of ${ACROSS_WORKERS.join(', ')}, got ${typeof value === 'string' ? value : kindOf(value)}.`,
  );
}
