/** Protobuf families that change after their length was announced. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { negotiate } from '../../src/exposition/index.ts';
import { Counter, Gauge, metricsHandler, Registry } from '../../src/index.ts';
import { serve } from '../http/serve.ts';
import { needs } from '../installed-programs.ts';
import { nativeHistograms, Prometheus, until } from './prometheus.ts';

const SERIES = 50_000;
const REMOVED = 1000;

test('a real Prometheus reads a family that loses series while it is sent', needs('prometheus'), async (t) => {
  const registry = new Registry({ selfMetrics: false });
  const labelNames = ['index'] as const;
  const counter = new Counter({ name: 'many_total', help: 'Many.', labelNames, registry, maxSeries: SERIES });
  for (let index = 0; index < SERIES; index++) counter.inc({ index }, index);
  new Gauge({ name: 'next', help: 'The family after it.', registry }).set(7);
  const handler = metricsHandler({ registry });
  const mediaTypes = new Set<string>();
  const url = await serve(t, (request, response) => {
    mediaTypes.add(negotiate(request.headers.accept).format.accepted.mediaType);
    const write = response.write.bind(response);
    // The overloads of write() differ in what follows the chunk.
    response.write = ((...args: Parameters<typeof write>) => {
      for (let index = SERIES - REMOVED; index < SERIES; index++) counter.remove({ index });
      return write(...args);
    }) as typeof write;
    void handler(request, response);
  });
  const { features, job } = nativeHistograms();
  const target = new URL(url).host;
  const flags = features.length === 0 ? [] : [`--enable-feature=${features.join()}`];
  const prometheus = await Prometheus.start(t, { target, interval: '2s', flags, job });
  await until('it was scraped', async () => (await prometheus.value('next')) === 7);
  assert.equal((await prometheus.target()).lastError, '');
  assert.equal(await prometheus.value('count(last_over_time(many_total[1m]))'), SERIES - REMOVED);
  assert.equal(await prometheus.value('last_over_time(many_total{index="48999"}[1m])'), 48_999);
  assert.deepEqual([...mediaTypes], ['application/vnd.google.protobuf']);
  assert.deepEqual(prometheus.complaints, []);
});
