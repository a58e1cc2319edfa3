import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { test } from 'node:test';
import fastify from 'fastify';
import { Registry } from '../../src/index.ts';
import { fastifyMetrics, HttpServerMetrics } from '../../src/instrument/index.ts';
import { countedWhen } from './counted.ts';

test('routes are counted by their templates, with errors, streams and what is not found', async (t) => {
  const registry = new Registry();
  const app = fastify();
  t.after(() => app.close());
  await app.register(fastifyMetrics(new HttpServerMetrics({ registry })));
  app.get('/users/:id', async () => 'hi');
  app.get('/throws/:id', async () => {
    throw new Error('It is broken.');
  });
  app.get('/stream', (_, reply) => reply.send(Readable.from(['a', 'b'])));
  app.register(async (inner) => void inner.get('/inner/:id', async () => 'hi'), { prefix: '/v1' });
  const url = await app.listen({ port: 0, host: '127.0.0.1' });
  const paths = ['/users/1', '/users/2', '/throws/1', '/stream', '/v1/inner/1', '/nowhere/1', '/nowhere/2'];
  for (const path of paths) await fetch(url + path).then((response) => response.text());
  assert.deepEqual(await countedWhen(registry, paths.length), {
    'GET /users/:id 200': 2,
    'GET /throws/:id 500': 1,
    'GET /stream 200': 1,
    'GET /v1/inner/:id 200': 1,
    'GET other 404': 2,
  });
});

test('requests that are injected are counted', async (t) => {
  const registry = new Registry();
  const app = fastify();
  t.after(() => app.close());
  await app.register(fastifyMetrics(new HttpServerMetrics({ registry })));
  app.get('/users/:id', async () => 'hi');
  await app.inject('/users/1');
  assert.deepEqual(await countedWhen(registry, 1), { 'GET /users/:id 200': 1 });
});
