import * as v8 from 'node:v8';
import { Gauge } from '../metrics/gauge.ts';
import { isNotImplemented, metricGroup } from './group.ts';

export const heapSizeAndUsed = metricGroup(
  ['nodejs_heap_size_total_bytes', 'nodejs_heap_size_used_bytes', 'nodejs_external_memory_bytes'],
  ({ labels, config }) => {
    const total = new Gauge({
      ...config('nodejs_heap_size_total_bytes', 'Process heap size from Node.js in bytes.'),
      collect() {
        const usage = memoryUsage();
        if (usage === undefined) return;
        total.set(labels, usage.heapTotal);
        used.set(labels, usage.heapUsed);
        if (usage.external !== undefined) external.set(labels, usage.external);
      },
    });
    const used = new Gauge(config('nodejs_heap_size_used_bytes', 'Process heap size used from Node.js in bytes.'));
    const external = new Gauge(config('nodejs_external_memory_bytes', 'Node.js external memory size in bytes.'));
  },
);

const SIZES = ['total', 'used', 'available'] as const;

export const heapSpacesSizeAndUsed = metricGroup(SIZES.map(heapSpaceName), ({ labels, config }) => {
  if (!hasHeapSpaces()) return;
  const [total, used, available] = SIZES.map((size) => {
    return new Gauge(config(heapSpaceName(size), `Process heap space size ${size} from Node.js in bytes.`, ['space']));
  }) as [Gauge, Gauge, Gauge]; // One for each size.
  total.collect = () => {
    for (const space of v8.getHeapSpaceStatistics()) {
      const name = space.space_name.slice(0, space.space_name.indexOf('_space'));
      total.set({ space: name, ...labels }, space.space_size);
      used.set({ space: name, ...labels }, space.space_used_size);
      available.set({ space: name, ...labels }, space.space_available_size);
    }
  };
});

export const version = metricGroup(['nodejs_version_info'], ({ labels, config }) => {
  const [major, minor, patch] = process.version.slice(1).split('.').map(Number);
  const info = new Gauge({
    ...config('nodejs_version_info', 'Node.js version info.', ['version', 'major', 'minor', 'patch']),
    aggregator: 'first',
    // At each scrape, so that it exists after a reset.
    collect: () => info.labels(process.version, major, minor, patch, ...Object.values(labels)).set(1),
  });
});

function heapSpaceName(size: string): string {
  return `nodejs_heap_space_size_${size}_bytes`;
}

function hasHeapSpaces(): boolean {
  try {
    v8.getHeapSpaceStatistics();
    return true;
  } catch (error) {
    if (isNotImplemented(error)) return false;
    throw error;
  }
}

/** Returns undefined if the system does not allow reading it. */
function memoryUsage(): NodeJS.MemoryUsage | undefined {
  try {
    return process.memoryUsage();
  } catch {
    return undefined;
  }
}
