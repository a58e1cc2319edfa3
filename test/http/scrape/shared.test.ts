import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type ClientRequest, request } from 'node:http';
import { test } from 'node:test';
import { type CollectorFailure, Gauge, metricsHandler, Registry } from '../../../src/index.ts';
import { Gate, GatedCollector } from '../gated-collector.ts';
import { rawGet } from '../raw.ts';
import { serve } from '../serve.ts';

/** A registry with one gated collector, and a handler that reports when a request has arrived. */
function gated() {
  const registry = new Registry({ selfMetrics: false });
  const collector = new GatedCollector();
  registry.register(collector);
  return { registry, collector };
}

/** Counts the requests that have reached the handler. */
function counted(listener: ReturnType<typeof metricsHandler>) {
  let wanted = 0;
  let seen = 0;
  let gate = new Gate();
  return {
    listener: (...args: Parameters<typeof listener>) => {
      listener(...args);
      if (++seen >= wanted) gate.open();
    },
    until: (count: number) => {
      wanted = count;
      gate = new Gate();
      if (seen >= wanted) gate.open();
      return gate.promise;
    },
  };
}

test('concurrent scrapes share a gathering, in all formats', async (t) => {
  const { registry, collector } = gated();
  const { listener, until } = counted(metricsHandler({ registry }));
  const url = await serve(t, listener);
  const accepts = ['text/plain', 'application/openmetrics-text', '*/*', 'text/plain'];
  const answers = accepts.map((Accept) => rawGet(url, { Accept }));
  await until(4);
  collector.go.open();
  for (const { body } of await Promise.all(answers)) assert.match(body, /^gated 1(\.0)?$/m);
  assert.equal(collector.contexts.length, 1);
});

test('a later scrape gathers again: results are not cached', async (t) => {
  const { registry, collector } = gated();
  collector.go.open();
  const url = await serve(t, metricsHandler({ registry }));
  for (const run of [1, 2, 3]) assert.match((await rawGet(url)).body, new RegExp(`^gated ${run}$`, 'm'));
});

test('scrapes of different collectors do not share a gathering', async (t) => {
  const { registry, collector } = gated();
  const { listener, until } = counted(metricsHandler({ registry }));
  const url = await serve(t, listener);
  const answers = ['', '?collect[]=gated', '?collect[]=gated&name[]=gated'].map((query) => rawGet(url + query));
  await until(3);
  collector.go.open();
  await Promise.all(answers);
  assert.equal(collector.contexts.length, 2);
});

test('a scrape does not join a gathering that may end after its deadline', async (t) => {
  const { registry, collector } = gated();
  const { listener, until } = counted(metricsHandler({ registry }));
  const url = await serve(t, listener);
  const patient = rawGet(url, { 'X-Prometheus-Scrape-Timeout-Seconds': '3600' });
  await until(1);
  const hasty = rawGet(url, { 'X-Prometheus-Scrape-Timeout-Seconds': '0.001' });
  assert.equal((await hasty).status, 500);
  collector.go.open();
  assert.equal((await patient).status, 200);
  assert.equal(collector.contexts.length, 2);
});

test('the scrape timeout reaches collectors as deadline and signal', async (t) => {
  const { registry, collector } = gated();
  const url = await serve(t, metricsHandler({ registry }));
  const before = Date.now();
  const answer = rawGet(url, { 'X-Prometheus-Scrape-Timeout-Seconds': '5' });
  const { deadline, signal } = await collector.asked.promise;
  assert.ok(deadline >= before + 4500 && deadline <= Date.now() + 4500, `${deadline - before} ms`);
  assert.equal(signal.aborted, false);
  collector.go.open();
  await answer;
});

/** Sends a request that the test can destroy. */
function scrape(url: string): ClientRequest {
  return request(url, { agent: false })
    .on('error', () => {})
    .end();
}

test('if one of two clients disconnects, the other is served', async (t) => {
  const { registry, collector } = gated();
  const { listener, until } = counted(metricsHandler({ registry }));
  const url = await serve(t, listener);
  const gone = scrape(url);
  const stays = rawGet(url);
  await until(2);
  const { signal } = await collector.asked.promise;
  gone.destroy();
  await new Promise((resolve) => gone.once('close', resolve));
  collector.go.open();
  assert.match((await stays).body, /^gated 1$/m);
  assert.equal(signal.aborted, false);
});

test('when the last client disconnects, collectors are aborted, and the next scrape gathers again', async (t) => {
  const { registry, collector } = gated();
  const { listener, until } = counted(metricsHandler({ registry }));
  const url = await serve(t, listener);
  const requests = [scrape(url), scrape(url)];
  await until(2);
  const { signal } = await collector.asked.promise;
  const aborted = once(signal, 'abort');
  for (const each of requests) each.destroy();
  await aborted;
  collector.go.open();
  assert.match((await rawGet(url)).body, /^gated 2$/m);
});

test('a failure is reported once, however many scrapes it affects', async (t) => {
  const registry = new Registry({ selfMetrics: false });
  new Gauge({ name: 'g', help: 'Help.', registry });
  const go = new Gate();
  const collect = () => go.promise.then(() => Promise.reject(new Error('broken')));
  registry.register({ name: 'bad', collect });
  const failures: CollectorFailure[] = [];
  const { listener, until } = counted(metricsHandler({ registry, onError: (failure) => failures.push(failure) }));
  const url = await serve(t, listener);
  const answers = [rawGet(url), rawGet(url), rawGet(url)];
  await until(3);
  go.open();
  for (const { status } of await Promise.all(answers)) assert.equal(status, 200);
  assert.deepEqual(failures, [{ collector: 'bad', error: new Error('broken') }]);
});

test('a registry that rejects fails all scrapes that wait for it, but not the next one', async (t) => {
  const inner = new Registry({ selfMetrics: false });
  new Gauge({ name: 'g', help: 'Help.', registry: inner });
  const go = new Gate();
  let gathered = 0;
  const gather = async () => {
    if (gathered++ > 0) return inner.gather();
    await go.promise;
    throw new Error('broken');
  };
  const { listener, until } = counted(metricsHandler({ registry: { gather } }));
  const url = await serve(t, listener);
  const answers = [rawGet(url), rawGet(url)];
  await until(2);
  go.open();
  for (const { status } of await Promise.all(answers)) assert.equal(status, 500);
  assert.equal((await rawGet(url)).status, 200);
});
