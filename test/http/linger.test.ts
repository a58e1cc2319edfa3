import assert from 'node:assert/strict';
import { get, type RequestListener } from 'node:http';
import { text } from 'node:stream/consumers';
import { type TestContext, test } from 'node:test';
import { type Lingering, metricsHandler, withLinger } from '../../src/http.ts';
import { Counter, Registry } from '../../src/index.ts';
import { Gate, GatedCollector } from './gated-collector.ts';
import { serve } from './serve.ts';

const LONG = 60_000;
const PROMETHEUS = { 'User-Agent': 'Prometheus/3.16.0', 'X-Prometheus-Scrape-Timeout-Seconds': '10' };

interface Target {
  readonly metrics: Lingering;
  readonly registry: Registry;
  readonly counter: Counter;
  readonly url: string;
  /** Waits until the server has received this many requests. */
  readonly received: (count: number) => Promise<void>;
}

async function target(t: TestContext, answer?: RequestListener): Promise<Target> {
  const registry = new Registry({ selfMetrics: false });
  const counter = new Counter({ name: 'a_total', help: 'Help.', registry });
  const listener = answer ?? metricsHandler({ registry });
  let requests = 0;
  const metrics = withLinger((request, response) => {
    requests++;
    return listener(request, response);
  });
  const received = async (count: number) => {
    while (requests < count) await new Promise((resolve) => setImmediate(resolve));
  };
  return { metrics, registry, counter, url: await serve(t, metrics.handler), received };
}

function scrape(url: string, headers: Readonly<Record<string, string>> = PROMETHEUS): Promise<string> {
  return new Promise((resolve, reject) => {
    get(url, { headers, agent: false }, (response) => text(response).then(resolve, reject)).on('error', reject);
  });
}

/** Resolves with whether the promise has settled after all due callbacks have run. */
async function hasSettled(promise: Promise<unknown>): Promise<boolean> {
  const pending = Symbol('pending');
  const later = new Promise((resolve) => setTimeout(resolve, 20, pending));
  return (await Promise.race([promise, later])) !== pending;
}

/** Sets the monotonic clock forward. */
function advance(t: TestContext, ms: number): void {
  const now = performance.now.bind(performance);
  t.mock.method(performance, 'now', () => now() + ms);
}

test('without a scraper, there is nothing to wait for', async (t) => {
  const { metrics } = await target(t);
  assert.deepEqual(await metrics.linger({ timeoutMs: LONG }), []);
});

test('waits until the scraper has read the final values', async (t) => {
  const { metrics, counter, url } = await target(t);
  await scrape(url);
  counter.inc(5);
  const lingered = metrics.linger({ timeoutMs: LONG });
  assert.equal(await hasSettled(lingered), false);
  assert.match(await scrape(url), /^a_total 5$/m);
  assert.deepEqual(await lingered, []);
});

test('waits for each of two servers with different User-Agents', async (t) => {
  const { metrics, url } = await target(t);
  const other = { ...PROMETHEUS, 'User-Agent': 'vmagent' };
  await scrape(url);
  await scrape(url, other);
  const lingered = metrics.linger({ timeoutMs: LONG });
  await scrape(url, other);
  await scrape(url, other);
  assert.equal(await hasSettled(lingered), false);
  await scrape(url);
  assert.deepEqual(await lingered, []);
});

test('names the scrapers that have not come when the time is over', async (t) => {
  const { metrics, url } = await target(t);
  await scrape(url);
  assert.deepEqual(await metrics.linger({ timeoutMs: 1 }), ['127.0.0.1 Prometheus/3.16.0']);
});

test('an aborted signal ends the wait', async (t) => {
  const { metrics, url } = await target(t);
  await scrape(url);
  const stop = new AbortController();
  const lingered = metrics.linger({ timeoutMs: LONG, signal: stop.signal });
  stop.abort();
  assert.equal((await lingered).length, 1);
  assert.equal((await metrics.linger({ timeoutMs: LONG, signal: AbortSignal.abort() })).length, 1);
});

test('a client without the header of Prometheus counts from its second scrape on', async (t) => {
  const { metrics, url } = await target(t);
  const curl = { 'User-Agent': 'curl/8' };
  await scrape(url, curl);
  assert.deepEqual(await metrics.linger({ timeoutMs: LONG }), []);
  await scrape(url, curl);
  assert.deepEqual(await metrics.linger({ timeoutMs: 1 }), ['127.0.0.1 curl/8']);
});

test('a scraper that has not come for two intervals is not waited for', async (t) => {
  const { metrics, url } = await target(t);
  await scrape(url);
  await scrape(url);
  advance(t, 19_000);
  assert.equal((await metrics.linger({ timeoutMs: 1 })).length, 1);
  advance(t, 21_000);
  assert.deepEqual(await metrics.linger({ timeoutMs: LONG }), []);
});

