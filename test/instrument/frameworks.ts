/** The same application for each framework that has an adapter. */
import type { RequestListener } from 'node:http';
import { pipeline, Readable } from 'node:stream';
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

export interface Framework {
  /** Whether it can be served over HTTP/2. */
  readonly isForHttp2: boolean;
  /**
   * Creates the application. It has the routes /users/:id and /whole, /throws/:id (500), /stream (three pieces), /breaks (fails
   * after the first piece), /half (never sends more than the first piece), /endless, /large (sent in one go) and /waiting
   * (never answers).
   */
  readonly create: (metrics: HttpServerMetrics) => Promise<RequestListener>;
}

const large = Buffer.alloc(30_000_000);
const three = () => Readable.from(['a', 'b', 'c']);
const breaking = () => Readable.from(failing());
const endless = () => Readable.from(forever());
const half = () => Readable.from(stalling());
const never = new Promise<never>(() => {});

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

async function* stalling() {
  yield 'a';
  await never;
}

const bodies: Readonly<Record<string, () => Readable>> = {
  '/stream': three,
  '/breaks': breaking,
  '/endless': endless,
  '/half': half,
};

export const frameworks: Readonly<Record<string, Framework>> = {
  'node:http': {
    isForHttp2: true,
    create: async (metrics) => {
      const routes: readonly [RegExp, string][] = [
        [/^\/users\/[^/]*$/, '/users/:id'],
        [/^\/throws\/[^/]*$/, '/throws/:id'],
        ...['/large', '/waiting', '/whole', ...Object.keys(bodies)].map((path): [RegExp, string] => [
          new RegExp(`^${path}$`),
          path,
        ]),
      ];
      const routeOf = ({ url = '' }) => routes.find(([pattern]) => pattern.test(url))?.[1];
      const listener: RequestListener = (request, response) => {
        const route = routeOf(request) ?? '';
        const body = bodies[route];
        if (route === '/waiting') return;
        if (route === '/large') return void response.end(large);
        if (body !== undefined) return void pipeline(body(), response, () => {});
        response.statusCode = route === '' ? 404 : route === '/throws/:id' ? 500 : 200;
        response.end('hi');
      };
      return instrumentListener(listener, { metrics, route: routeOf });
    },
  },

  express: {
    isForHttp2: false,
    create: async (metrics) => {
      const app = express();
      app.use(expressMetrics(metrics));
      for (const path of ['/users/:id', '/whole']) app.all(path, (_, response) => void response.send('hi'));
      app.get('/throws/:id', () => fail());
      app.get('/large', (_, response) => void response.send(large));
      app.all('/waiting', () => {});
      for (const [path, body] of Object.entries(bodies)) {
        app.get(path, (_, response) => void pipeline(body(), response, () => {}));
      }
      app.set('env', 'test'); // Errors are not written to the log.
      return app;
    },
  },

  fastify: {
    isForHttp2: true,
    create: async (metrics) => {
      const app = fastify();
      app.addContentTypeParser('*', (_request, _body, done) => done(null)); // By default Fastify waits for the entire body.
      await app.register(fastifyMetrics(metrics));
      app.get('/throws/:id', async () => fail());
      for (const url of ['/users/:id', '/whole']) app.all(url, async () => 'hi');
      app.get('/large', async () => large);
      app.all('/waiting', () => never);
      for (const [path, body] of Object.entries(bodies)) app.get(path, (_, reply) => reply.send(body()));
      await app.ready();
      return app.routing;
    },
  },

  koa: {
    isForHttp2: true,
    create: async (metrics) => {
      const app = new Koa();
      app.silent = true;
      app.use(koaMetrics(metrics));
      const router = new Router();
      router.all(['/users/:id', '/whole'], (context) => {
        context.body = 'hi';
      });
      router.all('/waiting', () => never);
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
      return app.callback();
    },
  },

  hono: {
    isForHttp2: true,
    create: async (metrics) => {
      const app = new Hono();
      app.use(honoMetrics(metrics));
      for (const path of ['/users/:id', '/whole']) app.all(path, (context) => context.text('hi'));
      app.all('/waiting', () => never);
      app.get('/throws/:id', () => fail());
      app.get('/large', (context) => context.body(large));
      app.onError((_, context) => context.text('sorry', 500));
      for (const [path, body] of Object.entries(bodies)) {
        // Hono takes Fetch streams; those of Node.js have separate types.
        app.get(path, (context) => context.body(Readable.toWeb(body()) as ReadableStream));
      }
      return getRequestListener(app.fetch);
    },
  },
};

function fail(): never {
  throw new Error('It is broken.');
}
