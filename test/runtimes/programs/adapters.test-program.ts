/** The same application in each framework: requests are counted once, by route template and status. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { get, type RequestListener } from 'node:http';
import { Readable } from 'node:stream';
import { test } from 'node:test';
import Hapi from '@hapi/hapi';
import { getRequestListener } from '@hono/node-server';
import { Elysia } from 'elysia';
import { createSchema, createYoga } from 'graphql-yoga';
import { H3, HTTPError, toNodeHandler } from 'h3';
import { createApp, createError, createRouter, eventHandler, sendStream, toNodeListener, useBase } from 'h3-1';
import { Registry } from 'zeroprom';
import { elysiaMetrics, HttpServerMetrics, h3Metrics, hapiMetrics, yogaMetrics } from 'zeroprom/instrument';
import { serve } from '../../../test/http/serve.ts';
import { countedRequests } from './counted-requests.ts';

interface Framework {
  /** Creates an application with /users/:id, /api/things/:id, /throws (500), /teapot (418), /stream and /endless. */
  readonly create: (metrics: HttpServerMetrics) => Promise<RequestListener>;
  /** Whether requests are measured until the response has been sent. */
  readonly seesEnd: boolean;
}

const three = () => Readable.from(['a', 'b', 'c'], { objectMode: false });
const endless = () => Readable.from(forever(), { objectMode: false });

