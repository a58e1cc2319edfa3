/** Timers of Node.js fire after 1 ms if their delay is longer than 2 ** 31 - 1 ms. Limits may be longer than that. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { get } from 'node:http';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { inspect } from 'node:util';
import { probeHandler } from '../../src/http.ts';
import { type HandlerOptions, metricsFetchHandler, metricsHandler, Registry } from '../../src/index.ts';
import { GatedCollector } from './gated-collector.ts';
import { seriesOf } from './large-registry.ts';
import { rawGet } from './raw.ts';
import { serve } from './serve.ts';

const LONG = [2 ** 31 - 1, 2 ** 31, Number.MAX_VALUE, Number.POSITIVE_INFINITY];

/** Longer than a timer that has overflowed. */
const PAUSE_MS = 20;

process.on('warning', ({ name }) => assert.notEqual(name, 'TimeoutOverflowWarning'));

async function slowRegistry(): Promise<Registry> {
  const registry = new Registry({ selfMetrics: false });
  const collector = new GatedCollector();
  registry.register(collector);
  void collector.asked.promise.then(() => wait(PAUSE_MS)).then(() => collector.go.open());
  return registry;
}

for (const timeoutMs of LONG) {
  test(`collectors have time with timeoutMs ${timeoutMs}`, async (t) => {
    const url = await serve(t, metricsHandler({ registry: await slowRegistry(), timeoutMs }));
    assert.match((await rawGet(url)).body, /^gated 1$/m);
    const response = await metricsFetchHandler({ registry: await slowRegistry(), timeoutMs })(new Request('http://x/'));
    assert.match(await response.text(), /^gated 1$/m);
  });

  test(`a probe has time with timeoutMs ${timeoutMs}`, async (t) => {
    const slow = { probe: () => wait(PAUSE_MS, true), timeoutMs };
    const url = await serve(t, probeHandler({ modules: { slow }, defaultModule: 'slow' }));
    assert.match((await rawGet(`${url}?target=x`)).body, /^probe_success 1$/m);
  });
}

for (const options of [
  ...LONG.map((idleMs): HandlerOptions => ({ writeLimits: { idleMs } })),
  ...LONG.map((totalMs): HandlerOptions => ({ writeLimits: { totalMs } })),
  ...LONG.map((timeoutMs): HandlerOptions => ({ timeoutMs })),
  { timeoutMs: 2 ** 30 }, // Twice as much is the default of totalMs.
  { writeLimits: { idleMs: undefined as never, totalMs: undefined as never } },
]) {
  test(`slow readers have time with ${inspect(options)}`, async (t) => {
    const url = await serve(t, metricsHandler({ registry: seriesOf(10_000), ...options }));
    const [response] = await once(get(url, { agent: false }), 'response');
    await wait(PAUSE_MS);
    assert.match(await text(response), /^g\{x="\.+9999"\} 9999$/m);
  });

  test(`slow readers of Fetch responses have time with ${inspect(options)}`, async () => {
    const response = await metricsFetchHandler({ registry: seriesOf(500), ...options })(new Request('http://x/'));
    await wait(PAUSE_MS);
    assert.match(await response.text(), /^g\{x="\.+499"\} 499$/m);
  });
}
