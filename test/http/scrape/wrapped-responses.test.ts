/** Middleware replaces methods of a response. The handler relies only on the contract of streams. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type IncomingMessage, OutgoingMessage, request, ServerResponse } from 'node:http';
import { connect as connectHttp2, createServer as createHttp2Server } from 'node:http2';
import { type AddressInfo, connect } from 'node:net';
import { PassThrough } from 'node:stream';
import { buffer, text } from 'node:stream/consumers';
import { test } from 'node:test';
import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib';
import compression from 'compression';
import express from 'express';
import { metricsHandler, Registry } from '../../../src/index.ts';
import { sized } from '../../long.ts';
import { encodedRows, seriesOf } from '../large-registry.ts';
import { rawGet } from '../raw.ts';
import { serve } from '../serve.ts';

/** Replaces methods of a response, as middleware does before it calls the next one. */
type Wrap = (response: ServerResponse, request: IncomingMessage) => void;

/** The methods of node:http, bound to the response. Untyped middleware ignores overloads. */
function nativeOf(response: ServerResponse) {
  type Method = (...args: unknown[]) => boolean;
  return {
    write: response.write.bind(response) as Method,
    end: response.end.bind(response) as unknown as Method,
    on: response.on.bind(response),
  };
}

function replace(response: ServerResponse, methods: Readonly<Record<string, (...args: never[]) => unknown>>): void {
  Object.assign(response, methods);
}

const wraps: Readonly<Record<string, Wrap>> = {
  'write() and end() without callbacks': (response) => {
    const { write, end } = nativeOf(response);
    replace(response, {
      write: (chunk: Buffer, encoding: unknown) =>
        typeof encoding === 'string' ? write(chunk, encoding) : write(chunk),
      end: (chunk?: Buffer) => end(chunk),
    });
  },
  'write() with its callback': (response) => {
    const { write } = nativeOf(response);
    replace(response, { write: (...args: unknown[]) => write(...args) });
  },
  'end() alone': (response) => {
    const { end } = nativeOf(response);
    replace(response, { end: (chunk?: Buffer) => end(chunk) });
  },
  'write() without a result': (response) => {
    const { write, end } = nativeOf(response);
    replace(response, { write: (chunk: Buffer) => void write(chunk), end: (chunk?: Buffer) => void end(chunk) });
  },
  'write() with the result of a promise': (response) => {
    const { write } = nativeOf(response);
    replace(response, { write: async (chunk: Buffer) => write(chunk) });
  },
  'write() that is always told to wait, with drain in another turn': (response) => {
    const { write } = nativeOf(response);
    replace(response, {
      write: (chunk: Buffer) => {
        write(chunk);
        setTimeout(() => response.emit('drain'), 1);
        return false;
      },
    });
  },
  'write() that is always told to wait, with drain before it returns': (response) => {
    const { write } = nativeOf(response);
    replace(response, {
      write: (chunk: Buffer) => {
        write(chunk);
        response.emit('drain');
        return false;
      },
    });
  },
  'write() that writes later what it was given': (response) => {
    const { write, end } = nativeOf(response);
    const later: Promise<unknown>[] = [];
    const wait = () => new Promise((resolve) => setTimeout(resolve, 10));
    replace(response, {
      write: (chunk: Buffer) => {
        later.push(wait().then(() => write(chunk)));
        return true;
      },
      end: (chunk?: Buffer) => void Promise.all(later).then(() => end(chunk)),
    });
  },
  'write() that calls back at once, and writes later': (response) => {
    const { write, end } = nativeOf(response);
    const chunks: Buffer[] = [];
    replace(response, {
      write: (chunk: Buffer, callback: unknown) => {
        chunks.push(chunk);
        if (typeof callback === 'function') callback();
        return true;
      },
      end: (chunk?: Buffer) => {
        for (const kept of chunks) write(kept);
        end(chunk);
      },
    });
  },
  'end() that ends later': (response) => {
    const { end } = nativeOf(response);
    replace(response, { end: (chunk?: Buffer) => void setTimeout(() => end(chunk), 20) });
  },
  'all of the body is kept, for a hash of it': (response) => {
    const { end } = nativeOf(response);
    const chunks: Buffer[] = [];
    response.removeHeader('Content-Length');
    replace(response, {
      write: (chunk: Buffer) => chunks.push(chunk) > 0,
      end: (chunk?: Buffer) => end(Buffer.concat(chunk === undefined ? chunks : [...chunks, chunk])),
    });
  },
  'a stream between, which takes listeners of drain': (response) => {
    const { write, end, on } = nativeOf(response);
    const between = new PassThrough();
    between.on('data', (chunk) => write(chunk) || between.pause());
    between.on('end', () => end());
    on('drain', () => between.resume());
    replace(response, {
      write: (chunk: Buffer) => between.write(chunk),
      end: (chunk?: Buffer) => between.end(chunk),
      on: (event: string, listener: () => void) => {
        (event === 'drain' ? between : { on }).on(event, listener);
        return response;
      },
    });
  },
  'a stream between, whose drain is passed on': (response) => {
    const { write, end, on } = nativeOf(response);
    const between = new PassThrough({ highWaterMark: 1 });
    between.on('data', (chunk) => write(chunk) || between.pause());
    between.on('end', () => end());
    on('drain', () => between.resume());
    between.on('drain', () => response.emit('drain'));
    replace(response, {
      write: (chunk: Buffer) => between.write(chunk),
      end: (chunk?: Buffer) => between.end(chunk),
    });
  },
  'two of them': (response, request) => {
    wraps['write() without a result']?.(response, request);
    wraps['write() that writes later what it was given']?.(response, request);
  },
  'a prototype of its own': (response) => {
    class Wrapped extends ServerResponse {
      override write(chunk: Buffer): boolean {
        return super.write(chunk);
      }
    }
    Object.setPrototypeOf(response, Wrapped.prototype);
  },
  'writeHead() that replaces write()': (response, request) => {
    const writeHead = response.writeHead.bind(response) as (...args: unknown[]) => ServerResponse;
    replace(response, {
      writeHead: (...args: unknown[]) => {
        wraps['write() without callbacks']?.(response, request);
        return writeHead(...args);
      },
    });
  },
};

