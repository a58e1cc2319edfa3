import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import { connect } from 'node:net';
import { test } from 'node:test';
import { Counter, Gauge, Registry } from '../../src/index.ts';
import { ManualClock } from '../../src/scheduler/index.ts';
import { createStatusPage } from '../../src/status-page/server/status-page.ts';
import { collectGarbage } from '../collect-garbage.ts';
import { serve } from '../http/serve.ts';
import { Events, servePage } from './page-client.ts';

/** A registry that counts how often it is gathered. */
class CountedRegistry extends Registry {
  gatherings = 0;

  override gather(...args: Parameters<Registry['gather']>): ReturnType<Registry['gather']> {
    this.gatherings++;
    return super.gather(...args);
  }
}

test('ten viewers share one gathering a second, and the last one ends them', async (t) => {
  const clock = new ManualClock();
  const registry = new CountedRegistry({ selfMetrics: false });
  const { url } = await servePage(t, { registry }, { clock });
  const viewers = Array.from({ length: 10 }, () => new Events(t, url));
  for (const viewer of viewers) await viewer.at(0);
  assert.equal(registry.gatherings, 1);
  for (let second = 1; second <= 20; second++) {
    await clock.advance('1s');
    for (const viewer of viewers) await viewer.at(second);
  }
  assert.equal(registry.gatherings, 21);
  const [first, ...others] = viewers.map((viewer) => viewer.all.at(-1)?.data);
  for (const other of others) assert.equal(other, first);
  for (const viewer of viewers) viewer.close();
  while (clock.pendingTimers > 0) await new Promise((resolve) => setImmediate(resolve));
  await clock.advance('1h');
  assert.equal(registry.gatherings, 21);
});

test('nothing is gathered before the first visit, and with history: always, a sample a second', async (t) => {
  const clock = new ManualClock();
  const idle = new CountedRegistry();
  const kept = new CountedRegistry();
  await servePage(t, { registry: idle }, { clock });
  await servePage(t, { registry: kept, history: 'always' }, { clock });
  await clock.advance('1m');
  assert.equal(idle.gatherings, 0);
  assert.ok(kept.gatherings > 30 && kept.gatherings <= 61, String(kept.gatherings));
});

test('a viewer beyond the limit is told to come back later', async (t) => {
  const { url } = await servePage(t, { maxViewers: 2 });
  const viewers = [new Events(t, url), new Events(t, url)];
  for (const viewer of viewers) await viewer.at(0);
  const response = await fetch(`${url}/?events`);
  assert.equal(response.status, 503);
  assert.equal(response.headers.get('retry-after'), '10');
  assert.match(await response.text(), /Limit of open pages reached \(2\)/);
  viewers[0]?.close();
  let next = new Events(t, url);
  await next.until(() => next.status !== 0);
  while (next.status === 503) {
    next = new Events(t, url);
    await next.until(() => next.status !== 0);
  }
  await next.at(0);
});

test('a viewer that does not read holds one message, is dropped after 30 s, and affects no other', async (t) => {
  const clock = new ManualClock();
  const registry = new Registry({ selfMetrics: false });
  const page = createStatusPage({ registry }, { clock });
  t.after(() => page.close());
  const gauges = Array.from({ length: 900 }, (_, index) => new Gauge({ name: `g${index}`, help: 'x', registry }));
  const responses: ServerResponse[] = [];
  const url = await serve(t, (request, response) => {
    responses.push(response);
    return page(request, response);
  });
  const stalled = connect(Number(new URL(url).port), '127.0.0.1')
    .pause()
    .on('error', () => {});
  t.after(() => stalled.destroy());
  stalled.write('GET /?events HTTP/1.1\r\nHost: localhost\r\n\r\n');
  while (responses.length === 0) await new Promise((resolve) => setImmediate(resolve));
  const reader = new Events(t, url);
  await reader.at(0);
  const [response, readerResponse] = responses;
  reader.keep = 1;
  let most = 0;
  for (let second = 1; response?.destroyed === false; second++) {
    for (const gauge of gauges) gauge.set(second + Math.random());
    await clock.advance('1s');
    while (readerResponse?.writableLength !== 0) await new Promise((resolve) => setImmediate(resolve));
    most = Math.max(most, response.writableLength);
  }
  const { time } = JSON.parse((await reader.at(0)).data);
  assert.ok(clock.wall() - time < 30_000, 'the other viewer has got no message for a long time');
  assert.ok(most > 0 && most < 300_000, `${most} bytes`);
});

test('ten viewers for an hour leave memory flat', async (t) => {
  const clock = new ManualClock();
  const { url, registry } = await servePage(t, {}, { clock });
  const counter = new Counter({ name: 'a_total', help: 'Help.', labelNames: ['x'], registry });
  const viewers = Array.from({ length: 10 }, () => new Events(t, url));
  for (const viewer of viewers) await viewer.at(0);
  let received = 1;
  const watch = async (minutes: number) => {
    for (let second = 0; second < minutes * 60; second++) {
      counter.inc({ x: second % 100 });
      await clock.advance('1s');
      received++;
      for (const viewer of viewers) await viewer.received(received);
    }
  };
  for (const viewer of viewers) viewer.keep = 1;
  await watch(16);
  const before = heapUsed();
  await watch(44);
  assert.ok(heapUsed() - before < 1_000_000, `${heapUsed() - before} bytes`);
});

function heapUsed(): number {
  collectGarbage();
  const { heapUsed: used, arrayBuffers } = process.memoryUsage();
  return used + arrayBuffers;
}
