import { processHandles, processRequests, processResources } from './active-objects.ts';
import { eventLoopLag } from './event-loop.ts';
import { gc } from './garbage-collection.ts';
import { defaultMetricsOf, type MetricGroup } from './group.ts';
import {
  osMemoryHeap,
  processCpuTotal,
  processMaxFileDescriptors,
  processOpenFileDescriptors,
  processStartTime,
} from './process.ts';
import { heapSizeAndUsed, heapSpacesSizeAndUsed, version } from './v8.ts';

/** In the order in which prom-client registers them. */
export const metricGroups: Readonly<Record<string, MetricGroup>> = {
  processCpuTotal,
  processStartTime,
  osMemoryHeap,
  processOpenFileDescriptors,
  processMaxFileDescriptors,
  eventLoopLag,
  processResources,
  processHandles,
  processRequests,
  heapSizeAndUsed,
  heapSpacesSizeAndUsed,
  version,
  gc,
};

/** Registers metrics of the process and of Node.js, in the global registry or that of the options. */
export const collectDefaultMetrics = defaultMetricsOf(metricGroups);