async function* forever() {
  for (;;) {
    yield 'a';
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

function fail(): never {
  throw new Error('It is broken.');
}

const web = (body: Readable) => new Response(Readable.toWeb(body) as ReadableStream);

function newH3(metrics: HttpServerMetrics): H3 {
  const app = new H3({ silent: true });
  app.use(h3Metrics(metrics));
  app.all('/users/:id', () => 'hi');
  app.mount(
    '/api',
    new H3().get('/things/:id', () => 'thing'),
  );
  app.get('/throws', () => fail());
  app.get('/teapot', () => {
    throw new HTTPError({ status: 418 });
  });
  app.get('/stream', () => web(three()));
  app.get('/endless', () => web(endless()));
  return app;
}

const frameworks: Readonly<Record<string, Framework>> = {
  hapi: {
    seesEnd: true,
    create: async (metrics) => {
      const server = Hapi.server({ autoListen: false, debug: false });
      await server.register(hapiMetrics(metrics));
      server.route([
        { method: '*', path: '/users/{id}', handler: () => 'hi' },
        { method: 'GET', path: '/throws', handler: fail },
        { method: 'GET', path: '/teapot', handler: (_, toolkit) => toolkit.response('').code(418) },
        { method: 'GET', path: '/stream', handler: (_, toolkit) => toolkit.response(three()) },
        { method: 'GET', path: '/endless', handler: (_, toolkit) => toolkit.response(endless()) },
      ]);
      const api = {
        name: 'api',
        register: (scope: Hapi.Server) => scope.route({ method: 'GET', path: '/things/{id}', handler: () => 'thing' }),
      };
      await server.register(api, { routes: { prefix: '/api' } });
      await server.initialize();
      return (request, response) => void server.listener.emit('request', request, response);
    },
  },
  'h3 1': {
    seesEnd: true,
    create: async (metrics) => {
      const app = createApp();
      app.use(h3Metrics(metrics));
      const router = createRouter();
      router.use(
        '/users/:id',
        eventHandler(() => 'hi'),
      );
      router.get(
        '/throws',
        eventHandler(() => Promise.reject(createError({ statusCode: 500 }))),
      );
      router.get(
        '/teapot',
        eventHandler(() => Promise.reject(createError({ statusCode: 418 }))),
      );
      router.get(
        '/stream',
        eventHandler((event) => sendStream(event, three())),
      );
      router.get(
        '/endless',
        eventHandler((event) => sendStream(event, endless())),
      );
      const things = createRouter().get(
        '/things/:id',
        eventHandler(() => 'thing'),
      );
      router.use('/api/**', useBase('/api', things.handler));
      app.use(router);
      return toNodeListener(app);
    },
  },
  'h3 2': { seesEnd: true, create: async (metrics) => toNodeHandler(newH3(metrics)) as unknown as RequestListener },
  'h3 2 without node:http messages': {
    seesEnd: false,
    create: async (metrics) => getRequestListener((request) => newH3(metrics).fetch(request)),
  },
  elysia: {
    seesEnd: false,
    create: async (metrics) => {
      const app = new Elysia()
        .use(elysiaMetrics(metrics))
        .all('/users/:id', () => 'hi')
        .get('/throws', () => fail())
        .get('/teapot', ({ status }) => status(418, ''))
        .get('/stream', () => web(three()))
        .get('/endless', () => web(endless()))
        .group('/api', (api) => api.get('/things/:id', () => 'thing'));
      return getRequestListener(app.fetch);
    },
  },
};

for (const [name, { create, seesEnd }] of Object.entries(frameworks)) {
  test(`${name}: responses, errors and streams are counted by route and status`, async (t) => {
    const registry = new Registry();
    const url = await serve(t, await create(new HttpServerMetrics({ registry })));
    const paths = '/users/1 /users/2?x=1 /api/things/1 /throws /teapot /stream /nowhere/1 /users/1/nowhere'.split(' ');
    for (const path of paths) await fetch(url + path).then((response) => response.text());
    assert.deepEqual(await countedWhen(registry, paths.length), {
      'GET /users/:id 200': 2,
      'GET /api/things/:id 200': 1,
      'GET /throws 500': 1,
      'GET /teapot 418': 1,
      'GET /stream 200': 1,
      'GET other 404': 2,
    });
  });

  if (seesEnd) {
    test(`${name}: a stream that the client abandons is counted as aborted`, async (t) => {
      const registry = new Registry();
      const url = await serve(t, await create(new HttpServerMetrics({ registry })));
      const [response] = await once(get(`${url}/endless`, { agent: false }), 'response');
      await once(response, 'data');
      assert.match(await registry.expose(), /^http_requests_in_flight 1$/m);
      response.destroy();
      assert.deepEqual(await countedWhen(registry, 1), { 'GET /endless aborted': 1 });
      assert.match(await registry.expose(), /^http_requests_in_flight 0$/m);
    });
  }

  test(`${name}: random URLs create a bounded number of series`, async (t) => {
    const registry = new Registry();
    const url = await serve(t, await create(new HttpServerMetrics({ registry })));
    for (let count = 0; count < 200; count++) {
      const random = Math.random().toString(36).slice(2);
      await fetch(url + (count % 2 === 0 ? `/users/${random}` : `/${random}/${random}`)).then((r) => r.text());
    }
    const counted = await countedWhen(registry, 200);
    assert.deepEqual(counted, { 'GET /users/:id 200': 100, 'GET other 404': 100 });
  });
}

test('h3 2: requests that a server on Node.js sends to itself are not counted', async (t) => {
  const registry = new Registry();
  const app = newH3(new HttpServerMetrics({ registry }));
  app.get('/page', async () => (await app.request('/users/1')).text());
  const url = await serve(t, toNodeHandler(app) as unknown as RequestListener);
  assert.equal(await fetch(`${url}/page`).then((response) => response.text()), 'hi');
  assert.deepEqual(await countedWhen(registry, 1), { 'GET /page 200': 1 });
});

test('elysia: a malformed body is counted with its route', async () => {
  const registry = new Registry();
  const app = new Elysia()
    .use(elysiaMetrics(new HttpServerMetrics({ registry })))
    .post('/body', ({ body }) => String(body));
  const headers = { 'content-type': 'application/json' };
  await app.fetch(new Request('http://localhost/body', { method: 'POST', body: '{', headers }));
  assert.deepEqual(await countedWhen(registry, 1), { 'POST /body 400': 1 });
});

for (const runtime of ['node:http', 'Fetch']) {
  test(`yoga: requests by ${runtime} are counted with the endpoint as route`, async (t) => {
    const registry = new Registry();
    const schema = createSchema({
      typeDefs: 'type Query { hello: String }',
      resolvers: { Query: { hello: () => 'hi' } },
    });
    const yoga = createYoga({ schema, logging: false, plugins: [yogaMetrics(new HttpServerMetrics({ registry }))] });
    const url = await serve(t, runtime === 'Fetch' ? getRequestListener(async (request) => yoga.fetch(request)) : yoga);
    const send = (path: string, init?: RequestInit) => fetch(url + path, init).then((response) => response.text());
    const body = JSON.stringify({ query: '{ hello }' });
    const init = { method: 'POST', body, headers: { 'content-type': 'application/json' } };
    assert.equal(await send('/graphql', init), '{"data":{"hello":"hi"}}');
    await send('/graphql/', init);
    await send('/graphql', { ...init, body: '{' });
    await send('/nowhere');
    assert.deepEqual(await countedWhen(registry, 4), {
      'POST /graphql 200': 2,
      'POST /graphql 400': 1,
      'GET other 404': 1,
    });
    assert.match(await registry.expose(), /^http_requests_in_flight 0$/m);
  });
}

/** Waits until this many requests were counted: a client has the response before the server closes it. */
async function countedWhen(registry: Registry, count: number): Promise<Record<string, number>> {
  for (;;) {
    const counted = countedRequests((await registry.expose()).replaceAll('{id}', ':id'));
    if (Object.values(counted).reduce((sum, value) => sum + value, 0) >= count) return counted;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
