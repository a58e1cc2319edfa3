import assert from 'node:assert/strict';
import { test } from 'node:test';
import fastify from 'fastify';
import { Registry } from '../../src/index.ts';
import { fastifyMetrics, HttpServerMetrics } from '../../src/instrument/index.ts';
import { countedWhen } from './counted.ts';

test('routes of plugins are counted by their full templates', async (t) => {
  const registry = new Registry();
  const app = fastify();
  t.after(() => app.close());
  await app.register(fastifyMetrics(new HttpServerMetrics({ registry })));
  app.get('/users/:id', async () => 'hi');
  app.register(async (inner) => void inner.get('/inner/:id', async () => 'hi'), { prefix: '/v1' });
  const url = await app.listen({ port: 0, host: '127.0.0.1' });
  const paths = ['/users/1', '/users/2', '/v1/inner/1'];
  for (const path of paths) await fetch(url + path).then((response) => response.text());
  assert.deepEqual(await countedWhen(registry, paths.length), {
    'GET /users/:id 200': 2,
    'GET /v1/inner/:id 200': 1,
  });
});

test('a request that a schema rejects is counted by its route', async (t) => {
  const registry = new Registry();
  const app = fastify();
  t.after(() => app.close());
  await app.register(fastifyMetrics(new HttpServerMetrics({ registry })));
  const schema = { params: { type: 'object', properties: { id: { type: 'integer' } } } };
  app.get('/users/:id', { schema }, async () => 'hi');
  await app.inject('/users/me');
  assert.deepEqual(await countedWhen(registry, 1), { 'GET /users/:id 400': 1 });
});

test('injected requests are counted', async (t) => {
  const registry = new Registry();
  const app = fastify();
  t.after(() => app.close());
  await app.register(fastifyMetrics(new HttpServerMetrics({ registry })));
  app.get('/users/:id', async () => 'hi');
  await app.inject('/users/1');
  assert.deepEqual(await countedWhen(registry, 1), { 'GET /users/:id 200': 1 });
});
