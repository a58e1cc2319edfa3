import assert from 'node:assert/strict';
import { EventEmitter, once } from 'node:events';
import { get, request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import {
  connect as connectHttp2,
  constants,
  createServer as createHttp2Server,
  type Http2ServerRequest as Http2Request,
  type Http2ServerResponse as Http2Response,
} from 'node:http2';
import { type AddressInfo, connect } from 'node:net';
import { type TestContext, test } from 'node:test';
import { Gauge, Registry } from '../../src/index.ts';
import { HttpServerMetrics, instrumentListener } from '../../src/instrument/index.ts';
import { valuesOf } from '../collectors/scrape.ts';
import { serve } from '../http/serve.ts';
import { needs, runInstalled } from '../installed-programs.ts';
import { countedBy, countedWhen } from './counted.ts';

function setUp(options = {}) {
  const registry = new Registry();
  return { registry, metrics: new HttpServerMetrics({ registry, ...options }) };
}

test('requests are counted by method, route and status', async (t) => {
  const { registry, metrics } = setUp();
  const url = await serve(
    t,
    instrumentListener((request, response) => response.writeHead(request.method === 'POST' ? 201 : 200).end('hi'), {
      metrics,
      route: ({ url = '' }) => (url.startsWith('/users/') ? '/users/:id' : undefined),
    }),
  );
  await fetch(`${url}/users/1`);
  await fetch(`${url}/users/2`);
  await fetch(`${url}/users/3`, { method: 'POST' });
  await fetch(`${url}/elsewhere`);
  assert.deepEqual(await countedWhen(registry, 4), {
    'GET /users/:id 200': 2,
    'POST /users/:id 201': 1,
    'GET other 200': 1,
  });
});

test('promtool accepts the metrics', needs('promtool'), async (t) => {
  const { registry, metrics } = setUp();
  await fetch(
    await serve(
      t,
      instrumentListener((_, response) => response.end(), { metrics }),
    ),
  );
  await countedWhen(registry, 1);
  runInstalled('promtool', ['check', 'metrics'], await registry.expose());
});

test('10,000 raw URLs and invented methods create a bounded number of series', async () => {
  const { registry, metrics } = setUp();
  const socket = { bytesRead: 1, bytesWritten: 1, destroyed: false };
  for (let index = 0; index < 10_000; index++) {
    const response = Object.assign(new EventEmitter(), { statusCode: index % 1_000, writableEnded: true });
    // Raw URLs as routes, and methods that Node.js would reject.
    metrics.track({ method: `M${index}`, httpVersionMajor: 1, socket }, response, () => `/${index}`);
    response.emit('close');
  }
  const counted = await countedBy(registry);
  assert.equal(
    Object.values(counted).reduce((sum, count) => sum + count),
    10_000,
  );
  assert.deepEqual([...new Set(Object.keys(counted).map((key) => key.split(' ')[0]))], ['other']);
  // The first 200 routes, and `other` with 500 valid codes and one for all others.
  assert.equal(new Set(Object.keys(counted).map((key) => key.split(' ')[1])).size, 201);
  assert.ok(Object.keys(counted).length <= 200 + 501, String(Object.keys(counted).length));
});

test('routes beyond maxRoutes are counted together', async (t) => {
  const { registry, metrics } = setUp({ maxRoutes: 2 });
  const url = await serve(
    t,
    instrumentListener((_, response) => response.end(), { metrics, route: ({ url }) => url }),
  );
  for (const path of ['/a', '/b', '/c', '/d', '/a']) await fetch(url + path);
  assert.deepEqual(await countedWhen(registry, 5), { 'GET /a 200': 2, 'GET /b 200': 1, 'GET other 200': 2 });
});

test('invalid status codes are counted together', async () => {
  const { registry, metrics } = setUp();
  for (const status of [99, 600, 200.5, Number.NaN, -1]) {
    metrics.end(metrics.begin(), { method: 'GET', route: '/', status });
  }
  assert.deepEqual(await countedBy(registry), { 'GET / other': 5 });
});

test('a request that the client abandons is counted as aborted', async (t) => {
  const { registry, metrics } = setUp();
  const url = await serve(
    t,
    instrumentListener((_, response) => void response.write('half of it'), { metrics, route: () => '/slow' }),
  );
  const request = get(url);
  const [response] = await once(request, 'response');
  assert.equal((await valuesOf(registry)).get('http_requests_in_flight'), 1);
  response.destroy();
  assert.deepEqual(await countedWhen(registry, 1), { 'GET /slow aborted': 1 });
  assert.equal((await valuesOf(registry)).get('http_requests_in_flight'), 0);
});

test('a request that is abandoned before its body has arrived is counted as aborted', async (t) => {
  const { registry, metrics } = setUp();
  const arrived = new EventEmitter();
  const read = (request: IncomingMessage, response: ServerResponse) => {
    request.on('end', () => response.end()).on('data', () => arrived.emit('half'));
  };
  const { hostname, port } = new URL(await serve(t, instrumentListener(read, { metrics })));
  const half = once(arrived, 'half');
  const socket = connect(Number(port), hostname);
  socket.write('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nhalf of it');
  await half;
  socket.destroy();
  assert.deepEqual(await countedWhen(registry, 1), { 'POST other aborted': 1 });
});

test('a response that the server destroys is counted as aborted', async (t) => {
  const { registry, metrics } = setUp();
  const url = await serve(
    t,
    instrumentListener(
      (_, response) => {
        response.write('half of it');
        setImmediate(() => response.destroy());
      },
      { metrics },
    ),
  );
  await assert.rejects(async () => (await fetch(url)).text());
  assert.deepEqual(await countedWhen(registry, 1), { 'GET other aborted': 1 });
});

test('a stream is measured to its end', async (t) => {
  const { registry, metrics } = setUp();
  const url = await serve(
    t,
    instrumentListener(
      (_, response) => {
        response.write('a');
        setTimeout(() => response.end('b'), 120);
      },
      { metrics },
    ),
  );
  assert.equal(await (await fetch(url)).text(), 'ab');
  await countedWhen(registry, 1);
  const seconds = (await valuesOf(registry)).get(
    'http_request_duration_seconds_sum{method="GET",route="other",status_code="200"}',
  );
  assert.ok(seconds !== undefined && seconds >= 0.119, String(seconds));
});

test('sizes are the bytes transferred over the connection for each request', async (t) => {
  const { registry, metrics } = setUp();
  const url = await serve(
    t,
    instrumentListener(
      (request, response) => {
        request.resume().on('end', () => response.end('x'.repeat(request.url === '/large' ? 50_000 : 10)));
      },
      { metrics, route: ({ url }) => url },
    ),
  );
  const socket = connect(Number(new URL(url).port), '127.0.0.1').resume();
  t.after(() => socket.destroy());
  const small = 'GET /small HTTP/1.1\r\nHost: a\r\n\r\n';
  const large = `POST /large HTTP/1.1\r\nHost: a\r\nContent-Length: 20000\r\n\r\n${'y'.repeat(20_000)}`;
  for (const [index, message] of [small, large, small].entries()) {
    socket.write(message);
    await countedWhen(registry, index + 1);
  }
  const values = await valuesOf(registry);
  const sum = (what: string, method: string, route: string) =>
    values.get(`http_${what}_size_bytes_sum{method="${method}",route="${route}",status_code="200"}`) ?? Number.NaN;
  assert.equal(sum('request', 'GET', '/small'), 2 * small.length);
  assert.equal(sum('request', 'POST', '/large'), large.length);
  const sent = sum('response', 'GET', '/small') + sum('response', 'POST', '/large');
  while (socket.bytesRead < sent) await once(socket, 'data');
  assert.equal(socket.bytesRead, sent);
  assert.ok(sum('response', 'POST', '/large') > 50_000);
});

test('requests over HTTP/2 are counted, without sizes', async (t) => {
  const { registry, metrics } = setUp();
  const listener = instrumentListener<Http2Request, Http2Response>(
    (request, response) => {
      if (request.url === '/whole') response.end('hi');
      else response.write('half of it');
    },
    { metrics, route: ({ url }) => url },
  );
  const server = createHttp2Server(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  const { port } = server.address() as AddressInfo;
  const client = connectHttp2(`http://127.0.0.1:${port}`);
  const whole = client.request({ ':path': '/whole' }).resume();
  await once(whole, 'close');
  const broken = client.request({ ':path': '/broken' }).on('error', () => {});
  await once(broken, 'response');
  broken.close(constants.NGHTTP2_CANCEL);
  const cut = client.request({ ':path': '/cut' }).on('error', () => {});
  await once(cut, 'response');
  client.destroy();
  assert.deepEqual(await countedWhen(registry, 3), {
    'GET /whole 200': 1,
    'GET /broken aborted': 1,
    'GET /cut aborted': 1,
  });
  assert.doesNotMatch(await registry.expose(), /size_bytes_count\{.*\} [1-9]/);
});

test('an outer wrapper counts once, and an inner one names the route', async (t) => {
  const { registry, metrics } = setUp();
  const inner = instrumentListener((_, response) => response.end(), { metrics, route: () => '/inner' });
  await fetch(await serve(t, instrumentListener(inner, { metrics })));
  assert.deepEqual(await countedWhen(registry, 1), { 'GET /inner 200': 1 });
});

test('two metrics in two registries both count', async (t) => {
  const [one, other] = [setUp(), setUp()];
  const listener = instrumentListener((_, response) => response.end(), { metrics: one.metrics });
  await fetch(await serve(t, instrumentListener(listener, { metrics: other.metrics })));
  assert.deepEqual(await countedWhen(one.registry, 1), { 'GET other 200': 1 });
  assert.deepEqual(await countedWhen(other.registry, 1), { 'GET other 200': 1 });
});

test('a route function that throws breaks nothing', async (t) => {
  const { registry, metrics } = setUp();
  const url = await serve(
    t,
    instrumentListener((_, response) => response.end('hi'), {
      metrics,
      route: () => {
        throw new Error('It is broken.');
      },
    }),
  );
  assert.equal(await (await fetch(url)).text(), 'hi');
  assert.deepEqual(await countedWhen(registry, 1), { 'GET other 200': 1 });
});

test('responses with trailers, and HEAD and 304 without bodies, are whole', async (t) => {
  const { registry, metrics } = setUp();
  const url = await serve(
    t,
    instrumentListener((request, response) => response.writeHead(request.url === '/304' ? 304 : 200).end(), {
      metrics,
    }),
  );
  await fetch(url, { method: 'HEAD' });
  await fetch(`${url}/304`);
  assert.deepEqual(await countedWhen(registry, 2), { 'HEAD other 200': 1, 'GET other 304': 1 });
});

test('exemplars have the trace of their request', async (t) => {
  let trace: string | undefined;
  const { registry, metrics } = setUp({
    exemplarSource: () => (trace === undefined ? undefined : { trace_id: trace }),
  });
  const url = await serve(
    t,
    (() => {
      const listener = instrumentListener((_, response) => response.end(), { metrics });
      return (request, response) => {
        trace = 'abc123';
        listener(request, response);
        // Listeners for the end of the response run in another context.
        trace = undefined;
      };
    })(),
  );
  await fetch(url);
  await countedWhen(registry, 1);
  const { openMetrics } = await import('../../src/exposition/index.ts');
  assert.match(
    await registry.expose(openMetrics),
    /http_request_duration_seconds_bucket\{.*\} 1 # \{trace_id="abc123"\} /,
  );
});

test('an exemplar source that throws breaks nothing', async (t) => {
  const { registry, metrics } = setUp({
    exemplarSource: () => {
      throw new Error('It is broken.');
    },
  });
  await fetch(
    await serve(
      t,
      instrumentListener((_, response) => response.end(), { metrics }),
    ),
  );
  assert.deepEqual(await countedWhen(registry, 1), { 'GET other 200': 1 });
});

test('durations can be a native histogram', async () => {
  const { registry, metrics } = setUp({ native: {} });
  metrics.end(metrics.begin(), { method: 'GET', route: '/', status: 200 });
  const { snapshot } = { snapshot: await registry.gather() };
  const entry = snapshot.entries.find(
    (each) => 'upperBounds' in each && 'name' in each && each.name === 'http_request_duration_seconds',
  );
  assert.ok(entry !== undefined && 'upperBounds' in entry);
  assert.deepEqual(entry.upperBounds, []);
});

test('stop() unregisters the metrics, and requests are still answered', async (t) => {
  const { registry, metrics } = setUp();
  const url = await serve(
    t,
    instrumentListener((_, response) => response.end('hi'), { metrics }),
  );
  metrics.stop();
  assert.equal(await (await fetch(url)).text(), 'hi');
  assert.equal(await registry.expose(), '');
  new HttpServerMetrics({ registry });
});

test('options out of range are rejected', () => {
  assert.throws(() => setUp({ maxRoutes: -1 }), new RangeError('maxRoutes must be a whole number from 0, got -1.'));
});

test('a request whose body is not read is counted', async (t: TestContext) => {
  const { registry, metrics } = setUp();
  const url = await serve(
    t,
    instrumentListener((_, response) => response.writeHead(413).end(), { metrics }),
  );
  const request = httpRequest(url, { method: 'POST' }).on('error', () => {});
  request.end('x'.repeat(100_000));
  const [response] = await once(request, 'response');
  response.resume();
  assert.deepEqual(await countedWhen(registry, 1), { 'POST other 413': 1 });
});

test('if one name is taken, none of the metrics is registered', async () => {
  const registry = new Registry();
  new Gauge({ name: 'http_response_size_bytes', help: 'Mine.', registry });
  assert.throws(() => new HttpServerMetrics({ registry }), /http_response_size_bytes is already registered/);
  assert.equal(registry.get('http_requests_in_flight'), undefined);
});
