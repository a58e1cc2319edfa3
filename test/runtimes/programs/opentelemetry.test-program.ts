/** The reader with version 3 of the OpenTelemetry SDK, which needs Node.js 22.15. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AggregationType, MeterProvider } from '@opentelemetry/sdk-metrics-3';
import { Registry } from 'zeroprom';
import { OpenTelemetryReader } from 'zeroprom/opentelemetry';

test('SDK 3: counters, gauges, classic and exponential histograms', async () => {
  const registry = new Registry({ selfMetrics: false });
  const reader = new OpenTelemetryReader({ registry, targetInfo: false, scopeLabels: false });
  const views = [
    { instrumentName: 'exponential', aggregation: { type: AggregationType.EXPONENTIAL_HISTOGRAM } as const },
  ];
  const provider = new MeterProvider({ readers: [reader], views });
  const meter = provider.getMeter('shop');
  meter.createCounter('orders').add(2, { country: 'DE' });
  meter.createUpDownCounter('size', { unit: 'By' }).add(-3);
  meter.createObservableGauge('load').addCallback((result) => result.observe(0.5));
  meter.createHistogram('latency', { unit: 's', advice: { explicitBucketBoundaries: [0.1, 1] } }).record(0.5);
  for (const value of [1, 2, 4, 4]) meter.createHistogram('exponential').record(value);
  const text = await registry.expose();
  for (const line of [
    'orders_total{country="DE"} 2',
    'size_bytes -3',
    'load 0.5',
    'latency_seconds_bucket{le="0.1"} 0',
    'latency_seconds_bucket{le="1"} 1',
    'latency_seconds_count 1',
    'exponential_count 4',
  ]) {
    assert.ok(text.split('\n').includes(line), `${line}\n${text}`);
  }
  const [point] = (await registry.snapshot()).find(({ name }) => name === 'exponential')?.points ?? [];
  assert.deepEqual(JSON.parse(JSON.stringify(point)).value.native.positive.counts, [1, 1, 2]);
  await provider.shutdown();
});
