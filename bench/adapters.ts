/**
 * Measures what the adapter of each framework costs, compared with the bare framework and with the usual middleware for
 * prom-client, in one run: `npm run test:runtimes -- adapters && npx tsx bench/adapters.ts [FRAMEWORK ...] [--node=24] [--rounds=150]`.
 * The first command installs the frameworks. All servers run concurrently and take turns, so that they meet the same noise.
 */
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { nodeLine } from '../scripts/node-line.ts';
import { type Candidate, compareServers } from './runtime/compare-servers.ts';

/** Where `npm run test:runtimes` installs frameworks; those of the checkout are found from there, too. */
const PEERS = resolve('.compiled/runtimes');

const ZEROPROM = `
  const zeroprom = await load('zeroprom/instrument');
  const metrics = new zeroprom.HttpServerMetrics({ registry: new (await load('zeroprom')).Registry() });`;

/** A histogram as users of prom-client write it where no middleware is published. */
const PROM_CLIENT = `
  const { Histogram, Registry } = await load('prom-client');
  const seconds = new Histogram({
    name: 'http_request_duration_seconds', help: 'Duration.', labelNames: ['method', 'route', 'status_code'], registers: [new Registry()],
  });
  const measured = (end, method, route, status_code) => end({ method, route, status_code });`;

const LISTEN = `const server = (await import('node:http')).createServer(listener).listen(0, '127.0.0.1');`;

/** A framework with its measurements: code to insert, by the name of the library. */
interface Framework {
  readonly code: (measure: string) => string;
  readonly measurements: Readonly<Record<string, string>>;
}

const frameworks: Readonly<Record<string, Framework>> = {
  'node:http': {
    code: (measure) => `let listener = (request, response) => response.end('hi'); ${measure} ${LISTEN}`,
    measurements: {
      zeroprom: `${ZEROPROM} listener = zeroprom.instrumentListener(listener, { metrics, route: () => '/users/:id' });`,
      'prom-client': `${PROM_CLIENT} const inner = listener; listener = (request, response) => {
        const end = seconds.startTimer();
        response.once('finish', () => measured(end, request.method, '/users/:id', response.statusCode));
        inner(request, response);
      };`,
    },
  },
  express: {
    code: (measure) => `const app = (await load('express'))(); ${measure}
      app.get('/users/:id', (request, response) => response.send('hi'));
      const server = app.listen(0, '127.0.0.1');`,
    measurements: {
      zeroprom: `${ZEROPROM} app.use(zeroprom.expressMetrics(metrics));`,
      'express-prom-bundle': `app.use((await load('express-prom-bundle'))({ includeMethod: true, includePath: true }));`,
    },
  },
  fastify: {
    code: (measure) => `const app = (await load('fastify')).fastify(); ${measure}
      app.get('/users/:id', async () => 'hi');
      await app.listen({ port: 0, host: '127.0.0.1' });
      const { server } = app;`,
    measurements: {
      zeroprom: `${ZEROPROM} await app.register(zeroprom.fastifyMetrics(metrics));`,
      'fastify-metrics': `await app.register((await load('fastify-metrics')).default, { defaultMetrics: { enabled: false } });`,
    },
  },
  koa: {
    code: (measure) => `
      const app = new ((await load('koa')).default ?? (await load('koa')))();
      const loaded = await load('@koa/router');
      const router = new (loaded.default ?? loaded)();
      ${measure}
      router.get('/users/:id', (context) => { context.body = 'hi'; });
      app.use(router.routes());
      const server = app.listen(0, '127.0.0.1');`,
    measurements: {
      zeroprom: `${ZEROPROM} app.use(zeroprom.koaMetrics(metrics));`,
      'prom-client': `${PROM_CLIENT} app.use(async (context, next) => {
        const end = seconds.startTimer();
        await next();
        measured(end, context.method, context._matchedRoute, context.status);
      });`,
    },
  },
  hono: {
    code: (measure) => `
      const { Hono } = await load('hono');
      const app = new Hono(); ${measure}
      app.get('/users/:id', (context) => context.text('hi'));
      const server = (await load('@hono/node-server')).serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' });`,
    measurements: {
      zeroprom: `${ZEROPROM} app.use(zeroprom.honoMetrics(metrics));`,
      'prom-client': `${PROM_CLIENT} app.use(async (context, next) => {
        const end = seconds.startTimer();
        await next();
        measured(end, context.req.method, '/users/:id', context.res.status);
      });`,
    },
  },
  hapi: {
    code: (measure) => `
      const app = (await load('@hapi/hapi')).server({ port: 0, host: '127.0.0.1' }); ${measure}
      app.route({ method: 'GET', path: '/users/{id}', handler: () => 'hi' });
      await app.start();
      const server = app.listener;`,
    measurements: {
      zeroprom: `${ZEROPROM} await app.register(zeroprom.hapiMetrics(metrics));`,
      'prom-client': `${PROM_CLIENT}
        app.ext('onRequest', (request, toolkit) => { request.app.end = seconds.startTimer(); return toolkit.continue; });
        app.events.on('response', ({ app, method, route, response }) => measured(app.end, method, route.path, response.statusCode));`,
    },
  },
  'h3 2': {
    code: (measure) => `
      const { H3, toNodeHandler } = await load('h3');
      const app = new H3(); ${measure}
      app.get('/users/:id', () => 'hi');
      const listener = toNodeHandler(app); ${LISTEN}`,
    measurements: {
      zeroprom: `${ZEROPROM} app.use(zeroprom.h3Metrics(metrics));`,
      'prom-client': `${PROM_CLIENT} app.use(async (event, next) => {
        const end = seconds.startTimer();
        const result = await next();
        measured(end, event.req.method, event.context.matchedRoute?.route, event.res.status ?? 200);
        return result;
      });`,
    },
  },
  elysia: {
    code: (measure) => `
      const { Elysia } = await load('elysia');
      let app = new Elysia(); ${measure}
      app = app.get('/users/:id', () => 'hi');
      const server = (await load('@hono/node-server')).serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' });`,
    measurements: {
      zeroprom: `${ZEROPROM} app = app.use(zeroprom.elysiaMetrics(metrics));`,
      'prom-client': `${PROM_CLIENT} const ends = new WeakMap();
        app = app.onRequest(({ request }) => { ends.set(request, seconds.startTimer()); })
          .onAfterResponse(({ request, route, set }) => measured(ends.get(request), request.method, route, set.status ?? 200));`,
    },
  },
};

if (!existsSync(join(PEERS, 'node_modules'))) {
  throw new Error('The frameworks are not installed: run npm run test:runtimes first.');
}
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { node: { type: 'string', default: '24' }, rounds: { type: 'string', default: '150' } },
});
const names = positionals.length > 0 ? positionals : Object.keys(frameworks);
console.log(`Node.js ${values.node}`);
await compareServers(names.flatMap(candidatesOf), join(nodeLine(values.node), 'node'), PEERS, Number(values.rounds));

function candidatesOf(name: string): Candidate[] {
  const framework = frameworks[name];
  if (framework === undefined) throw new Error(`There is no framework ${name}: ${Object.keys(frameworks).join(', ')}.`);
  const measured = Object.entries(framework.measurements).map(([library, measure]) => ({
    name: `${name} + ${library}`,
    base: name,
    code: framework.code(measure),
  }));
  return [{ name, code: framework.code('') }, ...measured];
}
