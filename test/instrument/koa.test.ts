import assert from 'node:assert/strict';
import { test } from 'node:test';
import Router from '@koa/router';
import Koa from 'koa';
import { Registry } from '../../src/index.ts';
import { HttpServerMetrics, koaMetrics } from '../../src/instrument/index.ts';
import { serve } from '../http/serve.ts';
import { countedWhen } from './counted.ts';

test('routes are counted with the prefix of their router', async (t) => {
  const registry = new Registry();
  const app = new Koa();
  app.use(koaMetrics(new HttpServerMetrics({ registry })));
  const router = new Router({ prefix: '/api' });
  router.get('/users/:id', (context) => {
    context.body = 'hi';
  });
  app.use(router.routes());
  const url = await serve(t, app.callback());
  const paths = ['/api/users/1', '/api/users/2', '/users/1'];
  for (const path of paths) await fetch(url + path).then((response) => response.text());
  assert.deepEqual(await countedWhen(registry, paths.length), {
    'GET /api/users/:id 200': 2,
    'GET other 404': 1,
  });
});

test('routes can be named by another router', async (t) => {
  const registry = new Registry();
  const app = new Koa<Koa.DefaultState, { name?: string }>();
  app.use(
    koaMetrics(new HttpServerMetrics({ registry }), {
      route: (context: { name?: string } & Koa.Context) => context.name,
    }),
  );
  app.use((context) => {
    context.name = '/mine';
    context.body = 'hi';
  });
  await fetch(await serve(t, app.callback()));
  assert.deepEqual(await countedWhen(registry, 1), { 'GET /mine 200': 1 });
});
