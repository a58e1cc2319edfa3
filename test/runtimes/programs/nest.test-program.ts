/** The module for NestJS on Express and on Fastify. */
import 'reflect-metadata';
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import {
  Body,
  type CanActivate,
  Controller,
  Get,
  type INestApplication,
  Inject,
  Module,
  Param,
  Post,
  UseGuards,
} from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { Counter, Registry } from 'zeroprom';
import { HttpServerMetrics } from 'zeroprom/instrument';
import { metricProvider, ZeropromModule, type ZeropromModuleOptions } from 'zeroprom/nest';
import { freePort } from '../../../test/free-port.ts';
import { countedRequests } from './counted-requests.ts';

class Closed implements CanActivate {
  canActivate(): boolean {
    return false;
  }
}

@Controller('users')
class UsersController {
  readonly #seen: Counter;

  constructor(@Inject('users_seen_total') seen: Counter) {
    this.#seen = seen;
  }

  @Get(':id')
  find(@Param('id') id: string): string {
    this.#seen.inc();
    return `user ${id}`;
  }

  @Get(':id/secret')
  @UseGuards(new Closed())
  secret(): string {
    return 'secret';
  }

  @Get(':id/broken')
  broken(): never {
    throw new Error('It is broken.');
  }

  @Post()
  create(@Body() body: unknown): unknown {
    return body;
  }
}

const seen = metricProvider(
  'users_seen_total',
  (registry) => new Counter({ name: 'users_seen_total', help: 'Total number of users seen.', registry }),
);

const platforms = { Express: () => new ExpressAdapter(), Fastify: () => new FastifyAdapter() };

function start(t: TestContext, platform: keyof typeof platforms, options: ZeropromModuleOptions) {
  return startWith(t, platform, ZeropromModule.forRoot(options));
}

async function startWith(
  t: TestContext,
  platform: keyof typeof platforms,
  definition: ReturnType<typeof ZeropromModule.forRoot>,
) {
  @Module({ imports: [definition], controllers: [UsersController], providers: [seen] })
  class AppModule {}
  const app: INestApplication = await NestFactory.create(AppModule, platforms[platform](), {
    logger: false,
    abortOnError: false,
  });
  app.setGlobalPrefix('api');
  await app.listen(0, '127.0.0.1');
  let closed: Promise<void> | undefined;
  const close = () => {
    closed ??= app.close(); // Fastify does not close twice.
    return closed;
  };
  t.after(close);
  return { close, url: await app.getUrl() };
}

const send = async (url: string, init?: RequestInit) => {
  const response = await fetch(url, { ...init, headers: { ...init?.headers, connection: 'close' } });
  return { status: response.status, text: await response.text() };
};

for (const platform of ['Express', 'Fastify'] as const) {
  test(`${platform}: requests are measured by route, also those that a guard rejects or whose body is malformed`, async (t) => {
    const registry = new Registry();
    const { url } = await start(t, platform, { registry });
    for (const path of ['1', '2', '1/secret', '1/broken']) await send(`${url}/api/users/${path}`);
    const json = { 'content-type': 'application/json' };
    assert.equal((await send(`${url}/api/users`, { method: 'POST', body: '{', headers: json })).status, 400);
    assert.equal((await send(`${url}/api/users`, { method: 'POST', body: '{}', headers: json })).status, 201);
    assert.equal((await send(`${url}/nowhere`)).status, 404);
    const { status, text } = await send(`${url}/metrics`);
    assert.equal(status, 200);
    assert.deepEqual(countedRequests(text), {
      'GET /api/users/:id 200': 2,
      'GET /api/users/:id/secret 403': 1,
      'GET /api/users/:id/broken 500': 1,
      // Express parses the body before it knows the route.
      [platform === 'Express' ? 'POST other 400' : 'POST /api/users 400']: 1,
      'POST /api/users 201': 1,
      'GET other 404': 1,
    });
    assert.match(text, /^users_seen_total 2$/m);
  });

  test(`${platform}: the path of the metrics can be chosen`, async (t) => {
    const { url } = await start(t, platform, { registry: new Registry(), path: '/internal/metrics' });
    assert.match((await send(`${url}/internal/metrics`)).text, /^users_seen_total 0$/m);
    assert.equal((await send(`${url}/metrics`)).status, 404);
  });

  test(`${platform}: with a port of its own, the application does not serve the metrics`, async (t) => {
    const port = await freePort();
    const { close, url } = await start(t, platform, { registry: new Registry(), port, host: '127.0.0.1' });
    await send(`${url}/api/users/1`);
    assert.equal((await send(`${url}/metrics`)).status, 404);
    const own = `http://127.0.0.1:${port}`;
    assert.match((await send(`${own}/metrics`)).text, /^users_seen_total 1$/m);
    assert.equal((await send(`${own}/other`)).status, 404);
    await close();
    await assert.rejects(send(`${own}/metrics`));
  });

  test(`${platform}: requests are not measured if http is false`, async (t) => {
    const { url } = await start(t, platform, { registry: new Registry(), http: false });
    await send(`${url}/api/users/1`);
    const { text } = await send(`${url}/metrics`);
    assert.match(text, /^users_seen_total 1$/m);
    assert.doesNotMatch(text, /^http_request/m);
  });

  for (const [what, http] of Object.entries({ 'without options': {}, 'with options': { http: { maxRoutes: 1 } } })) {
    test(`${platform}: two applications in one process, ${what}, share a registry until the last one has closed`, async (t) => {
      const registry = new Registry();
      const definition = ZeropromModule.forRoot({ registry, ...http });
      const [first, second] = [await startWith(t, platform, definition), await startWith(t, platform, definition)];
      for (const { url } of [first, second]) await send(`${url}/api/users/1`);
      const { text } = await send(`${second.url}/metrics`);
      assert.deepEqual(countedRequests(text), { 'GET /api/users/:id 200': 2 });
      assert.match(text, /^users_seen_total 2$/m);
      await first.close();
      assert.match((await send(`${second.url}/metrics`)).text, /^http_requests_in_flight 0$/m);
      await second.close();
      assert.doesNotMatch(await registry.expose(), /^http_/m);
    });
  }

  test(`${platform}: two applications can share the metrics of their requests, and a closed one frees its names`, async (t) => {
    const registry = new Registry();
    const http = new HttpServerMetrics({ registry });
    const [first, second] = [
      await start(t, platform, { registry: new Registry(), http }),
      await start(t, platform, { registry: new Registry(), http }),
    ];
    for (const { url } of [first, second]) await send(`${url}/api/users/1`);
    assert.deepEqual(countedRequests(await registry.expose()), { 'GET /api/users/:id 200': 2 });
    const own = new Registry();
    const options = { registry: own };
    const { close } = await start(t, platform, options);
    await close();
    own.unregister('users_seen_total');
    const again = await start(t, platform, options);
    assert.match((await send(`${again.url}/metrics`)).text, /^users_seen_total 0$/m);
  });
}

test('an application context without a server has the metrics', async () => {
  const registry = new Registry();
  @Module({ imports: [ZeropromModule.forRoot({ registry })], providers: [seen] })
  class AppModule {}
  const app = await NestFactory.createApplicationContext(AppModule, { logger: false, abortOnError: false });
  app.get<Counter>('users_seen_total').inc();
  assert.match(await registry.expose(), /^users_seen_total 1$/m);
  await app.close();
});
