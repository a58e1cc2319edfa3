/** Choice of histograms, labels and names of HTTP metrics. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { metricsHandler, Registry } from '../../src/index.ts';
import { HttpServerMetrics, instrumentFetch, instrumentHttpClient } from '../../src/instrument/index.ts';
import { parse } from '../../src/parse/index.ts';
import { rawGet } from '../http/raw.ts';
import { serve } from '../http/serve.ts';
import { frameworks } from './frameworks.ts';

/** The names of the families of a registry. */
async function familyNames(registry: Registry): Promise<string[]> {
  return (await registry.snapshot()).map(({ name }) => name).filter((name) => name.includes('http'));
}

/** Serves a request and returns the lines of the exposition that match. */
async function linesAfter(
  metrics: HttpServerMetrics,
  registry: Registry,
  requests: readonly Request[],
): Promise<string[]> {
  const handler = instrumentFetch(() => new Response('hi'), { metrics, route: () => '/users/:id' });
  for (const request of requests) await handler(request);
  return (await registry.expose()).split('\n').filter((line) => line.includes('duration_seconds_count'));
}

const url = 'https://localhost/users/1';

test('histograms can be left out', async () => {
  for (const [histograms, kept] of [
    [{ requestSize: false, responseSize: false }, ['http_request_duration_seconds']],
    [{ duration: false, responseSize: false }, ['http_request_size_bytes']],
    [{ duration: false, requestSize: false, responseSize: false }, []],
    [
      { duration: true, requestSize: true, responseSize: false },
      ['http_request_duration_seconds', 'http_request_size_bytes'],
    ],
  ] as const) {
    const registry = new Registry();
    await linesAfter(new HttpServerMetrics({ registry, histograms }), registry, [
      new Request(url, { method: 'POST', body: 'x', headers: { 'content-length': '1' } }),
    ]);
    assert.deepEqual(await familyNames(registry), [...kept, 'http_requests_in_flight'].sort());
  }
});

test('histograms have classic or native buckets of their own', async () => {
  const registry = new Registry();
  const histograms = {
    duration: { buckets: [1] },
    requestSize: { native: {} },
    responseSize: { buckets: [5], native: {} },
  };
  const metrics = new HttpServerMetrics({ registry, buckets: [7], histograms });
  const headers = { 'content-length': '3' };
  const handler = instrumentFetch(() => new Response('abc', { headers }), { metrics });
  await handler(new Request(url, { method: 'POST', body: 'abc', headers }));
  const shapes = (await registry.snapshot()).flatMap(({ name, points }) =>
    points.map(({ value }) => [
      name,
      typeof value === 'object' && 'upperBounds' in value && [value.upperBounds, 'native' in value],
    ]),
  );
  assert.deepEqual(
    shapes.filter(([, shape]) => shape !== false),
    [
      ['http_request_duration_seconds', [[1], false]],
      ['http_request_size_bytes', [[], true]],
      ['http_response_size_bytes', [[5], true]],
    ],
  );
});

test('labels of a request are bounded, and missing if their function fails', async () => {
  const registry = new Registry();
  const requestLabels = {
    tenant: (request: { header(name: string): string | undefined }) => request.header('X-Tenant'),
    broken: () => {
      throw new Error('It is broken.');
    },
    path: ({ path, method, scheme }: { path: string; method: string; scheme: string }) => `${scheme} ${method} ${path}`,
  };
  const metrics = new HttpServerMetrics({ registry, requestLabels, maxLabelValues: 2 });
  const tenants = ['a', 'b', 'c', 'd', 'a', 'x'.repeat(201), undefined];
  const requests = tenants.map(
    (tenant) => new Request(url, { headers: tenant === undefined ? {} : { 'x-tenant': tenant } }),
  );
  const common = 'method="GET",route="/users/:id",status_code="200"';
  const tail = 'path="https GET /users/1"';
  assert.deepEqual(await linesAfter(metrics, registry, requests), [
    `http_request_duration_seconds_count{${common},tenant="a",broken="",${tail}} 2`,
    `http_request_duration_seconds_count{${common},tenant="b",broken="",${tail}} 1`,
    `http_request_duration_seconds_count{${common},tenant="other",broken="",${tail}} 3`,
    `http_request_duration_seconds_count{${common},tenant="",broken="",${tail}} 1`,
  ]);
});

for (const [name, { create }] of Object.entries(frameworks)) {
  test(`${name}: labels of a request and stable names`, async (t) => {
    const registry = new Registry();
    const requestLabels = {
      tenant: (request: { header(header: string): string | undefined }) => request.header('x-tenant'),
    };
    const metrics = new HttpServerMetrics({ registry, requestLabels, names: 'both' });
    const base = await serve(t, await create(metrics));
    await rawGet(`${base}/users/1`, { 'X-Tenant': 'a' });
    let text = '';
    while (!text.includes('tenant="a"')) text = await registry.expose(); // The server may close the response later.
    assert.match(
      text,
      /^http_request_duration_seconds_count\{method="GET",route="[^"]+",status_code="200",tenant="a"\} 1$/m,
    );
    assert.match(
      text,
      /^http_server_request_duration_seconds_count\{http_request_method="GET",url_scheme="http",http_route="[^"]+",http_response_status_code="200",error_type="",tenant="a"\} 1$/m,
    );
  });
}

