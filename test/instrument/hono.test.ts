import assert from 'node:assert/strict';
import { test } from 'node:test';
import { getRequestListener } from '@hono/node-server';
import { Hono } from 'hono';
import { Registry } from '../../src/index.ts';
import { HttpServerMetrics, honoMetrics } from '../../src/instrument/index.ts';
import { serve } from '../http/serve.ts';
import { countedBy, countedWhen } from './counted.ts';

function setUp() {
  const registry = new Registry();
  const app = new Hono();
  app.use(honoMetrics(new HttpServerMetrics({ registry })));
  const users = new Hono();
  users.get('/:id', (context) => context.text('hi'));
  app.route('/users', users);
  app.get('/throws/:id', () => {
    throw new Error('It is broken.');
  });
  app.onError((_, context) => context.text('sorry', 503));
  return { registry, app };
}

const paths = ['/users/1', '/users/2', '/throws/1', '/nowhere/1', '/nowhere/2'];
const expected = { 'GET /users/:id 200': 2, 'GET /throws/:id 503': 1, 'GET other 404': 2 };

test('routes, errors and unknown paths are counted by template', async () => {
  const { registry, app } = setUp();
  for (const path of paths) await app.request(path);
  assert.deepEqual(await countedBy(registry), expected);
});

test('it works the same on a Node.js server', async (t) => {
  const { registry, app } = setUp();
  const url = await serve(t, getRequestListener(app.fetch));
  for (const path of paths) await fetch(url + path).then((response) => response.text());
  assert.deepEqual(await countedWhen(registry, paths.length), expected);
});
