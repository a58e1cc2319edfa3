import { type Candidate, compareServers } from './compare-servers.ts';

const ours = `
  const { HttpServerMetrics, ...zeroprom } = await load('zeroprom/instrument');
  const { Registry } = await load('zeroprom');
  const metrics = new HttpServerMetrics({ registry: new Registry() });`;
const http = (listener: string) => `
  const { createServer } = await import('node:http');
  const server = createServer(${listener}).listen(0, '127.0.0.1');`;
const express = (use: string) => `
  const express = await load('express');
  const app = express();
  ${use}
  app.get('/users/:id', (request, response) => response.send('hi'));
  const server = app.listen(0, '127.0.0.1');`;
const fastify = (use: string) => `
  const { fastify } = await load('fastify');
  const app = fastify();
  ${use}
  app.get('/users/:id', async () => 'hi');
  await app.listen({ port: 0, host: '127.0.0.1' });
  const { server } = app;`;
const plain = `(request, response) => response.end('hi')`;

const candidates: readonly Candidate[] = [
  { name: 'node:http', code: http(plain) },
  {
    name: 'node:http + zeroprom',
    base: 'node:http',
    code: ours + http(`zeroprom.instrumentListener(${plain}, { metrics, route: () => '/users/:id' })`),
  },
  { name: 'express', code: express('') },
  { name: 'express + zeroprom', base: 'express', code: ours + express('app.use(zeroprom.expressMetrics(metrics));') },
  {
    name: 'express + express-prom-bundle',
    base: 'express',
    code: express(`app.use((await load('express-prom-bundle'))({ includeMethod: true, includePath: true }));`),
  },
  { name: 'fastify', code: fastify('') },
  {
    name: 'fastify + zeroprom',
    base: 'fastify',
    code: ours + fastify('await app.register(zeroprom.fastifyMetrics(metrics));'),
  },
  {
    name: 'fastify + fastify-metrics',
    base: 'fastify',
    code: fastify(
      `await app.register((await load('fastify-metrics')).default, { defaultMetrics: { enabled: false } });`,
    ),
  },
];

/** Compares the adapters of the frameworks that the checkout installs. */
export async function ofRequests(node: string): Promise<void> {
  await compareServers(candidates, node);
}
