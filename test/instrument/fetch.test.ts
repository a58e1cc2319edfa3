import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Registry } from '../../src/index.ts';
import { HttpServerMetrics, instrumentFetch } from '../../src/instrument/index.ts';
import { valuesOf } from '../collectors/scrape.ts';
import { countedBy } from './counted.ts';

function setUp() {
  const registry = new Registry();
  return { registry, metrics: new HttpServerMetrics({ registry }) };
}

test('a handler is measured and answers as before', async () => {
  const { registry, metrics } = setUp();
  const handler = instrumentFetch(
    (request: Request, name: string) => new Response(`${request.method} ${name}`, { status: 202 }),
    { metrics, route: ({ url }) => new URL(url).pathname },
  );
  const response = await handler(new Request('http://a/b', { method: 'PUT' }), 'c');
  assert.equal(await response.text(), 'PUT c');
  assert.deepEqual(await countedBy(registry), { 'PUT /b 202': 1 });
});

test('an error counts as 500 and is passed on to the caller', async () => {
  const { registry, metrics } = setUp();
  const error = new Error('It is broken.');
  for (const handler of [() => Promise.reject(error), () => thrown(error)]) {
    await assert.rejects(instrumentFetch<Request, Response, []>(handler, { metrics })(new Request('http://a/')), error);
  }
  assert.deepEqual(await countedBy(registry), { 'GET other 500': 2 });
  assert.equal((await valuesOf(registry)).get('http_requests_in_flight'), 0);
});

test('a request that is aborted is counted as such', async () => {
  const { registry, metrics } = setUp();
  const controller = new AbortController();
  const handler = instrumentFetch(
    (request: Request) => {
      controller.abort();
      return Promise.reject(request.signal.reason);
    },
    { metrics },
  );
  await assert.rejects(handler(new Request('http://a/', { signal: controller.signal })));
  assert.deepEqual(await countedBy(registry), { 'GET other aborted': 1 });
});

test('an aborted request has ended, even if its handler never does', async () => {
  const { registry, metrics } = setUp();
  const controller = new AbortController();
  const handler = instrumentFetch<Request, Response, []>(() => new Promise(() => {}), { metrics });
  for (const _ of [1, 2]) handler(new Request('http://a/', { signal: controller.signal }));
  controller.abort();
  assert.deepEqual(await countedBy(registry), { 'GET other aborted': 2 });
  assert.equal((await valuesOf(registry)).get('http_requests_in_flight'), 0);
});

test('a request that is aborted before its handler runs is counted once', async () => {
  const { registry, metrics } = setUp();
  const handler = instrumentFetch((_: Request) => new Response('hi'), { metrics });
  await handler(new Request('http://a/', { signal: AbortSignal.abort() }));
  assert.deepEqual(await countedBy(registry), { 'GET other aborted': 1 });
  assert.equal((await valuesOf(registry)).get('http_requests_in_flight'), 0);
});

test('a request that is aborted after its response is counted once', async () => {
  const { registry, metrics } = setUp();
  const controller = new AbortController();
  const handler = instrumentFetch((_: Request) => new Response('hi'), { metrics });
  await handler(new Request('http://a/', { signal: controller.signal }));
  controller.abort();
  assert.deepEqual(await countedBy(registry), { 'GET other 200': 1 });
  assert.equal((await valuesOf(registry)).get('http_requests_in_flight'), 0);
});

test('sizes are taken from Content-Length, if present', async () => {
  const { registry, metrics } = setUp();
  const handler = instrumentFetch((_: Request) => new Response('x', { headers: { 'content-length': '1' } }), {
    metrics,
  });
  const lengths = ['5', '-5', '1e3', 'NaN', '99999999999999999999'];
  for (const length of lengths) await handler(new Request('http://a/', { headers: { 'content-length': length } }));
  const values = await valuesOf(registry);
  const labels = '{method="GET",route="other",status_code="200"}';
  assert.equal(values.get(`http_request_size_bytes_count${labels}`), 1);
  assert.equal(values.get(`http_request_size_bytes_sum${labels}`), 5);
  assert.equal(values.get(`http_response_size_bytes_sum${labels}`), lengths.length);
});

test('unknown methods share one series', async () => {
  const { registry, metrics } = setUp();
  const handler = instrumentFetch((_: Request) => new Response(), { metrics });
  for (let index = 0; index < 1_000; index++) await handler(new Request('http://a/', { method: `M${index}` }));
  assert.deepEqual(await countedBy(registry), { 'other other 200': 1_000 });
});

function thrown(error: Error): never {
  throw error;
}
