/** Requests that are not measured, by their paths. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import express from 'express';
import { metricsHandler, Registry } from '../../src/index.ts';
import { expressMetrics, HttpServerMetrics, instrumentFetch, instrumentListener } from '../../src/instrument/index.ts';
import { rawGet } from '../http/raw.ts';
import { serve } from '../http/serve.ts';
import { countedBy, countedWhen } from './counted.ts';

test('/metrics is not measured by default, with and without a query', async (t) => {
  const registry = new Registry();
  const app = express();
  app.use(expressMetrics(new HttpServerMetrics({ registry })));
  app.use('/metrics', metricsHandler({ registry }));
  app.get('/metrics-of-users', (_, response) => void response.send('hi'));
  const url = await serve(t, app);
  for (const path of ['/metrics', '/metrics?x=1', '/metrics-of-users']) await rawGet(url + path);
  assert.deepEqual(await countedWhen(registry, 1), { 'GET /metrics-of-users 200': 1 });
  assert.match((await rawGet(`${url}/metrics`)).body, /^http_requests_in_flight 0$/m);
});

for (const skip of [['/healthz', '/ready'], (path: string) => path !== '/users']) {
  test(`paths are skipped by ${typeof skip === 'function' ? 'a function' : 'a list'}`, async (t) => {
    const registry = new Registry();
    const metrics = new HttpServerMetrics({ registry, skip });
    const url = await serve(
      t,
      instrumentListener((_, response) => response.end('hi'), { metrics }),
    );
    const fetched = instrumentFetch(() => new Response('hi'), { metrics });
    for (const path of ['/healthz?x', '/ready', '/users']) {
      await rawGet(url + path);
      await fetched(new Request(`http://localhost${path}`));
    }
    assert.deepEqual(await countedWhen(registry, 2), { 'GET other 200': 2 });
  });
}

test('a skip function that throws skips nothing', async () => {
  const registry = new Registry();
  const skip = () => {
    throw new Error('It is broken.');
  };
  const handler = instrumentFetch(() => new Response('hi'), { metrics: new HttpServerMetrics({ registry, skip }) });
  assert.equal(await (await handler(new Request('http://localhost/'))).text(), 'hi');
  assert.deepEqual(await countedBy(registry), { 'GET other 200': 1 });
});

test('an empty list skips nothing, and another kind of value throws', async () => {
  const registry = new Registry();
  const handler = instrumentFetch(() => new Response('hi'), { metrics: new HttpServerMetrics({ registry, skip: [] }) });
  await handler(new Request('http://localhost/metrics'));
  assert.deepEqual(await countedBy(registry), { 'GET other 200': 1 });
  const text: unknown = '/metrics';
  assert.throws(() => new HttpServerMetrics({ registry: new Registry(), skip: text as string[] }), TypeError);
});
