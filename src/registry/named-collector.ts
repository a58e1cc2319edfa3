import type { Collector, DirectCollector } from '../model/collector.ts';
import type { UpGauge } from './up-gauge.ts';

/** A registered collector with the name under which it is reported. */
export interface NamedCollector {
  readonly name: string;
  readonly collector: Collector;
  /** Maximum number of points and families that it may return. */
  readonly maxPoints: number;
  /** The gauge that tells whether it succeeded. */
  readonly up?: UpGauge | undefined;
}

/** Whether it is a metric. Looks at its members rather than its class: it may come from another copy of the package. */
export function isDirect(entry: object): entry is DirectCollector {
  return 'encode' in entry && 'descriptor' in entry;
}

/** Throws a TypeError unless `collector` is a metric or has a method `collect()`. */
export function checkCollector(collector: unknown): asserts collector is Collector | DirectCollector {
  const isCollector =
    typeof collector === 'object' &&
    collector !== null &&
    (isDirect(collector) || ('collect' in collector && typeof collector.collect === 'function'));
  if (!isCollector) throw new TypeError('A collector must be an object with a method collect().');
}

/** The collector's name, or that of its class. Throws a TypeError if the name is not a string or is empty. */
export function collectorName(collector: Collector): string {
  const { name } = collector;
  if (name !== undefined && (typeof name !== 'string' || name === '')) {
    throw new TypeError(`A collector's name must be a non-empty string, got ${JSON.stringify(name)}.`);
  }
  if (name !== undefined) return name.toWellFormed();
  const { name: className = '' } = collector.constructor ?? {};
  return className === 'Object' || className === '' ? 'unnamed' : className;
}
