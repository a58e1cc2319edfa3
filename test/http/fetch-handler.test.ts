import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { type HandlerOptions, metricsFetchHandler, Registry } from '../../src/index.ts';
import { GatedCollector } from './gated-collector.ts';
import { encodedRows, seriesOf } from './large-registry.ts';

function asking(options: HandlerOptions) {
  const handler = metricsFetchHandler(options);
  return (init: RequestInit = {}, query = '') => handler(new Request(`http://x/metrics${query}`, init));
}

test('a small exposition has its length and the headers of a scrape', async () => {
  const response = await asking({ registry: seriesOf(1) })();
  const body = await response.text();
  assert.equal(response.status, 200);
  assert.equal(response.headers.get('content-type'), 'text/plain; version=0.0.4; charset=utf-8');
  assert.equal(response.headers.get('content-length'), String(body.length));
  assert.equal(response.headers.get('cache-control'), 'no-store');
  assert.equal(body, await seriesOf(1).expose());
});

test('a large exposition is sent in chunks, the same compressed or not', async () => {
  const registry = seriesOf(2000);
  const ask = asking({ registry });
  const plain = await ask();
  const zipped = await ask({ headers: { 'Accept-Encoding': 'gzip' } });
  assert.equal(plain.headers.get('content-length'), null);
  assert.equal(zipped.headers.get('content-encoding'), 'gzip');
  const text = await registry.expose();
  assert.equal(await plain.text(), text);
  assert.equal(gunzipSync(await zipped.arrayBuffer()).toString(), text);
});

test('the format is negotiated, and a query selects families', async () => {
  const ask = asking({ registry: seriesOf(1) });
  const response = await ask({ headers: { Accept: 'application/openmetrics-text; version=1.0.0' } });
  assert.match(response.headers.get('content-type') ?? '', /^application\/openmetrics-text/);
  assert.match(await response.text(), /# EOF\n$/);
  assert.equal(await (await ask({}, '?name[]=none')).text(), '');
  assert.equal((await ask({}, '?collect[]=none')).status, 400);
  assert.equal((await ask({}, '?name[]=%zz')).status, 400);
});

for (const [method, status] of [
  ['HEAD', 200],
  ['OPTIONS', 204],
  ['POST', 405],
  ['DELETE', 405],
] as const) {
  test(`${method} is answered with ${status}, without metrics`, async () => {
    const response = await asking({ registry: seriesOf(2000) })({ method });
    assert.equal(response.status, status);
    assert.doesNotMatch(await response.text(), /^g/m);
    assert.equal(response.headers.get('allow'), method === 'HEAD' ? null : 'GET, HEAD, OPTIONS');
  });
}

test('scrapes beyond the limit are answered with 503, until a body is read or dropped', async () => {
  const ask = asking({ registry: seriesOf(2000), maxRequests: 1 });
  const first = await ask();
  const refused = await ask();
  assert.equal(refused.status, 503);
  assert.equal(refused.headers.get('retry-after'), '1');
  await first.text();
  const second = await ask();
  assert.equal(second.status, 200);
  await second.body?.cancel();
  assert.equal((await ask()).status, 200);
});

test('a body is encoded only as far as it is read', async () => {
  const registry = seriesOf(20_000);
  const rows = encodedRows(registry);
  const reader = (await asking({ registry })()).body?.getReader();
  await reader?.read();
  for (let turn = 0; turn < 50; turn++) await new Promise((resolve) => setImmediate(resolve));
  assert.ok(rows() > 0 && rows() < 1000, `${rows()} rows`);
  await reader?.cancel();
});

test('a body that is not read is canceled after the time limit', async () => {
  const ask = asking({ registry: seriesOf(2000), maxRequests: 1, writeLimits: { totalMs: 20 } });
  const first = await ask();
  let { status } = await ask();
  while (status === 503) {
    await new Promise((resolve) => setImmediate(resolve));
    ({ status } = await ask());
  }
  assert.equal(status, 200);
  await assert.rejects(first.text());
});

test('a request that is aborted aborts the gathering', async () => {
  const registry = new Registry({ selfMetrics: false });
  const collector = new GatedCollector();
  registry.register(collector);
  const selfMetrics = new Registry({ selfMetrics: false });
  const controller = new AbortController();
  const answer = asking({ registry, selfMetrics })({ signal: controller.signal });
  const { signal } = await collector.asked.promise;
  controller.abort();
  await answer;
  assert.equal(signal.aborted, true);
  assert.match(await selfMetrics.expose(), /^metrics_handler_requests_total\{code="499"\} 1$/m);
});

test('a request that was aborted before is counted as such and releases its slot', async () => {
  const registry = new Registry({ selfMetrics: false });
  const collector = new GatedCollector();
  registry.register(collector);
  const selfMetrics = new Registry({ selfMetrics: false });
  const ask = asking({ registry, selfMetrics, maxRequests: 1 });
  await ask({ signal: AbortSignal.abort() });
  await ask({ signal: AbortSignal.abort() });
  assert.match(await selfMetrics.expose(), /^metrics_handler_requests_total\{code="499"\} 2$/m);
  assert.match(await selfMetrics.expose(), /^metrics_handler_requests_in_flight 0$/m);
});

test('aborting a request while its body is read ends the body and is counted', async () => {
  const selfMetrics = new Registry({ selfMetrics: false });
  const controller = new AbortController();
  const response = await asking({ registry: seriesOf(2000), selfMetrics })({ signal: controller.signal });
  const reader = response.body?.getReader();
  await reader?.read();
  controller.abort();
  await assert.rejects(async () => reader?.read());
  assert.match(await selfMetrics.expose(), /^metrics_handler_requests_total\{code="499"\} 1$/m);
  assert.match(await selfMetrics.expose(), /^metrics_handler_requests_in_flight 0$/m);
});

test('if nothing can be gathered, the answer is a 500 that names what failed', async () => {
  const registry = new Registry({ selfMetrics: false });
  registry.register({ name: 'bad', collect: () => Promise.reject(new Error('the password is x')) });
  const response = await asking({ registry })();
  assert.equal(response.status, 500);
  assert.equal(await response.text(), 'An error has occurred while serving metrics:\n\nbad failed\n');
});

test('a body that fails does not look complete', async () => {
  const gathering = await seriesOf(2000).gather();
  const breaking = Object.assign(Object.create(gathering), {
    *steps(...args: Parameters<typeof gathering.steps>) {
      yield* gathering.steps(...args);
      throw new Error('broken');
    },
  });
  const response = await asking({ registry: { gather: () => Promise.resolve(breaking) } })();
  await assert.rejects(response.text(), /broken/);
});
