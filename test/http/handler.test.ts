import assert from 'node:assert/strict';
import { request as httpRequest } from 'node:http';
import { test } from 'node:test';
import { type CollectorFailure, Counter, Gauge, metricsHandler, Registry } from '../../src/index.ts';
import { serve } from './serve.ts';

function registryWithErrors(): Registry {
  const registry = new Registry();
  new Counter({ name: 'errors_total', help: 'Errors.', registry }).inc(3);
  return registry;
}

const EXPOSITION = '# HELP errors_total Errors.\n# TYPE errors_total counter\nerrors_total 3\n';

test('a GET is answered with the exposition as text 0.0.4', async (t) => {
  const response = await fetch(await serve(t, metricsHandler({ registry: registryWithErrors() })));
  assert.equal(response.status, 200);
  assert.equal(response.headers.get('content-type'), 'text/plain; version=0.0.4; charset=utf-8');
  assert.equal(response.headers.get('content-length'), String(EXPOSITION.length));
  assert.equal(await response.text(), EXPOSITION);
});

test('a HEAD gets the same headers and no body', async (t) => {
  const url = await serve(t, metricsHandler({ registry: registryWithErrors() }));
  const response = await fetch(url, { method: 'HEAD' });
  assert.equal(response.status, 200);
  assert.equal(response.headers.get('content-length'), String(EXPOSITION.length));
  assert.equal(await response.text(), '');
});

test('OPTIONS tells the methods, and others are refused', async (t) => {
  const url = await serve(t, metricsHandler({ registry: registryWithErrors() }));
  for (const [method, status] of [
    ['OPTIONS', 204],
    ['POST', 405],
    ['DELETE', 405],
  ] as const) {
    const response = await fetch(url, { method });
    assert.equal(response.status, status);
    assert.equal(response.headers.get('allow'), 'GET, HEAD, OPTIONS');
  }
});

test('an empty registry is an empty body', async (t) => {
  const response = await fetch(await serve(t, metricsHandler({ registry: new Registry() })));
  assert.equal(response.status, 200);
  assert.equal(await response.text(), '');
});

test('a collector that fails is told to onError, and the rest is served', async (t) => {
  const registry = registryWithErrors();
  registry.register({ name: 'bad', collect: () => Promise.reject(new Error('broken')) });
  const failures: CollectorFailure[] = [];
  const url = await serve(t, metricsHandler({ registry, onError: (failure) => failures.push(failure) }));
  assert.equal(await (await fetch(url)).text(), EXPOSITION);
  assert.deepEqual(failures, [{ collector: 'bad', error: new Error('broken') }]);
});

test('a registry that fails as a whole is a 500 that tells nothing', async (t) => {
  const registry = { gather: () => Promise.reject(new Error('secret')) };
  const response = await fetch(await serve(t, metricsHandler({ registry })));
  assert.equal(response.status, 500);
  assert.doesNotMatch(await response.text(), /secret/);
});

test('collectors have the time that timeoutMs says', async (t) => {
  const registry = registryWithErrors();
  registry.register({ collect: () => new Promise(() => {}) });
  const url = await serve(t, metricsHandler({ registry, timeoutMs: 1 }));
  assert.equal(await (await fetch(url)).text(), EXPOSITION);
});

test('a scraper that goes away ends the gathering', async (t) => {
  const registry = new Registry();
  let asked: () => void;
  const began = new Promise<void>((resolve) => {
    asked = resolve;
  });
  const aborted = new Promise((resolve) => {
    registry.register({
      collect: ({ signal }) => {
        asked();
        signal.addEventListener('abort', () => resolve(signal.reason));
        return new Promise(() => {});
      },
    });
  });
  const request = httpRequest(await serve(t, metricsHandler({ registry }))).on('error', () => {});
  request.end();
  await began;
  request.destroy();
  assert.deepEqual(await aborted, new Error('The scraper has gone.'));
});

test('other work runs while a large registry is encoded', async (t) => {
  const registry = new Registry();
  const gauge = new Gauge({ name: 'g', help: '', labelNames: ['x'], registry });
  for (let x = 0; x < 200_000; x++) gauge.set({ x }, x);
  let turns = 0;
  const url = await serve(t, (request, response) => {
    metricsHandler({ registry })(request, response);
    const turn = () => {
      turns++;
      if (!response.headersSent) setImmediate(turn);
    };
    setImmediate(turn);
  });
  const lines = (await (await fetch(url)).text()).split('\n');
  assert.equal(lines.length, 200_003);
  assert.equal(lines[200_001], 'g{x="199999"} 199999');
  assert.ok(turns > 2, `${turns} turns of the event loop`);
});
