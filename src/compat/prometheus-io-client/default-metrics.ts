import { performance } from 'node:perf_hooks';
import { LONGEST_DELAY_MS } from '../../model/duration.ts';
import { metricGroups } from '../prom-client/default-metrics/collect-default-metrics.ts';
import {
  type DefaultMetricsOptions,
  defaultMetricsOf,
  type MetricGroup,
  metricGroup,
} from '../prom-client/default-metrics/group.ts';
import { Histogram, Summary } from './metrics.ts';
import { Registry } from './registry.ts';

/** Options of `collectDefaultMetrics()`. */
export interface SuccessorOptions extends DefaultMetricsOptions {
  /** Milliseconds between two measurements of the event loop's utilization; 100 unless it is a number above 0. */
  readonly eventLoopUtilizationTimeout?: number | null;
  readonly eventLoopUtilizationBuckets?: readonly number[] | null;
  readonly eventLoopUtilizationPercentiles?: readonly number[] | null;
  readonly eventLoopUtilizationAgeBuckets?: number | null;
  readonly eventLoopUtilizationMaxAgeSeconds?: number | null;
}

const UTILIZATION_BUCKETS: readonly number[] = [0.01, 0.05, 0.1, 0.25, 0.5, 0.6, 0.7, 0.75, 0.8, 0.9, 0.95, 0.99, 1];
const DEFAULT_INTERVAL_MS = 100;
/** Limits the work after a process was suspended for long. */
const MOST_MISSED = 10_000;
const UTILIZATION_HELP =
  'Ratio of time the event loop is not idling in the event provider to the total time the event loop is running.';
const SUMMARY_NAME = 'nodejs_eventloop_utilization_summary';
const HISTOGRAM_NAME = 'nodejs_eventloop_utilization_histogram';

export const eventLoopUtilization = metricGroup([SUMMARY_NAME, HISTOGRAM_NAME], ({ options, labels, config }) => {
  const {
    eventLoopUtilizationTimeout,
    eventLoopUtilizationBuckets,
    eventLoopUtilizationPercentiles,
    eventLoopUtilizationAgeBuckets,
    eventLoopUtilizationMaxAgeSeconds,
  }: SuccessorOptions = options;
  const summary = new Summary({
    ...config(SUMMARY_NAME, UTILIZATION_HELP),
    percentiles: eventLoopUtilizationPercentiles ?? undefined,
    ageBuckets: eventLoopUtilizationAgeBuckets ?? 5,
    maxAgeSeconds: eventLoopUtilizationMaxAgeSeconds ?? 60,
  });
  const histogram = new Histogram({
    ...config(HISTOGRAM_NAME, UTILIZATION_HELP),
    buckets: eventLoopUtilizationBuckets ?? UTILIZATION_BUCKETS,
  });
  const intervalMs = intervalOf(eventLoopUtilizationTimeout);
  let last = performance.eventLoopUtilization();
  let lastTime = performance.now();
  const measure = (): void => {
    const now = performance.eventLoopUtilization();
    const time = performance.now();
    const { utilization } = performance.eventLoopUtilization(now, last);
    // A loop that was blocked has missed measurements, which count too.
    for (let count = Math.min(Math.round((time - lastTime) / intervalMs), MOST_MISSED); count > 0; count--) {
      summary.observe(labels, utilization);
      histogram.observe(labels, utilization);
    }
    last = now;
    lastTime = time;
  };
  setInterval(measure, intervalMs).unref();
});

/** In the order in which the successor registers them. */
export const successorGroups: Readonly<Record<string, MetricGroup>> = Object.fromEntries(
  Object.entries(metricGroups).flatMap((group) =>
    group[0] === 'eventLoopLag' ? [group, ['eventLoopUtilization', eventLoopUtilization]] : [group],
  ),
);

/** Registers metrics of the process and of Node.js, in the global registry or that of the options. */
export const collectDefaultMetrics = defaultMetricsOf<SuccessorOptions>(successorGroups, () => Registry.globalRegistry);

/** An interval that timers support. The successor never returns from its first measurement if the interval is 0. */
function intervalOf(given: unknown): number {
  const intervalMs = Number(given);
  return intervalMs > 0 ? Math.min(Math.max(intervalMs, 1), LONGEST_DELAY_MS) : DEFAULT_INTERVAL_MS;
}