test('an interval that is longer than the timeout is known from the last two scrapes', async (t) => {
  const { metrics, url } = await target(t);
  await scrape(url);
  advance(t, 300_000);
  await scrape(url);
  advance(t, 590_000);
  assert.equal((await metrics.linger({ timeoutMs: 1 })).length, 1);
});

for (const query of ['?name[]=a_total', '?collect[]=x', '?exclude[]=x', '?name[]=%ZZ']) {
  test(`a scrape with ${query} does not count`, async (t) => {
    const { metrics, url } = await target(t);
    await scrape(url);
    const lingered = metrics.linger({ timeoutMs: LONG });
    await scrape(`${url}/${query}`);
    assert.equal(await hasSettled(lingered), false);
    await scrape(`${url}/?target=other`);
    assert.deepEqual(await lingered, []);
  });
}

test('a HEAD request does not count', async (t) => {
  const { metrics, url } = await target(t);
  await scrape(url);
  const lingered = metrics.linger({ timeoutMs: LONG });
  await fetch(url, { method: 'HEAD', headers: PROMETHEUS });
  assert.equal(await hasSettled(lingered), false);
  await scrape(url);
  await lingered;
});

test('a failed scrape does not count', async (t) => {
  let status = 200;
  const { metrics, url } = await target(t, (_, response) => response.writeHead(status).end());
  await scrape(url);
  const lingered = metrics.linger({ timeoutMs: LONG });
  status = 500;
  await scrape(url);
  assert.equal(await hasSettled(lingered), false);
  status = 200;
  await scrape(url);
  await lingered;
});

test('a scrape that is not read to its end does not count', async (t) => {
  const { metrics, url } = await target(t, (_, response) => response.end(Buffer.alloc(20_000_000, 'x')));
  await scrape(url);
  const lingered = metrics.linger({ timeoutMs: LONG });
  await new Promise<void>((resolve) => {
    const request = get(url, { headers: PROMETHEUS, agent: false }, (response) => {
      response.once('data', () => request.destroy());
      response.once('close', resolve);
    });
    request.on('error', () => {});
  });
  assert.equal(await hasSettled(lingered), false);
  await scrape(url);
  await lingered;
});

test('a scrape that joins a gathering from before the wait does not count', async (t) => {
  const { metrics, registry, url, received } = await target(t);
  await scrape(url);
  const collector = new GatedCollector();
  registry.register(collector);
  const before = scrape(url);
  await collector.asked.promise;
  const lingered = metrics.linger({ timeoutMs: LONG });
  const joined = scrape(url);
  await received(3); // The second request has to arrive before the first is answered.
  collector.go.open();
  await Promise.all([before, joined]);
  assert.equal(await hasSettled(lingered), false);
  await scrape(url);
  assert.deepEqual(await lingered, []);
});

test('a response from before the wait that is not read does not hold it up', async (t) => {
  const reading = new Gate();
  const { metrics, url } = await target(t, (_, response) => response.end(Buffer.alloc(20_000_000, 'x')));
  const stalled = get(url, { headers: { 'User-Agent': 'stalled' }, agent: false });
  t.after(() => stalled.destroy());
  stalled.on('error', () => {});
  stalled.on('response', () => reading.open());
  await reading.promise;
  await scrape(url);
  const lingered = metrics.linger({ timeoutMs: LONG });
  await scrape(url);
  assert.deepEqual(await lingered, []);
});

test('remembers at most a hundred scrapers, the latest', async (t) => {
  const { metrics, url } = await target(t);
  for (let index = 0; index < 105; index++) await scrape(url, { ...PROMETHEUS, 'User-Agent': `p${index}` });
  const missing = await metrics.linger({ timeoutMs: 1 });
  assert.equal(missing.length, 100);
  assert.equal(missing.at(-1), '127.0.0.1 p104');
});

test('rejects a timeout that is not a number of at least 0', async (t) => {
  const { metrics } = await target(t);
  for (const timeoutMs of [-1, Number.NaN]) {
    await assert.rejects(metrics.linger({ timeoutMs }), {
      name: 'RangeError',
      message: `timeoutMs must be a number of at least 0, got ${timeoutMs}.`,
    });
  }
});

test('does the work of a handler around another one once', async (t) => {
  const registry = new Registry({ selfMetrics: false });
  let listeners = 0;
  const seen: number[] = [];
  const collect = () => {
    seen.push(listeners);
    return [];
  };
  registry.register({ name: 'watching', collect });
  const handler = metricsHandler({ registry });
  for (const answer of [handler, withLinger(handler).handler, withLinger(withLinger(handler).handler).handler]) {
    const url = await serve(t, (request, response) => {
      void answer(request, response);
      listeners = response.listenerCount('finish');
    });
    await scrape(url);
  }
  assert.deepEqual(seen, [seen[0], seen[0], seen[0]]);
});
