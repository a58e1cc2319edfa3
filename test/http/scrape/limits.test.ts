import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, request } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { Counter, Gauge, Histogram, metricsHandler, Registry } from '../../../src/index.ts';
import type { Encoder } from '../../../src/model/index.ts';
import { Gate, GatedCollector } from '../gated-collector.ts';
import { encodedRows, seriesOf } from '../large-registry.ts';
import { rawGet } from '../raw.ts';
import { serve } from '../serve.ts';

test('scrapes beyond the limit get 503 immediately, and slots are free again afterwards', async (t) => {
  const registry = new Registry({ selfMetrics: false });
  const collector = new GatedCollector();
  registry.register(collector);
  const url = await serve(t, metricsHandler({ registry, maxRequests: 1 }));
  const first = rawGet(url);
  await collector.asked.promise;
  const refused = await rawGet(url);
  assert.equal(refused.status, 503);
  assert.equal(refused.body, 'Limit of concurrent requests reached (1), try again later.\n');
  assert.equal(refused.headers['retry-after'], '1');
  collector.go.open();
  assert.equal((await first).status, 200);
  assert.equal((await rawGet(url)).status, 200);
});

test('a slot is held until the response has been read, not only until the gathering has ended', async (t) => {
  const url = await serve(t, metricsHandler({ registry: seriesOf(20_000), maxRequests: 1 }));
  const [slow] = await once(request(url, { agent: false }).end(), 'response');
  assert.equal((await rawGet(url)).status, 503);
  slow.on('error', () => {}).destroy();
  let status = 503;
  while (status === 503) ({ status } = await rawGet(url));
  assert.equal(status, 200);
});

test('a hundred clients that disconnect from a hanging collector leave no slot taken', async (t) => {
  const registry = new Registry({ selfMetrics: false });
  new Gauge({ name: 'g', help: 'Help.', registry });
  registry.register({ name: 'hangs', collect: () => new Promise<never>(() => {}) });
  const url = await serve(t, metricsHandler({ registry, maxRequests: 10 }));
  const statuses = await Promise.all(
    Array.from(
      { length: 100 },
      async () => (await rawGet(url, { 'X-Prometheus-Scrape-Timeout-Seconds': '0.1' })).status,
    ),
  );
  assert.ok(statuses.every((status) => status === 200 || status === 503));
  assert.ok(statuses.includes(200));
  assert.equal((await rawGet(url, { 'X-Prometheus-Scrape-Timeout-Seconds': '0.1' })).status, 200);
});

for (const maxRequests of [-1, 1.5, Number.NaN]) {
  test(`maxRequests cannot be ${maxRequests}`, () => {
    assert.throws(() => metricsHandler({ maxRequests }), RangeError);
  });
}

test('with maxRequests 0 there is no limit', async (t) => {
  const registry = new Registry({ selfMetrics: false });
  const collector = new GatedCollector();
  registry.register(collector);
  let come = 0;
  const all = new Gate();
  const handler = metricsHandler({ registry, maxRequests: 0 });
  const url = await serve(t, (request, response) => {
    handler(request, response);
    if (++come === 60) all.open();
  });
  const answers = Array.from({ length: 60 }, () => rawGet(url));
  await all.promise;
  collector.go.open();
  assert.ok((await Promise.all(answers)).every(({ status }) => status === 200));
});

test('a large body is sent in chunks, the same compressed or not', async (t) => {
  const registry = seriesOf(2_000);
  const url = await serve(t, metricsHandler({ registry }));
  const [zipped] = await once(request(url, { agent: false, headers: { 'Accept-Encoding': 'gzip' } }).end(), 'response');
  assert.equal(zipped.headers['content-encoding'], 'gzip');
  assert.equal(zipped.headers['content-length'], undefined);
  const plain = await rawGet(url);
  assert.equal(plain.headers['transfer-encoding'], 'chunked');
  assert.equal(gunzipSync(await buffer(zipped)).toString(), plain.body);
  assert.equal(plain.body, await registry.expose());
});

test('a HEAD of a large body has no body', async (t) => {
  const url = await serve(t, metricsHandler({ registry: seriesOf(2_000) }));
  const { status, body } = await rawGet(url, {}, { method: 'HEAD' });
  assert.equal(status, 200);
  assert.equal(body, '');
});

test('an exposition is encoded only as far as it is read', async (t) => {
  const registry = seriesOf(20_000);
  const rows = encodedRows(registry);
  const closed = new Gate();
  const url = await serve(t, (incoming, response) => {
    response.once('close', closed.open);
    metricsHandler({ registry, writeLimits: { idleMs: 300 } })(incoming, response);
  });
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  socket.on('error', () => {}).pause();
  socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
  await closed.promise;
  assert.ok(rows() > 0 && rows() < 19_000, `${rows()} rows`);
  socket.destroy();
});

test('a client that reads a few bytes at a time is dropped when its time is up', async (t) => {
  const closed = new Gate();
  const handler = metricsHandler({ registry: seriesOf(20_000), writeLimits: { idleMs: 60_000, totalMs: 300 } });
  const url = await serve(t, (incoming, response) => {
    response.once('close', closed.open);
    handler(incoming, response);
  });
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  socket.on('error', () => {});
  socket.on('readable', () => setImmediate(() => socket.read(10)));
  socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
  await closed.promise;
  socket.destroy();
});

