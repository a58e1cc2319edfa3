/** Error paths of the frameworks of the checkout; test/runtimes has those of the others. */
import type { RequestListener } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import Router from '@koa/router';
import express, { type ErrorRequestHandler } from 'express';
import fastify from 'fastify';
import { Hono } from 'hono';
import Koa from 'koa';
import { Registry } from '../../src/index.ts';
import {
  expressMetrics,
  fastifyMetrics,
  HttpServerMetrics,
  honoMetrics,
  instrumentFetch,
  instrumentListener,
  koaMetrics,
} from '../../src/instrument/index.ts';
import { valuesOf } from '../collectors/scrape.ts';
import { countedBy } from './counted.ts';
import { type FailingApplication, Handled, handlers, testErrorPaths } from './error-paths.ts';

const paths = Object.entries(handlers).map(([name, handler]) => [`/${name}/:id`, handler] as const);
const handlerOf = (url = '') => handlers[url.split('/')[1] ?? ''];
const routeOf = ({ url }: { readonly url?: string | undefined }) => {
  const [, name = ''] = new URL(url ?? '', 'http://localhost').pathname.split('/');
  return name in handlers ? `/${name}/:id` : undefined;
};

const creating = (listenerOf: (metrics: HttpServerMetrics) => RequestListener | Promise<RequestListener>) => {
  return async (): Promise<FailingApplication> => {
    const registry = new Registry();
    const listener = await listenerOf(new HttpServerMetrics({ registry }));
    const inFlight = async () => (await valuesOf(registry)).get('http_requests_in_flight');
    return { listener, counted: () => countedBy(registry), inFlight };
  };
};

testErrorPaths({
  name: 'node:http',
  create: creating((metrics) =>
    instrumentListener(
      async (request, response) => {
        const handler = handlerOf(request.url);
        if (handler === undefined) return response.writeHead(404).end();
        try {
          return response.end(await handler());
        } catch (error) {
          return response.writeHead(error instanceof Handled ? 422 : 500).end();
        }
      },
      { metrics, route: routeOf },
    ),
  ),
});

testErrorPaths({
  name: 'Fetch',
  seesEnd: false,
  create: creating((metrics) =>
    getRequestListener(
      instrumentFetch(
        async (request: Request) => {
          const handler = handlerOf(new URL(request.url).pathname);
          if (handler === undefined) return new Response(undefined, { status: 404 });
          try {
            return new Response(String(await handler()));
          } catch (error) {
            if (error instanceof Handled) return new Response(undefined, { status: 422 });
            throw error;
          }
        },
        { metrics, route: routeOf },
      ),
      { errorHandler: () => new Response(undefined, { status: 500 }) },
    ),
  ),
});

testErrorPaths({
  name: 'express',
  // Express continues with the next handler, of which there is none.
  statuses: { throwsUndefined: 404 },
  create: creating((metrics) => {
    const app = express();
    app.set('env', 'test'); // Errors are not written to the log.
    app.use(expressMetrics(metrics));
    for (const [path, handler] of paths)
      app.get(path, (_request, response) => Promise.resolve(handler()).then((text) => response.send(text)));
    const onError: ErrorRequestHandler = (error, _request, response, next) => {
      if (error instanceof Handled) response.status(422).send('handled');
      else next(error);
    };
    app.use(onError);
    return app;
  }),
});

testErrorPaths({
  name: 'fastify',
  create: creating(async (metrics) => {
    const app = fastify();
    await app.register(fastifyMetrics(metrics));
    app.setErrorHandler((error, _request, reply) => reply.code(error instanceof Handled ? 422 : 500).send('sorry'));
    for (const [path, handler] of paths) app.get(path, () => handler());
    await app.ready();
    return app.routing;
  }),
});

testErrorPaths({
  name: 'koa',
  unanswered: ['throwsUndefined', 'rejectsUndefined', 'rejectsNull'],
  create: creating((metrics) => {
    const app = new Koa();
    app.silent = true;
    app.use(koaMetrics(metrics));
    app.use(async (context, next) => {
      try {
        await next();
      } catch (error) {
        if (!(error instanceof Handled)) throw error;
        context.status = 422;
        context.body = 'handled';
      }
    });
    const router = new Router();
    for (const [path, handler] of paths)
      router.get(path, async (context) => {
        context.body = await handler();
      });
    app.use(router.routes());
    return app.callback();
  }),
});

testErrorPaths({
  name: 'hono',
  create: creating((metrics) => {
    const app = new Hono();
    app.use(honoMetrics(metrics));
    app.onError((error, context) => context.text('sorry', error instanceof Handled ? 422 : 500));
    for (const [path, handler] of paths) app.get(path, async (context) => context.text(String(await handler())));
    return getRequestListener(app.fetch, { errorHandler: () => new Response(undefined, { status: 500 }) });
  }),
});
