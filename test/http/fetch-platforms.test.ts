/** Platforms may compress the body of a Fetch response. The handler's body is compressed once, on every platform. */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { gunzipSync, gzipSync } from 'node:zlib';
import { getRequestListener } from '@hono/node-server';
import { Hono } from 'hono';
import { compress } from 'hono/compress';
import { type HandlerOptions, metricsFetchHandler } from '../../src/index.ts';
import { runProgram } from '../program.ts';
import { seriesOf } from './large-registry.ts';
import { serve } from './serve.ts';

const bodies = { 'one piece': seriesOf(3), 'many pieces': seriesOf(500) };

/** Sends a response as a platform does, and returns what the client receives. */
type Send = (response: Response, request: Request) => Promise<Sent>;

interface Sent {
  readonly encoding: string | null;
  readonly body: Buffer;
}

const asIs: Send = async (response) => ({
  encoding: response.headers.get('content-encoding'),
  body: Buffer.from(await response.arrayBuffer()),
});

/** Compresses bodies without an encoding, as Deno does. */
const compressing: Send = async (response, request) => {
  const { encoding, body } = await asIs(response, request);
  const accepted = request.headers.get('accept-encoding')?.includes('gzip') === true;
  return encoding === null && accepted ? { encoding: 'gzip', body: gzipSync(body) } : { encoding, body };
};

/** Drops the headers about the encoding of a body, as Next.js does, and compresses it. */
const dropping: Send = (response, request) => {
  const headers = new Headers(response.headers);
  for (const name of ['content-encoding', 'content-length', 'transfer-encoding']) headers.delete(name);
  return compressing(new Response(response.body, { headers }), request);
};

/** Compresses bodies that have an encoding, as workerd does, unless told otherwise. */
const encoding: Send = async (response, request) => {
  const sent = await asIs(response, request);
  const isManual = response instanceof WorkerdResponse && response.encodeBody === 'manual';
  return sent.encoding === null || isManual ? sent : { ...sent, body: gzipSync(sent.body) };
};

class WorkerdResponse extends Response {
  readonly encodeBody: unknown;

  constructor(
    body?: ConstructorParameters<typeof Response>[0],
    init?: ResponseInit & { readonly encodeBody?: unknown },
  ) {
    super(body, init);
    this.encodeBody = init?.encodeBody ?? 'automatic';
  }
}

/** The part of a NextRequest that identifies it. */
class NextRequest extends Request {
  get nextUrl(): URL {
    return new URL(this.url);
  }
}

interface Platform {
  readonly send: Send;
  readonly newRequest?: typeof Request;
  /** Makes the process look like one of the platform until the test ends. */
  readonly prepare?: (t: TestContext) => void;
}

const platforms: Readonly<Record<string, Platform>> = {
  Bun: { send: asIs },
  Deno: { send: compressing },
  workerd: { send: encoding, prepare: (t) => setUntilTheEnd(t, globalThis, 'Response', WorkerdResponse) },
  'Next.js, by its request': { send: dropping, newRequest: NextRequest },
  'Next.js, by its variable': {
    send: dropping,
    prepare: (t) => setUntilTheEnd(t, process.env, 'NEXT_RUNTIME', 'nodejs'),
  },
  'Next.js, by its agents': {
    send: dropping,
    prepare: (t) => setUntilTheEnd(t, globalThis, '__NEXT_HTTP_AGENT_OPTIONS', { keepAlive: true }),
  },
};

for (const [name, { send, newRequest = Request, prepare }] of Object.entries(platforms)) {
  for (const [size, registry] of Object.entries(bodies)) {
    for (const accepted of ['gzip', 'identity']) {
      test(`${name}: ${size}, for a client that accepts ${accepted}`, async (t) => {
        prepare?.(t);
        const request = new newRequest('http://x/metrics', { headers: { 'Accept-Encoding': accepted } });
        const sent = await send(await metricsFetchHandler({ registry })(request), request);
        assert.equal(sent.encoding, accepted === 'gzip' ? 'gzip' : null);
        assert.equal(decoded(sent) === (await registry.expose()), true);
      });
    }
  }
}

test('the option applies on all platforms', async () => {
  const ask = async (options: HandlerOptions, newRequest: typeof Request) => {
    const request = new newRequest('http://x/', { headers: { 'Accept-Encoding': 'gzip' } });
    const handler = metricsFetchHandler({ registry: bodies['many pieces'], ...options });
    return (await handler(request)).headers.get('content-encoding');
  };
  assert.equal(await ask({ compress: true }, NextRequest), 'gzip');
  assert.equal(await ask({ compress: false }, Request), null);
});

for (const [size, registry] of Object.entries(bodies)) {
  for (const accepted of ['gzip', 'deflate', 'identity']) {
    test(`Hono on Node.js, behind its own compression: ${size}, for a client that accepts ${accepted}`, async (t) => {
      const app = new Hono();
      app.use(compress());
      const handler = metricsFetchHandler({ registry });
      app.get('/', (context) => handler(context.req.raw));
      const url = await serve(t, getRequestListener(app.fetch));
      // It removes the encoding that the headers name.
      const response = await fetch(url, { headers: { 'Accept-Encoding': accepted } });
      assert.equal((await response.text()) === (await registry.expose()), true);
    });
  }
}

test('on workerd, requests neither wait for callbacks of other requests nor use APIs that only Node.js has', async (t) => {
  const found = await runProgram(
    t,
    `
    import { AsyncLocalStorage } from 'node:async_hooks';
    const { setTimeout } = globalThis;
    globalThis.setImmediate = () => {};
    globalThis.setTimeout = (...args) => Number(setTimeout(...args).unref());
    AsyncLocalStorage.prototype.disable = () => { throw new Error('disable() is not implemented'); };
    Object.defineProperty(globalThis, 'navigator', { value: { userAgent: 'Cloudflare-Workers' } });
    process.uptime = undefined;
    const { Gauge, metricsFetchHandler, Registry } = await import('./src/index.js');
    const registry = new Registry();
    const gauge = new Gauge({ name: 'g', help: 'Help.', labelNames: ['x'], maxSeries: Infinity, registry });
    for (let x = 0; x < 20_000; x++) gauge.set({ x }, x);
    const handler = metricsFetchHandler({ registry });
    for (const method of ['HEAD', 'GET', 'HEAD', 'GET']) {
      const response = await handler(new Request('http://x/', { method }));
      console.log(method, response.status, (await response.text()).split('\\n').length > 20_000);
    }`,
  );
  assert.equal(found, 'HEAD 200 false\nGET 200 true\nHEAD 200 false\nGET 200 true');
});

function decoded({ encoding, body }: Sent): string {
  return (encoding === 'gzip' ? gunzipSync(body) : body).toString();
}

function setUntilTheEnd(t: TestContext, object: object, name: string, value: unknown): void {
  const before = Object.getOwnPropertyDescriptor(object, name);
  Object.defineProperty(object, name, { value, configurable: true, enumerable: true, writable: true });
  t.after(() => {
    if (before === undefined) Reflect.deleteProperty(object, name);
    else Object.defineProperty(object, name, before);
  });
}
