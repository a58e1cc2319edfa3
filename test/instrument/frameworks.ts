/** One application, written for each of the frameworks that have an adapter. */
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pipeline, Readable } from 'node:stream';
import type { TestContext } from 'node:test';
import { getRequestListener } from '@hono/node-server';
import Router from '@koa/router';
import express from 'express';
import fastify from 'fastify';
import { Hono } from 'hono';
import Koa from 'koa';
import {
  expressMetrics,
  fastifyMetrics,
  type HttpServerMetrics,
  honoMetrics,
  instrumentListener,
  koaMetrics,
} from '../../src/instrument/index.ts';

/**
 * Starts the application on a free port; it ends with the test. It has the routes /users/:id, /throws/:id (500), /stream
 * (three pieces), /breaks (fails after the first piece), /endless, and /large (sent in one go).
 */
type Framework = (t: TestContext, metrics: HttpServerMetrics) => Promise<string>;

const large = Buffer.alloc(30_000_000);
const three = () => Readable.from(['a', 'b', 'c']);
const breaking = () => Readable.from(failing());
const endless = () => Readable.from(forever());

async function* failing() {
  yield 'a';
  await new Promise((resolve) => setTimeout(resolve, 20));
  throw new Error('It is broken.');
}

async function* forever() {
  for (;;) {
    yield 'a';
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

const bodies: Readonly<Record<string, () => Readable>> = { '/stream': three, '/breaks': breaking, '/endless': endless };

export const frameworks: Readonly<Record<string, Framework>> = {
  'node:http': (t, metrics) => {
    const routes: readonly [RegExp, string][] = [
      [/^\/users\/[^/]*$/, '/users/:id'],
      [/^\/throws\/[^/]*$/, '/throws/:id'],
      ...['/large', ...Object.keys(bodies)].map((path): [RegExp, string] => [new RegExp(`^${path}$`), path]),
    ];
    const routeOf = ({ url = '' }) => routes.find(([pattern]) => pattern.test(url))?.[1];
    const listener: RequestListener = (request, response) => {
      const route = routeOf(request) ?? '';
      const body = bodies[route];
      if (route === '/large') return void response.end(large);
      if (body !== undefined) return void pipeline(body(), response, () => {});
      response.writeHead(route === '/users/:id' ? 200 : route === '/throws/:id' ? 500 : 404).end('hi');
    };
    return served(t, createServer(instrumentListener(listener, { metrics, route: routeOf })));
  },

  express: (t, metrics) => {
    const app = express();
    app.use(expressMetrics(metrics));
    app.get('/users/:id', (_, response) => void response.send('hi'));
    app.get('/throws/:id', () => fail());
    app.get('/large', (_, response) => void response.send(large));
    for (const [path, body] of Object.entries(bodies)) {
      app.get(path, (_, response) => void pipeline(body(), response, () => {}));
    }
    app.set('env', 'test'); // Errors are not written to the log.
    return served(t, createServer(app));
  },

  fastify: async (t, metrics) => {
    const app = fastify();
    await app.register(fastifyMetrics(metrics));
    app.get('/users/:id', async () => 'hi');
    app.get('/throws/:id', async () => fail());
    app.get('/large', async () => large);
    for (const [path, body] of Object.entries(bodies)) app.get(path, (_, reply) => reply.send(body()));
    await app.ready();
    return served(t, app.server);
  },

  koa: (t, metrics) => {
    const app = new Koa();
    app.silent = true;
    app.use(koaMetrics(metrics));
    const router = new Router();
    router.get('/users/:id', (context) => {
      context.body = 'hi';
    });
    router.get('/throws/:id', () => fail());
    router.get('/large', (context) => {
      context.body = large;
    });
    for (const [path, body] of Object.entries(bodies)) {
      router.get(path, (context) => {
        context.body = body();
      });
    }
    app.use(router.routes());
    return served(t, createServer(app.callback()));
  },

  hono: (t, metrics) => {
    const app = new Hono();
    app.use(honoMetrics(metrics));
    app.get('/users/:id', (context) => context.text('hi'));
    app.get('/throws/:id', () => fail());
    app.get('/large', (context) => context.body(large));
    app.onError((_, context) => context.text('sorry', 500));
    for (const [path, body] of Object.entries(bodies)) {
      // Hono takes streams of the Fetch standard; those of Node.js are typed apart from them.
      app.get(path, (context) => context.body(Readable.toWeb(body()) as ReadableStream));
    }
    return served(t, createServer(getRequestListener(app.fetch)));
  },
};

async function served(t: TestContext, server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    server.close();
    server.closeAllConnections();
  });
  // A server that listens on a port has such an address.
  const { port } = server.address() as AddressInfo;
  return `http://127.0.0.1:${port}`;
}

function fail(): never {
  throw new Error('It is broken.');
}
