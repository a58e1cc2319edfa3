/** User functions that throw, reject or return wrong values: each request is answered and counted once. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Labels, Registry } from '../../src/index.ts';
import { HttpServerMetrics, instrumentFetch, instrumentListener } from '../../src/instrument/index.ts';
import { hostileFunctions, hostileValues } from '../hostile-values.ts';
import { rawGet } from '../http/raw.ts';
import { serve } from '../http/serve.ts';
import { countedBy, countedWhen } from './counted.ts';

const returning = hostileValues
  .filter(({ make }) => typeof make() !== 'string')
  .map(({ what, make }) => ({ what: `returns ${what}`, fn: make }));

for (const { what, fn } of [...hostileFunctions, ...returning]) {
  test(`a route function that ${what} makes the route other`, async (t) => {
    const registry = new Registry();
    const metrics = new HttpServerMetrics({ registry });
    const route = fn as () => string;
    const listener = instrumentListener((_, response) => response.end('hi'), { metrics, route });
    assert.equal((await rawGet(await serve(t, listener))).body, 'hi');
    assert.deepEqual(await countedWhen(registry, 1), { 'GET other 200': 1 });
    const handler = instrumentFetch(() => new Response('hi'), { metrics, route });
    assert.equal(await (await handler(new Request('http://x/'))).text(), 'hi');
    assert.deepEqual(await countedBy(registry), { 'GET other 200': 2 });
  });
}

for (const { what, make } of hostileValues) {
  test(`an exemplar source that throws or returns ${what} breaks no request`, async (t) => {
    const sources = [
      () => {
        throw make();
      },
      () => make() as Labels,
    ];
    for (const exemplarSource of sources) {
      const registry = new Registry();
      const metrics = new HttpServerMetrics({ registry, exemplarSource });
      const url = await serve(
        t,
        instrumentListener((_, response) => response.end('hi'), { metrics }),
      );
      assert.equal((await rawGet(url)).body, 'hi');
      assert.deepEqual(await countedWhen(registry, 1), { 'GET other 200': 1 });
    }
  });
}
