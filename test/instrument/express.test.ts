import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import express, { type Express, type NextFunction, type Request, type Response, Router } from 'express';
import { Registry } from '../../src/index.ts';
import { expressMetrics, HttpServerMetrics } from '../../src/instrument/index.ts';
import { serve } from '../http/serve.ts';
import { countedWhen } from './counted.ts';

function setUp(build: (app: Express) => void) {
  const registry = new Registry();
  const app = express();
  app.use(expressMetrics(new HttpServerMetrics({ registry })));
  build(app);
  return { registry, app };
}

async function counted(t: TestContext, build: (app: Express) => void, paths: readonly string[]) {
  const { registry, app } = setUp(build);
  const url = await serve(t, app);
  for (const path of paths) await fetch(url + path).then((response) => response.text());
  return countedWhen(registry, paths.length);
}

const answer = (_: Request, response: Response) => void response.send('hi');

test('routes are counted by their templates', async (t) => {
  const build = (app: Express) => {
    app.get('/', answer);
    app.get('/users/:id', answer);
    app.get(/^\/files\/.*/, answer);
    app.get(['/a', '/b'], answer);
  };
  assert.deepEqual(await counted(t, build, ['/', '/users/1', '/users/2', '/files/x', '/b', '/nowhere', '/users/1/x']), {
    'GET / 200': 1,
    'GET /users/:id 200': 2,
    'GET /^\\\\/files\\\\/.*/ 200': 1,
    'GET /a|/b 200': 1,
    'GET other 404': 2,
  });
});

test('nested routers add their templates, including parameters', async (t) => {
  const build = (app: Express) => {
    const posts = Router();
    posts.get('/:post', answer);
    posts.get('/', answer);
    const users = Router();
    users.use('/:user/posts', posts);
    users.get('/', answer);
    app.use('/api', Router().use('/users', users));
  };
  const paths = [
    '/api/users',
    '/api/users/1/posts',
    '/api/users/2/posts',
    '/api/users/1/posts/7',
    '/API/Users/9/posts/8',
  ];
  assert.deepEqual(await counted(t, build, paths), {
    'GET /api/users 200': 1,
    'GET /api/users/:user/posts 200': 2,
    'GET /api/users/:user/posts/:post 200': 2,
  });
});

test('a mounted application adds the template of its mount', async (t) => {
  const build = (app: Express) => {
    const inner = express();
    inner.get('/items/:id', answer);
    inner.use('/deep/:level', Router().get('/end', answer));
    app.use('/tenants/:tenant', inner);
  };
  assert.deepEqual(await counted(t, build, ['/tenants/a/items/1', '/tenants/b/items/2', '/tenants/c/deep/3/end']), {
    'GET /tenants/:tenant/items/:id 200': 2,
    'GET /tenants/:tenant/deep/:level/end 200': 1,
  });
});

test('parameters within a segment do not expose the URL', async (t) => {
  const build = (app: Express) => void app.use('/from-:a-to-:b', Router().get('/x', answer));
  assert.deepEqual(await counted(t, build, ['/from-1-to-2/x', '/from-3-to-4/x']), { 'GET /:a/:b/x 200': 2 });
});

test('errors are counted by their route: thrown, rejected or passed to next()', async (t) => {
  const build = (app: Express) => {
    const router = Router();
    router.get('/throws/:id', () => {
      throw new Error('It is broken.');
    });
    router.get('/rejects/:id', () => Promise.reject(new Error('It is broken.')));
    router.get('/next/:id', (_request, _response, next) => next(new Error('It is broken.')));
    app.use('/:version', router);
    app.use(
      (_error: Error, _request: Request, response: Response, _next: NextFunction) => void response.sendStatus(503),
    );
  };
  assert.deepEqual(await counted(t, build, ['/v1/throws/1', '/v2/rejects/1', '/v3/next/1']), {
    'GET /:version/throws/:id 503': 1,
    'GET /:version/rejects/:id 503': 1,
    'GET /:version/next/:id 503': 1,
  });
});

test('handlers see request.route, whether measured or not', async (t) => {
  const registry = new Registry();
  const app = express();
  const tell = (request: Request, response: Response) => void response.send(request.route.path);
  app.use('/measured', expressMetrics(new HttpServerMetrics({ registry })));
  app.get('/measured/:id', tell);
  app.get('/other/:id', tell);
  const url = await serve(t, app);
  for (const path of ['/other/:id', '/measured/:id', '/other/:id']) {
    assert.equal(await (await fetch(url + path.replace(':id', '1'))).text(), path);
  }
  assert.deepEqual(await countedWhen(registry, 1), { 'GET /measured/:id 200': 1 });
});

test('two metrics in two registries both know the route', async (t) => {
  const registries = [new Registry(), new Registry()];
  const app = express();
  for (const registry of registries) app.use(expressMetrics(new HttpServerMetrics({ registry })));
  app.get('/users/:id', answer);
  await fetch(`${await serve(t, app)}/users/1`);
  for (const registry of registries) assert.deepEqual(await countedWhen(registry, 1), { 'GET /users/:id 200': 1 });
});

test('a request answered by middleware has no route', async (t) => {
  const build = (app: Express) => void app.use('/static', (_, response) => void response.send('a file'));
  assert.deepEqual(await counted(t, build, ['/static/logo.png']), { 'GET other 200': 1 });
});
