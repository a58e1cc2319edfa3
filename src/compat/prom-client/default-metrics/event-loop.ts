import { monitorEventLoopDelay } from 'node:perf_hooks';
import { Gauge } from '../metrics/gauge.ts';
import { startTimer } from '../metrics/timer.ts';
import { isNotImplemented, metricGroup } from './group.ts';

const NANOSECONDS = 1e9;

/** Name, help text and aggregator of each metric about the delays since the last scrape. */
const STATISTICS = [
  ['min', 'The minimum recorded event loop delay.', 'min'],
  ['max', 'The maximum recorded event loop delay.', 'max'],
  ['mean', 'The mean of the recorded event loop delays.', 'average'],
  ['stddev', 'The standard deviation of the recorded event loop delays.', 'average'],
  ['p50', 'The 50th percentile of the recorded event loop delays.', 'average'],
  ['p90', 'The 90th percentile of the recorded event loop delays.', 'average'],
  ['p99', 'The 99th percentile of the recorded event loop delays.', 'average'],
] as const;

type Delays = ReturnType<typeof monitorEventLoopDelay>;

export const eventLoopLag = metricGroup(
  ['nodejs_eventloop_lag_seconds', ...STATISTICS.map(([name]) => nameOf(name))],
  ({ options: { eventLoopMonitoringPrecision: resolution }, labels, config }) => {
    const delays = monitorDelays(resolution);
    if (delays === undefined) return;
    const lag = new Gauge({
      ...config('nodejs_eventloop_lag_seconds', 'Lag of event loop in seconds.'),
      aggregator: 'average',
      collect() {
        const end = startTimer((seconds) => lag.set(labels, seconds));
        setImmediate(end);
        for (const [name, gauge] of gauges) gauge.set(labels, statistic(delays, name) / NANOSECONDS);
        delays.reset();
      },
    });
    const gauges = STATISTICS.map(([name, help, aggregator]) => {
      return [name, new Gauge({ ...config(nameOf(name), help), aggregator })] as const;
    });
  },
);

function nameOf(statistic: string): string {
  return `nodejs_eventloop_lag_${statistic}_seconds`;
}

function statistic(delays: Delays, name: (typeof STATISTICS)[number][0]): number {
  switch (name) {
    case 'p50':
    case 'p90':
    case 'p99':
      return delays.percentile(Number(name.slice(1)));
    default:
      return delays[name];
  }
}

/** Starts measuring delays. Returns undefined if the runtime, such as Bun, cannot measure them. */
function monitorDelays(resolution: number | undefined): Delays | undefined {
  try {
    const delays = monitorEventLoopDelay(resolution === undefined ? {} : { resolution });
    delays.enable();
    return delays;
  } catch (error) {
    if (isNotImplemented(error)) return undefined;
    throw error;
  }
}