/** Far more than socket buffers hold. */
const ROWS = sized(30_000, 60_000);
const bodies = { 'one piece': seriesOf(3), 'many pieces': seriesOf(3_000) };

for (const [name, wrap] of Object.entries(wraps)) {
  for (const [size, registry] of Object.entries(bodies)) {
    for (const encoding of ['identity', 'gzip']) {
      test(`${name}: ${size}, ${encoding}`, { timeout: 20_000 }, async (t) => {
        const handler = metricsHandler({ registry });
        const url = await serve(t, (request, response) => {
          wrap(response, request);
          handler(request, response);
        });
        const body = await plainBody(url, { 'Accept-Encoding': encoding });
        assert.equal(body === (await registry.expose()), true);
      });
    }
  }

  test(`${name}: the response to HEAD ends, and so does the next one on the connection`, async (t) => {
    const handler = metricsHandler({ registry: bodies['many pieces'] });
    const url = await serve(t, (request, response) => {
      wrap(response, request);
      handler(request, response);
    });
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    socket.write('HEAD / HTTP/1.1\r\nHost: x\r\n\r\nHEAD / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
    assert.equal((await text(socket)).match(/^HTTP\/1\.1 200 OK/gm)?.length, 2);
  });
}

for (const accepted of ['identity', 'gzip', 'br', 'deflate', 'gzip, br', '']) {
  for (const [size, registry] of Object.entries(bodies)) {
    for (const compress of [true, false]) {
      test(`Express with compression: ${size} for "${accepted}", compressed here: ${compress}`, async (t) => {
        const app = express();
        app.use(compression({ threshold: 0 }));
        app.get('/', metricsHandler({ registry, compress }));
        const url = await serve(t, app);
        const headers: Record<string, string> = accepted === '' ? {} : { 'Accept-Encoding': accepted };
        assert.equal((await plainBody(url, headers)) === (await registry.expose()), true);
      });
    }
  }
}

test('behind compression, an exposition is encoded only as far as it is read', async (t) => {
  const registry = seriesOf(ROWS);
  const rows = encodedRows(registry);
  const handler = metricsHandler({ registry, compress: false });
  const url = await serve(t, (request, response) => {
    const next = () => handler(request, response);
    // Level 0 does not compress, so unread bytes add up.
    compression({ level: 0 })(request as express.Request, response as express.Response, next);
  });
  const [response] = await once(
    request(url, { agent: false, headers: { 'Accept-Encoding': 'gzip' } }).end(),
    'response',
  );
  await once(response, 'readable');
  await unchanged(rows);
  assert.ok(rows() < (ROWS * 2) / 3, `${rows()} rows`);
  assert.equal(gunzipSync(await buffer(response)).toString() === (await registry.expose()), true);
});

test('if write() returns undefined, the bytes buffered in the response count', async (t) => {
  const registry = seriesOf(ROWS);
  const rows = encodedRows(registry);
  const handler = metricsHandler({ registry, compress: false });
  const url = await serve(t, (request, response) => {
    wraps['write() without a result']?.(response, request);
    handler(request, response);
  });
  const [response] = await once(request(url, { agent: false }).end(), 'response');
  await once(response, 'readable');
  await unchanged(rows);
  assert.ok(rows() < (ROWS * 2) / 3, `${rows()} rows`);
  assert.equal((await text(response)) === (await registry.expose()), true);
});

test('a stalled client behind a wrapper loses its slot to another scrape', async (t) => {
  const registry = seriesOf(ROWS);
  const handler = metricsHandler({ registry, compress: false, maxRequests: 1 });
  const url = await serve(t, (request, response) => {
    wraps['write() and end() without callbacks']?.(response, request);
    handler(request, response);
  });
  const stalled = connect(Number(new URL(url).port), '127.0.0.1').on('error', () => {});
  t.after(() => stalled.destroy());
  stalled.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
  await once(stalled, 'readable');
  let status = 503;
  while (status === 503) ({ status } = await rawGet(url));
  assert.equal(status, 200);
});

test('a client that disconnects behind compression releases its slot', async (t) => {
  const selfMetrics = new Registry({ selfMetrics: false });
  const app = express();
  app.use(compression({ level: 0 }));
  app.get('/', metricsHandler({ registry: seriesOf(ROWS), compress: false, maxRequests: 1, selfMetrics }));
  const url = await serve(t, app);
  for (let index = 0; index < 3; index++) {
    const [response] = await once(
      request(url, { agent: false, headers: { 'Accept-Encoding': 'gzip' } }).end(),
      'response',
    );
    await once(response, 'readable');
    response.destroy();
    while (!(await selfMetrics.expose()).includes(`requests_total{code="499"} ${index + 1}\n`)) await turn();
  }
  assert.match(await selfMetrics.expose(), /^metrics_handler_requests_in_flight 0$/m);
});

test('bytes that a wrapper still holds are not overwritten by other scrapes', async (t) => {
  const registries = [seriesOf(2_000), seriesOf(1_000)];
  const handlers = registries.map((registry) => metricsHandler({ registry, compress: false }));
  const url = await serve(t, (request, response) => {
    const index = Number(request.url?.slice(1));
    if (index === 0) wraps['write() that writes later what it was given']?.(response, request);
    handlers[index]?.(request, response);
  });
  const expected = await Promise.all(registries.map((registry) => registry.expose()));
  for (let round = 0; round < 5; round++) {
    const bodies = await Promise.all([0, 1, 0, 1].map((index) => plainBody(`${url}/${index}`, {})));
    for (const [at, index] of [0, 1, 0, 1].entries()) assert.equal(bodies[at] === expected[index], true);
  }
});

test('a write() that throws ends the response, but not the process', async (t) => {
  const failures: string[] = [];
  const onError = ({ error }: { error: Error }) => failures.push(error.message);
  const handler = metricsHandler({ registry: bodies['many pieces'], onError });
  const url = await serve(t, (request, response) => {
    replace(response, {
      write: () => {
        throw new Error('It is broken.');
      },
    });
    handler(request, response);
  });
  await assert.rejects(rawGet(url));
  assert.deepEqual(failures, ['It is broken.']);
});

test('middleware that replaces write() on the prototype is detected too', async (t) => {
  const { prototype } = ServerResponse;
  t.after(() => Reflect.deleteProperty(prototype, 'write'));
  Object.assign(prototype, {
    write(this: ServerResponse, chunk: Buffer) {
      return OutgoingMessage.prototype.write.call(this, chunk, 'utf8');
    },
  });
  const registry = bodies['many pieces'];
  assert.equal((await rawGet(await serve(t, metricsHandler({ registry })))).body === (await registry.expose()), true);
});

test('HTTP/2 responses are sent in chunks too', async (t) => {
  const registry = bodies['many pieces'];
  const handler = metricsHandler({ registry });
  // HTTP/2 messages have all members of HTTP/1 messages that handlers use, but have separate types.
  const server = createHttp2Server(handler as unknown as Parameters<typeof createHttp2Server>[0]).listen(0);
  t.after(() => server.close());
  await once(server, 'listening');
  // A server that listens on a port has such an address.
  const session = connectHttp2(`http://localhost:${(server.address() as AddressInfo).port}`);
  const stream = session.request({ ':path': '/' });
  assert.equal((await text(stream)) === (await registry.expose()), true);
  session.close();
});

/** Decodes a body according to its Content-Encoding. */
async function plainBody(url: string, headers: Readonly<Record<string, string>>): Promise<string> {
  const [response] = await once(request(url, { agent: false, headers }).end(), 'response');
  const body = await buffer(response);
  const decoders: Readonly<Record<string, (bytes: Buffer) => Buffer>> = {
    gzip: gunzipSync,
    br: brotliDecompressSync,
    deflate: inflateSync,
  };
  return (decoders[response.headers['content-encoding'] ?? '']?.(body) ?? body).toString();
}

/** Waits until a number stays the same for a while. */
async function unchanged(number: () => number): Promise<void> {
  for (let before = -1; before !== number(); ) {
    before = number();
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
