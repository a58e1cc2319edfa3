import type { Collector } from '../model/collector.ts';

/** The name that a collector has, or that of its class. Throws a TypeError where its name is no text. */
export function collectorName(collector: Collector): string {
  const { name } = collector;
  if (name !== undefined && (typeof name !== 'string' || name === '')) {
    throw new TypeError(`A collector's name is a string that is not empty, not ${JSON.stringify(name)}.`);
  }
  return name?.toWellFormed() ?? className(collector);
}

function className(collector: Collector): string {
  const { name = '' } = collector.constructor ?? {};
  return name === 'Object' || name === '' ? 'unnamed' : name;
}
