/** Error paths of the frameworks that the checkout does not install. */
import 'reflect-metadata';
import type { RequestListener } from 'node:http';
import Hapi from '@hapi/hapi';
import { getRequestListener } from '@hono/node-server';
import { type ArgumentsHost, Catch, Controller, Get, type INestApplication, Module } from '@nestjs/common';
import { HttpAdapterHost, NestFactory } from '@nestjs/core';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { Elysia } from 'elysia';
import { createSchema, createYoga } from 'graphql-yoga';
import { H3, toNodeHandler } from 'h3';
import { createApp, createRouter, eventHandler, send, setResponseStatus, toNodeListener } from 'h3-1';
import { Registry } from 'zeroprom';
import { elysiaMetrics, HttpServerMetrics, h3Metrics, hapiMetrics, yogaMetrics } from 'zeroprom/instrument';
import { ZeropromModule } from 'zeroprom/nest';
import { type FailingApplication, Handled, handlers, testErrorPaths } from '../../../test/instrument/error-paths.ts';
import { countedRequests } from './counted-requests.ts';

const paths = Object.entries(handlers).map(([name, handler]) => [`/${name}/:id`, handler] as const);

const application = (registry: Registry, listener: RequestListener): FailingApplication => ({
  listener,
  counted: async () => countedRequests((await registry.expose()).replaceAll('{id}', ':id')),
  inFlight: async () => Number(/^http_requests_in_flight (\d+)$/m.exec(await registry.expose())?.[1]),
});

const creating =
  (listenerOf: (metrics: HttpServerMetrics) => RequestListener | Promise<RequestListener>) => async () => {
    const registry = new Registry();
    return application(registry, await listenerOf(new HttpServerMetrics({ registry })));
  };

testErrorPaths({
  name: 'hapi',
  create: creating(async (metrics) => {
    const server = Hapi.server({ autoListen: false, debug: false });
    await server.register(hapiMetrics(metrics));
    server.ext('onPreResponse', ({ response }, toolkit) =>
      response instanceof Handled ? toolkit.response('handled').code(422) : toolkit.continue,
    );
    // Its lifecycle methods must return something.
    for (const [path, handler] of paths)
      server.route({
        method: 'GET',
        path: path.replace(':id', '{id}'),
        handler: async () => (await handler()) as string,
      });
    await server.initialize();
    return (request, response) => void server.listener.emit('request', request, response);
  }),
});

testErrorPaths({
  name: 'h3 1',
  crashes: ['throwsUndefined', 'rejectsUndefined', 'rejectsNull'],
  create: creating((metrics) => {
    const app = createApp({
      onError: async (error, event) => {
        if (!(error.cause instanceof Handled)) return;
        setResponseStatus(event, 422);
        await send(event, 'handled');
      },
    });
    app.use(h3Metrics(metrics));
    const router = createRouter();
    for (const [path, handler] of paths) {
      router.get(
        path,
        eventHandler(() => handler()),
      );
    }
    app.use(router);
    return toNodeListener(app);
  }),
});

const newH3 = (metrics: HttpServerMetrics) => {
  const app = new H3({
    silent: true,
    onError: (error) => (error.cause instanceof Handled ? new Response('handled', { status: 422 }) : undefined),
  });
  app.use(h3Metrics(metrics));
  for (const [path, handler] of paths) app.get(path, () => handler());
  return app;
};

testErrorPaths({
  name: 'h3 2',
  create: creating((metrics) => toNodeHandler(newH3(metrics)) as unknown as RequestListener),
});

testErrorPaths({
  name: 'h3 2 without node:http messages',
  handledAs: 500,
  seesEnd: false,
  create: creating((metrics) => {
    const app = newH3(metrics);
    return async ({ url }, response) => {
      const result = await app.fetch(new Request(`http://localhost${url}`));
      response.writeHead(result.status).end(await result.text());
    };
  }),
});

testErrorPaths({
  name: 'elysia',
  seesEnd: false,
  create: creating((metrics) => {
    const app = new Elysia().use(elysiaMetrics(metrics)).onError(({ error, status }) => {
      return error instanceof Handled ? status(422, 'handled') : undefined;
    });
    for (const [path, handler] of paths) app.get(path, () => handler());
    return getRequestListener(app.fetch, { errorHandler: () => new Response(undefined, { status: 500 }) });
  }),
});

testErrorPaths({
  name: 'yoga',
  path: (name) => `/graphql?query={${name}}`,
  route: '/graphql',
  // Errors of resolvers are part of the result.
  status: 200,
  statuses: { throwsHandled: 200, rejectsHandled: 200 },
  create: creating((metrics) => {
    const fields = Object.keys(handlers).map((name) => `${name}: String`);
    const schema = createSchema({ typeDefs: `type Query { ${fields.join(' ')} }`, resolvers: { Query: handlers } });
    const yoga = createYoga({ schema, logging: false, plugins: [yogaMetrics(metrics)] });
    return yoga;
  }),
});

class Failing {}
for (const [name, handler] of Object.entries(handlers)) {
  Object.defineProperty(Failing.prototype, name, { value: handler, configurable: true, writable: true });
  const descriptor = Object.getOwnPropertyDescriptor(Failing.prototype, name);
  if (descriptor !== undefined) Get(`/${name}/:id`)(Failing.prototype, name, descriptor);
}
Controller()(Failing);

/** An exception filter that answers. */
class HandledFilter {
  readonly #host: HttpAdapterHost;

  constructor(host: HttpAdapterHost) {
    this.#host = host;
  }

  catch(_error: unknown, host: ArgumentsHost): void {
    this.#host.httpAdapter.reply(host.switchToHttp().getResponse(), 'handled', 422);
  }
}
Catch(Handled)(HandledFilter);

for (const [name, newAdapter] of [
  ['nest on express', () => new ExpressAdapter()],
  ['nest on fastify', () => new FastifyAdapter()],
] as const) {
  testErrorPaths({
    name,
    create: async () => {
      const registry = new Registry();
      class AppModule {}
      Module({ imports: [ZeropromModule.forRoot({ registry })], controllers: [Failing] })(AppModule);
      const app: INestApplication = await NestFactory.create(AppModule, newAdapter(), { logger: false });
      app.useGlobalFilters(new HandledFilter(app.get(HttpAdapterHost)));
      await app.init();
      const adapter = app.getHttpAdapter();
      if (adapter instanceof FastifyAdapter) await adapter.getInstance().ready();
      const instance = adapter.getInstance();
      return application(registry, adapter instanceof FastifyAdapter ? instance.routing : instance);
    },
  });
}
