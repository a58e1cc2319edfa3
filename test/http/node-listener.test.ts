import assert from 'node:assert/strict';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import { connect } from 'node:net';
import { test } from 'node:test';
import express from 'express';
import fastify from 'fastify';
import { Hono } from 'hono';
import Koa from 'koa';
import { probeHandler, withLinger } from '../../src/http.ts';
import { Gauge, metricsFetchHandler, metricsHandler, Registry } from '../../src/index.ts';
import { serve } from './serve.ts';

const registry = new Registry();
new Gauge({ name: 'temperature_celsius', help: 'Temperature.', registry }).set(21.5);
const SAMPLE = /^temperature_celsius 21\.5$/m;
const RAW = /request\.raw and reply\.raw in Fastify, ctx\.req and ctx\.res in Koa/;

const handlers = {
  'metricsHandler()': () => metricsHandler({ registry }),
  'withLinger()': () => withLinger(metricsHandler({ registry })).handler,
  'probeHandler()': () =>
    probeHandler({
      defaultModule: 'self',
      modules: {
        self: {
          probe: ({ registry: own }) => {
            new Gauge({ name: 'temperature_celsius', help: 'Temperature.', registry: own }).set(21.5);
            return true;
          },
        },
      },
    }),
};

for (const [name, create] of Object.entries(handlers)) {
  test(`the listener of ${name} is still a RequestListener`, () => {
    const listener: RequestListener = create();
    assert.equal(listener.length, 2);
  });

  for (const method of ['GET', 'HEAD', 'DELETE']) {
    test(`${name} returns a promise that resolves once the response to ${method} has been sent`, async (t) => {
      const handler = create();
      const states: (boolean | undefined)[] = [];
      const url = await serve(t, async (request, response) => {
        const result: unknown = await handler(request, response);
        states.push(result === undefined, response.writableFinished);
      });
      const response = await fetch(`${url}/?target=x`, { method });
      if (method === 'GET') assert.match(await response.text(), SAMPLE);
      await new Promise((resolve) => setImmediate(resolve));
      assert.deepEqual(states, [true, true]);
    });
  }

  test(`${name} takes the request and the reply of Fastify`, async (t) => {
    const app = fastify();
    t.after(() => app.close());
    const handler = create();
    app.get('/metrics', (request, reply) => handler(request, reply));
    app.get('/callback', (request, reply) => {
      void handler(request, reply);
    });
    app.get('/raw', (request, reply) => {
      reply.hijack();
      return handler(request.raw, reply.raw);
    });
    const url = await app.listen({ port: 0, host: '127.0.0.1' });
    for (const path of ['metrics', 'callback', 'raw']) {
      assert.match(await (await fetch(`${url}/${path}?target=x`)).text(), SAMPLE, path);
    }
    const injected = await app.inject('/metrics?target=x');
    assert.match(injected.payload, SAMPLE);
  });

  test(`${name} takes the request and the response of Express`, async (t) => {
    const app = express();
    app.get('/metrics', create());
    assert.match(await (await fetch(`${await serve(t, app)}/metrics?target=x`)).text(), SAMPLE);
  });

  test(`${name} rejects the request of Koa and names those to pass`, async (t) => {
    const app = new Koa();
    const handler = create();
    const errors: Error[] = [];
    app.on('error', (error) => errors.push(error));
    // As in plain JavaScript, where the compiler does not object.
    const call = handler as unknown as (request: unknown, response: unknown) => Promise<void>;
    app.use((context) => call(context.request, context.response));
    const response = await fetch(`${await serve(t, app.callback())}/?target=x`);
    assert.equal(response.status, 500);
    assert.ok(errors[0] instanceof TypeError);
    assert.match(errors[0].message, RAW);
  });

  for (const [kind, value] of Object.entries({
    nothing: undefined,
    null: null,
    'an empty object': {},
    'a Request': new Request('http://localhost/metrics'),
    'request.raw of hapi': { raw: { req: {}, res: {} } },
  })) {
    test(`${name} rejects ${kind} with a TypeError`, () => {
      const call = create() as unknown as (request: unknown, response?: unknown) => void;
      assert.throws(() => call(value, value), { name: 'TypeError', message: RAW });
    });
  }
}

test('the promise of the handler resolves when the client has disconnected', async (t) => {
  const slow = new Registry();
  let began = () => {};
  const asked = new Promise<void>((resolve) => {
    began = resolve;
  });
  slow.register({
    name: 'slow',
    collect: () => {
      began();
      return new Promise(() => {});
    },
  });
  const handler = metricsHandler({ registry: slow });
  let settled: Promise<void> = Promise.reject(new Error('The handler was not called.'));
  settled.catch(() => {});
  const url = await serve(t, (request: IncomingMessage, response: ServerResponse) => {
    settled = handler(request, response);
  });
  const socket = connect(Number(new URL(url).port), '127.0.0.1', () => {
    socket.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n');
  });
  await asked;
  socket.destroy();
  await settled;
});

test('the promise of the handler resolves if the registry fails', async (t) => {
  const handler = metricsHandler({ registry: { gather: () => Promise.reject(new Error('broken')) } });
  const ended: number[] = [];
  const server = createServer(async (request, response) => {
    await handler(request, response);
    ended.push(response.statusCode);
  });
  const url = await serve(t, (request, response) => void server.emit('request', request, response));
  await (await fetch(url)).text();
  await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual(ended, [500]);
});

test('metricsFetchHandler() rejects other objects than a Request and names the one to pass', async () => {
  const handler = metricsFetchHandler({ registry }) as unknown as (request: unknown) => Promise<Response>;
  const app = new Hono();
  let thrown: unknown;
  app.onError((error, context) => {
    thrown = error;
    return context.text('failed', 500);
  });
  app.get('/wrong', (context) => handler(context.req));
  app.get('/right', (context) => handler(context.req.raw));
  assert.equal((await app.request('/wrong')).status, 500);
  assert.ok(thrown instanceof TypeError);
  assert.match(thrown.message, /c\.req\.raw in Hono.*metricsHandler\(\)/);
  assert.match(await (await app.request('/right')).text(), SAMPLE);
  for (const value of [undefined, null, {}, { headers: {}, url: '/' }, 'http://localhost']) {
    await assert.rejects(handler(value), TypeError);
  }
});
