import assert from 'node:assert/strict';
import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { test } from 'node:test';
import * as zlib from 'node:zlib';
import { gunzipSync } from 'node:zlib';
import { type CollectorFailure, Counter, Gauge, metricsHandler, Registry } from '../../src/index.ts';
import { serve } from './serve.ts';

function registryWithErrors(): Registry {
  const registry = new Registry({ selfMetrics: false });
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

test('OPTIONS lists the methods, and others are rejected', async (t) => {
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

test('an empty registry has an empty body', async (t) => {
  const response = await fetch(await serve(t, metricsHandler({ registry: new Registry() })));
  assert.equal(response.status, 200);
  assert.equal(await response.text(), '');
});

test('a failing collector is reported to onError, and the rest is served', async (t) => {
  const registry = registryWithErrors();
  registry.register({ name: 'bad', collect: () => Promise.reject(new Error('broken')) });
  const failures: CollectorFailure[] = [];
  const url = await serve(t, metricsHandler({ registry, onError: (failure) => failures.push(failure) }));
  assert.equal(await (await fetch(url)).text(), EXPOSITION);
  assert.deepEqual(failures, [{ collector: 'bad', error: new Error('broken') }]);
});

test('a registry that fails as a whole is answered with 500, without details', async (t) => {
  const registry = { gather: () => Promise.reject(new Error('secret')) };
  const response = await fetch(await serve(t, metricsHandler({ registry })));
  assert.equal(response.status, 500);
  assert.doesNotMatch(await response.text(), /secret/);
});

test('collectors have as much time as timeoutMs', async (t) => {
  const registry = registryWithErrors();
  registry.register({ collect: () => new Promise(() => {}) });
  const url = await serve(t, metricsHandler({ registry, timeoutMs: 1 }));
  assert.equal(await (await fetch(url)).text(), EXPOSITION);
});

test('a client that disconnects aborts the gathering', async (t) => {
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
  assert.deepEqual(await aborted, new Error('The client disconnected.'));
});

test('other callbacks run while a large registry is encoded', async (t) => {
  const registry = new Registry();
  const gauge = new Gauge({ name: 'g', help: '', labelNames: ['x'], maxSeries: Infinity, registry });
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
  assert.equal(lines.length, 200_002);
  assert.equal(lines[200_000], 'g{x="199999"} 199999');
  assert.ok(turns > 2, `${turns} turns of the event loop`);
});

/** A registry whose exposition is worth compressing. */
function largeRegistry(): Registry {
  const registry = new Registry({ selfMetrics: false });
  const gauge = new Gauge({ name: 'g', help: 'Help.', labelNames: ['x'], registry });
  for (let x = 0; x < 1000; x++) gauge.set({ x }, x);
  return registry;
}

/** Returns the body as sent, not decompressed. */
async function rawGet(url: string, headers: Readonly<Record<string, string>>, method = 'GET') {
  const request = httpRequest(url, { headers, method }).end();
  const [response] = await once(request, 'response');
  const body = await buffer(response);
  return { headers: response.headers, body };
}

/** Node.js compresses with zstd from 22.15 on. The types are those of the oldest version. */
const { zstdDecompressSync } = zlib as { readonly zstdDecompressSync?: (bytes: Buffer) => Buffer };
const zstd = zstdDecompressSync === undefined ? 'gzip' : 'zstd';

const decompress = {
  none: (body: Buffer) => body,
  gzip: (body: Buffer) => gunzipSync(body),
  zstd: (body: Buffer) => zstdDecompressSync?.(body),
};

for (const [accept, coding] of [
  ['gzip', 'gzip'],
  ['gzip;q=0.5', 'gzip'],
  ['deflate, GZIP;q=0.1', 'gzip'],
  ['*', 'gzip'],
  ['gzip;q=0', 'none'],
  ['identity', 'none'],
  ['*, gzip;q=0', 'none'],
  ['', 'none'],
  ['zstd, gzip', zstd],
  ['gzip, ZSTD', zstd],
  ['gzip;q=0.5, zstd;q=0.6', zstd],
  ['gzip;q=0.6, zstd;q=0.5', 'gzip'],
  ['gzip, zstd;q=0', 'gzip'],
  ['zstd', zstd === 'zstd' ? 'zstd' : 'none'],
  ['zstd;q=0', 'none'],
] as const) {
  test(`Accept-Encoding "${accept}" is answered with ${coding}`, async (t) => {
    const registry = largeRegistry();
    const { headers, body } = await rawGet(await serve(t, metricsHandler({ registry })), { 'Accept-Encoding': accept });
    assert.equal(headers['content-encoding'], coding === 'none' ? undefined : coding);
    assert.equal(headers['content-length'], String(body.length));
    assert.equal(headers.vary, 'Accept, Accept-Encoding');
    assert.equal(decompress[coding](body)?.toString(), await registry.expose());
  });
}

test('a large body is compressed as it is encoded', async (t) => {
  const registry = new Registry({ selfMetrics: false });
  const gauge = new Gauge({ name: 'g', help: 'Help.', labelNames: ['x'], maxSeries: Infinity, registry });
  for (let x = 0; x < 50_000; x++) gauge.set({ x }, x);
  const url = await serve(t, metricsHandler({ registry }));
  for (const coding of ['gzip', zstd] as const) {
    const { headers, body } = await rawGet(url, { 'Accept-Encoding': coding });
    assert.equal(headers['content-encoding'], coding);
    assert.equal(headers['content-length'], undefined);
    assert.equal(decompress[coding](body)?.toString(), await registry.expose());
  }
});

test('small bodies are not compressed, and none are if compression is switched off', async (t) => {
  const small = await serve(t, metricsHandler({ registry: registryWithErrors() }));
  const plain = await serve(t, metricsHandler({ registry: largeRegistry(), compress: false }));
  for (const url of [small, plain]) {
    const { headers } = await rawGet(url, { 'Accept-Encoding': 'gzip' });
    assert.equal(headers['content-encoding'], undefined);
  }
});

test('a HEAD has the headers of the compressed body', async (t) => {
  const url = await serve(t, metricsHandler({ registry: largeRegistry() }));
  const get = await rawGet(url, { 'Accept-Encoding': 'gzip' });
  const head = await rawGet(url, { 'Accept-Encoding': 'gzip' }, 'HEAD');
  assert.equal(head.headers['content-length'], get.headers['content-length']);
  assert.equal(head.body.length, 0);
});

test('the same values have the same bytes', async (t) => {
  const url = await serve(t, metricsHandler({ registry: largeRegistry() }));
  const accept = { 'Accept-Encoding': 'gzip', Accept: 'application/openmetrics-text;version=1.0.0' };
  assert.deepEqual((await rawGet(url, accept)).body, (await rawGet(url, accept)).body);
});

for (const [accept, contentType, end] of [
  ['*/*', 'text/plain; version=0.0.4; charset=utf-8', 'errors_total 3\n'],
  [
    'application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,text/plain;version=0.0.4;q=0.3,*/*;q=0.2',
    'application/openmetrics-text; version=1.0.0; charset=utf-8; escaping=allow-utf-8',
    'errors_total 3\n# EOF\n',
  ],
  ['text/plain;version=0.0.4', 'text/plain; version=0.0.4; charset=utf-8; escaping=underscores', 'errors_total 3\n'],
] as const) {
  test(`Accept "${accept}" is answered as ${contentType}`, async (t) => {
    const url = await serve(t, metricsHandler({ registry: registryWithErrors() }));
    const { headers, body } = await rawGet(url, { Accept: accept });
    assert.equal(headers['content-type'], contentType);
    assert.ok(body.toString().endsWith(end), body.toString());
  });
}

test('a family that cannot be encoded is reported to onError, and the rest is served', async (t) => {
  const registry = registryWithErrors();
  new Gauge({ name: 'errors.total', help: 'Has the same name where dots are escaped.', registry });
  const failures: CollectorFailure[] = [];
  const url = await serve(t, metricsHandler({ registry, onError: (failure) => failures.push(failure) }));
  const { body } = await rawGet(url, {});
  assert.equal(body.toString().match(/^# TYPE/gm)?.length, 1);
  assert.equal(failures.length, 1);
});