test('a failure after the first byte closes the connection: an incomplete body must not look complete', async (t) => {
  const gathering = await seriesOf(50_000).gather();
  const breaking = Object.assign(Object.create(gathering), {
    *steps(encoder: Encoder) {
      yield* gathering.steps(encoder);
      throw new Error('broken');
    },
  });
  const registry = { gather: () => Promise.resolve(breaking) };
  const told: string[] = [];
  const url = await serve(t, metricsHandler({ registry, onError: ({ error }) => told.push(error.message) }));
  await assert.rejects(rawGet(url), { code: 'ECONNRESET' });
  assert.deepEqual(told, ['broken']);
});

test('with errorMode http-error, an incomplete scrape is answered with a 500 that names what failed', async (t) => {
  const registry = seriesOf(1);
  registry.register({ name: 'bad', collect: () => Promise.reject(new Error('the password is x')) });
  const { status, body } = await rawGet(await serve(t, metricsHandler({ registry, errorMode: 'http-error' })));
  assert.equal(status, 500);
  assert.equal(body, 'An error has occurred while serving metrics:\n\nbad failed\n');
});

test('if nothing could be gathered, the answer is a 500', async (t) => {
  const registry = new Registry({ selfMetrics: false });
  registry.register({ name: 'bad', collect: () => Promise.reject(new Error('no')) });
  assert.equal((await rawGet(await serve(t, metricsHandler({ registry })))).status, 500);
});

test('the start time in the header is that of process_start_time_seconds', async (t) => {
  const { headers } = await rawGet(await serve(t, metricsHandler({ registry: seriesOf(1) })));
  const start = Number(headers['process-start-time-unix']);
  assert.ok(Math.abs(start - (Date.now() / 1000 - process.uptime())) < 2, String(start));
});

test('self metrics count responses by code, scrapes in flight and what was left out', async (t) => {
  const registry = new Registry({ selfMetrics: false });
  new Counter({ name: 'same_total', help: 'Help.', registry });
  registry.register({ name: 'bad', collect: () => Promise.reject(new Error('no')) });
  const url = await serve(t, metricsHandler({ registry, selfMetrics: registry }));
  await rawGet(url);
  await rawGet(`${url}?collect[]=none`);
  const { body } = await rawGet(url);
  for (const line of [
    'metrics_handler_requests_total{code="200"} 1',
    'metrics_handler_requests_total{code="400"} 1',
    'metrics_handler_requests_total{code="503"} 0',
    'metrics_handler_requests_in_flight 1',
    'metrics_handler_errors_total{cause="gathering"} 2',
    'metrics_handler_errors_total{cause="encoding"} 0',
  ]) {
    assert.ok(body.split('\n').includes(line), `${line}\n${body}`);
  }
  const codes = [...body.matchAll(/^metrics_handler_requests_total\{code="(\d+)"\}/gm)].map(([, code]) => code);
  assert.deepEqual(codes, ['200', '400', '499', '500', '503']); // Other responses are not scrapes.
});

test('self metrics count the samples that a format forbids', async (t) => {
  const registry = new Registry({ selfMetrics: false });
  const temperatures = new Histogram({ name: 'temperature_celsius', help: 'Help.', buckets: [-10, 0, 10], registry });
  temperatures.observe(-5);
  const url = await serve(t, metricsHandler({ registry, selfMetrics: registry }));
  const omitted = async (accept: string) => {
    const { body } = await rawGet(url, { accept });
    return /^metrics_handler_omitted_samples_total (\d+)/m.exec(body)?.[1];
  };
  const openMetrics = 'application/openmetrics-text;version=1.0.0';
  assert.equal(await omitted('text/plain'), '0');
  assert.equal(await omitted(openMetrics), '0');
  // Its _sum and its _count.
  assert.equal(await omitted('text/plain'), '2');
  await omitted(openMetrics);
  assert.equal(await omitted('application/openmetrics-text;version=2.0.0'), '4');
  assert.equal(await omitted('text/plain'), '4');
});

test('a client that disconnects is counted as 499', async (t) => {
  const registry = new Registry({ selfMetrics: false });
  const collector = new GatedCollector();
  registry.register(collector);
  const closed = new Gate();
  const handler = metricsHandler({ registry, selfMetrics: registry });
  const url = await serve(t, (incoming, response) => {
    handler(incoming, response);
    response.once('close', closed.open);
  });
  const gone = request(url).on('error', () => {});
  gone.end();
  await collector.asked.promise;
  gone.destroy();
  await closed.promise;
  collector.go.open();
  assert.match((await rawGet(url)).body, /^metrics_handler_requests_total\{code="499"\} 1$/m);
});

test('two handlers can share a registry of self metrics', () => {
  const registry = new Registry();
  metricsHandler({ registry, selfMetrics: registry });
  metricsHandler({ registry, selfMetrics: registry });
});

test('five hundred pipelined requests share gatherings and are answered in order, within the limit', async (t) => {
  const registry = new Registry({ selfMetrics: false });
  let gathered = 0;
  registry.register({
    name: 'runs',
    collect: async () => [{ name: 'runs', help: 'Runs.', type: 'gauge' as const, points: [{ value: ++gathered }] }],
  });
  const server = createServer(metricsHandler({ registry }));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  t.after(() => server.close());
  // A server that listens on a port has such an address.
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  const one = 'GET / HTTP/1.1\r\nHost: x\r\n\r\n';
  socket.write(one.repeat(499) + one.replace('Host', 'Connection: close\r\nHost'));
  const statuses = [...(await buffer(socket)).toString().matchAll(/^HTTP\/1\.1 (\d+)/gm)].map(([, status]) => status);
  assert.equal(statuses.length, 500);
  assert.ok(statuses.slice(0, 40).every((status) => status === '200'));
  assert.ok(statuses.includes('503'));
  assert.ok(gathered <= 2, `${gathered} gatherings`);
});
