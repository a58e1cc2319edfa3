/** A program with all of prom-client's API. It compiles with the types of prom-client 15 as well, except for the last part. */
export const PROM_CLIENT_PROGRAM = `import client, {
  AggregatorRegistry,
  collectDefaultMetrics,
  Counter,
  exponentialBuckets,
  Gauge,
  Histogram,
  linearBuckets,
  openMetricsContentType,
  prometheusContentType,
  Pushgateway,
  register,
  Registry,
  Summary,
  validateMetricName,
} from 'prom-client';
import type { CounterConfiguration, LabelValues, Metric, MetricObjectWithValues, MetricValue } from 'prom-client';
import * as all from 'prom-client';

const registry: Registry = new Registry();
const bare = new Counter({ name: 'a_total', help: 'Help.', labelNames: ['method'] });
bare.inc();
bare.inc(2);
bare.inc({ method: 'GET' }, 2);
bare.labels('GET').inc();
bare.labels({ method: 'GET' }).inc(3);
bare.remove('GET');
const typed: Counter<'method' | 'code'> = new Counter({
  name: 'b_total',
  help: 'Help.',
  labelNames: ['method', 'code'] as const,
  registers: [registry],
  aggregator: 'sum',
  collect() {
    this.inc({ method: 'GET', code: 200 }, 1);
  },
});
const options: CounterConfiguration<'x'> = { name: 'c_total', help: 'Help.', labelNames: ['x'] };
const labels: LabelValues<'x'> = { x: 1 };
new Counter(options).inc(labels);
const gauge = new Gauge({ name: 'd', help: 'Help.', labelNames: ['a'] as const });
gauge.set(1);
gauge.set({ a: 'x' }, 1);
gauge.inc({ a: 'x' });
gauge.dec({ a: 'x' }, 2);
gauge.setToCurrentTime();
const end: (labels?: LabelValues<'a'>) => number = gauge.startTimer({ a: 'x' });
const seconds: number = end();
const histogram = new Histogram({
  name: 'e',
  help: 'Help.',
  labelNames: ['a'] as const,
  buckets: [...linearBuckets(0, 1, 3), ...exponentialBuckets(10, 2, 3)],
  enableExemplars: true,
});
histogram.observe({ a: 'x' }, seconds);
histogram.observe({ labels: { a: 'x' }, value: 1, exemplarLabels: { trace_id: '1' } });
histogram.labels('x').observe(1);
histogram.zero({ a: 'x' });
histogram.startTimer({ a: 'x' })();
const summary = new Summary({
  name: 'f',
  help: 'Help.',
  percentiles: [0.5],
  maxAgeSeconds: 600,
  ageBuckets: 5,
  pruneAgedBuckets: true,
  compressCount: 10,
});
summary.observe(1);
summary.reset();
register.setDefaultLabels({ app: 'a' });
register.registerMetric(typed);
const found: Metric<string> | undefined = register.getSingleMetric('b_total');
const text: Promise<string> = register.metrics();
const json: Promise<MetricObjectWithValues<MetricValue<string>>[]> = register.getMetricsAsJSON();
const merged = Registry.merge([register, registry]);
const type: string = register.contentType;
collectDefaultMetrics({ register: registry, prefix: 'p_', labels: { a: 'x' }, gcDurationBuckets: [1] });
const groups: string[] = collectDefaultMetrics.metricsList;
const aggregator = new AggregatorRegistry();
const cluster: Promise<string> = aggregator.clusterMetrics();
AggregatorRegistry.setRegistries(registry);
export const gateway = (): Pushgateway<typeof prometheusContentType> => new Pushgateway('http://127.0.0.1:9091', { timeout: 5000 });
export const push = () => gateway().pushAdd({ jobName: 'job', groupings: { a: 'x' } });
const same: boolean = client.Counter === Counter && all.Counter === Counter && validateMetricName('a');
export { cluster, found, groups, json, merged, openMetricsContentType, same, text, type };
`;

/** Statements that must not compile. */
export const PROM_CLIENT_REFUSALS = `// @ts-expect-error the help is missing
new Counter({ name: 'x' });
// @ts-expect-error unknown label
typed.inc({ other: 1 });
// @ts-expect-error a string is not a value
gauge.set('1');
`;

/** The differences of the successor: types without label names have no labels. */
export const SUCCESSOR_PROGRAM = `import client, {
  AggregatorRegistry,
  ClusterRegistry,
  collectDefaultMetrics,
  Counter,
  Histogram,
  Pushgateway,
  register,
  Registry,
  WorkerRegistry,
} from '@prometheus-io/client';
import type { DefaultMetricsCollectorConfiguration, MetricType, Pushgateway as Gateway } from '@prometheus-io/client';
import * as all from '@prometheus-io/client';

const registry = new Registry(Registry.OPENMETRICS_CONTENT_TYPE);
const bare: Counter = new Counter({ name: 'a_total', help: 'Help.' });
bare.inc(2);
const typed: Counter<'method'> = new Counter({ name: 'b_total', help: 'Help.', labelNames: ['method'] });
typed.inc({ method: 'GET' }, 2);
typed.labels({ method: 'GET' }).inc();
new Histogram({ name: 'c', help: 'Help.', enableExemplars: true, registers: [registry] });
const options: DefaultMetricsCollectorConfiguration = { eventLoopUtilizationTimeout: 100 };
collectDefaultMetrics(options);
const type: MetricType = 'counter';
export const gateway = (): Gateway => new Pushgateway('http://127.0.0.1:9091', register);
export const cluster = (): Promise<string> => new ClusterRegistry().clusterMetrics();
export const old = (): ClusterRegistry => new AggregatorRegistry();
export const workers = (): WorkerRegistry => new WorkerRegistry();
const same: boolean = client.Counter === Counter && all.Counter === Counter;
export { same, type };
`;

/** Statements that must not compile. */
export const SUCCESSOR_REFUSALS = `// @ts-expect-error there are no labels
bare.inc({ method: 'GET' });
// @ts-expect-error unknown label
typed.inc({ other: 1 });
`;