test('stable names replace the durations, with UTF-8 or escaped by negotiation', async (t) => {
  const registry = new Registry();
  const metrics = new HttpServerMetrics({ registry, names: 'semconv' });
  const handler = instrumentFetch(
    (request: Request) => new Response('', { status: Number(new URL(request.url).pathname.slice(1)) }),
    {
      metrics,
      route: () => '/:status',
    },
  );
  for (const [method, status] of [
    ['GET', 200],
    ['BREW', 404],
    ['GET', 503],
  ] as const) {
    await handler(new Request(`http://localhost/${status}`, { method }));
  }
  const base = await serve(t, metricsHandler({ registry }));
  const scraped = async (Accept: string) => {
    const { body } = await rawGet(base, { Accept });
    return body.split('\n').filter((line) => line.includes('duration') && line.includes('_count'));
  };
  assert.deepEqual(await scraped('text/plain;version=1.0.0;escaping=allow-utf-8'), [
    '{"http.server.request.duration_seconds_count","http.request.method"="GET","url.scheme"="http","http.route"="/:status","http.response.status_code"="200","error.type"=""} 1',
    '{"http.server.request.duration_seconds_count","http.request.method"="_OTHER","url.scheme"="http","http.route"="/:status","http.response.status_code"="404","error.type"=""} 1',
    '{"http.server.request.duration_seconds_count","http.request.method"="GET","url.scheme"="http","http.route"="/:status","http.response.status_code"="503","error.type"="503"} 1',
  ]);
  assert.deepEqual(await scraped('text/plain;version=0.0.4'), [
    'http_server_request_duration_seconds_count{http_request_method="GET",url_scheme="http",http_route="/:status",http_response_status_code="200",error_type=""} 1',
    'http_server_request_duration_seconds_count{http_request_method="_OTHER",url_scheme="http",http_route="/:status",http_response_status_code="404",error_type=""} 1',
    'http_server_request_duration_seconds_count{http_request_method="GET",url_scheme="http",http_route="/:status",http_response_status_code="503",error_type="503"} 1',
  ]);
  const { body } = await rawGet(base, { Accept: 'application/openmetrics-text;version=1.0.0' });
  assert.match(body, /^# UNIT http_server_request_duration_seconds seconds$/m);
  parse(body, 'application/openmetrics-text; version=1.0.0; charset=utf-8');
});

test('clients have stable names too', async (t) => {
  const registry = new Registry();
  const clients = instrumentHttpClient({ registry, names: 'both', prefix: 'app_', maxHosts: 1 });
  t.after(() => clients.stop());
  const base = await serve(t, (_, response) => {
    response.writeHead(404).end();
  });
  const { port, hostname } = new URL(base);
  await (await fetch(base)).text();
  await fetch('http://127.0.0.1:65535/').catch(() => {});
  const lines = (await registry.expose()).split('\n').filter((line) => line.includes('duration_seconds_count'));
  assert.deepEqual(lines, [
    `app_http_client_request_duration_seconds_count{method="GET",host="${hostname}:${port}",status_code="404"} 1`,
    'app_http_client_request_duration_seconds_count{method="GET",host="other",status_code="error"} 1',
    `http_client_request_duration_seconds_count{http_request_method="GET",server_address="${hostname}",server_port="${port}",http_response_status_code="404",error_type="404"} 1`,
    'http_client_request_duration_seconds_count{http_request_method="GET",server_address="_OTHER",server_port="",http_response_status_code="",error_type="error"} 1',
  ]);
});

test('clients cannot have both names without a prefix, because they are escaped to the same name', () => {
  assert.throws(
    () => instrumentHttpClient({ registry: new Registry(), names: 'both' }),
    /names: 'both' needs a prefix/,
  );
});

test('wrong choices are rejected', () => {
  const registry = new Registry();
  const create = (options: object) => () => new HttpServerMetrics({ registry, ...options });
  assert.throws(create({ names: 'otel' }), /names must be 'classic', 'semconv' or 'both', got "otel"/);
  assert.throws(
    create({ histograms: { requestSizes: false } }),
    /unknown option requestSizes; did you mean requestSize\?/,
  );
  assert.throws(create({ requestLabels: { tenant: 'x' } }), /requestLabels\.tenant must be a function, got string/);
  assert.throws(create({ requestLabels: { route: () => 'x' } }), /route/);
  assert.throws(create({ maxLabelValues: -1 }), RangeError);
  assert.throws(create({ histograms: { duration: { buckets: [2, 1] } } }), RangeError);
  assert.throws(create({ histograms: { duration: 3 } }), /histograms\.duration must be true, false or an object/);
});
