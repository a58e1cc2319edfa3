/**
 * What default metrics and the instrumentation of HTTP cost: `npm run build && npx tsx bench/runtime.ts [--seconds=30]`.
 * Share of a core at rest, cost of a scrape, CPU time for a request. Programs that are compared run at the same time, or
 * take turns, so that they meet the same noise.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { parseArgs } from 'node:util';

const { values } = parseArgs({ options: { seconds: { type: 'string', default: '30' } } });
/** V8 tidies up some seconds after a program has started; that is not what is asked. */
const SETTLE_MS = 20_000;
const REQUESTS = 20_000;
const PIPELINED = 32;
const ROUNDS = 5;

const collected: Readonly<Record<string, string>> = {
  none: 'const scrape = undefined;',
  zeroprom: `
    const { Registry } = await import('./dist/index.js');
    const { collectDefaults } = await import('./dist/collectors/index.js');
    const registry = new Registry();
    collectDefaults({ registry });
    const scrape = () => registry.expose();`,
  'prom-client': `
    const { default: prom } = await import('prom-client');
    prom.collectDefaultMetrics();
    const scrape = () => prom.register.metrics();`,
};

/** Each listens on a port of its own; what is served is a short text at /users/:id. */
const ours = `const { HttpServerMetrics, ...zeroprom } = await import('./dist/instrument/index.js');
  const { Registry } = await import('./dist/index.js');
  const metrics = new HttpServerMetrics({ registry: new Registry() });`;
const http = `const { createServer } = await import('node:http');`;
const express = `const { default: express } = await import('express');
  const app = express();`;
const serveExpress = `app.get('/users/:id', (request, response) => response.send('hi'));
  const server = app.listen(0, '127.0.0.1');`;
const fastify = `const { default: fastify } = await import('fastify');
  const app = fastify();`;
const serveFastify = `app.get('/users/:id', async () => 'hi');
  await app.listen({ port: 0, host: '127.0.0.1' });
  const { server } = app;`;
const listen = (listener: string) => `const server = createServer(${listener}).listen(0, '127.0.0.1');`;
const plain = `(request, response) => response.end('hi')`;

const servers: readonly (readonly [name: string, base: string | undefined, code: string])[] = [
  ['node:http', undefined, `${http} ${listen(plain)}`],
  [
    'node:http + zeroprom',
    'node:http',
    `${http} ${ours} ${listen(`zeroprom.instrumentListener(${plain}, { metrics, route: () => '/users/:id' })`)}`,
  ],
  ['express', undefined, `${express} ${serveExpress}`],
  ['express + zeroprom', 'express', `${ours} ${express} app.use(zeroprom.expressMetrics(metrics)); ${serveExpress}`],
  [
    'express + express-prom-bundle',
    'express',
    `const { default: bundle } = await import('express-prom-bundle');
     ${express} app.use(bundle({ includeMethod: true, includePath: true })); ${serveExpress}`,
  ],
  ['fastify', undefined, `${fastify} ${serveFastify}`],
  [
    'fastify + zeroprom',
    'fastify',
    `${ours} ${fastify} await app.register(zeroprom.fastifyMetrics(metrics)); ${serveFastify}`,
  ],
  [
    'fastify + fastify-metrics',
    'fastify',
    `const { default: fastifyMetrics } = await import('fastify-metrics');
     ${fastify} await app.register(fastifyMetrics.default ?? fastifyMetrics, { defaultMetrics: { enabled: false } }); ${serveFastify}`,
  ],
];

await atRest(Number(values.seconds));
await scrapes();
await requests();
await wrapper();

async function atRest(seconds: number): Promise<void> {
  console.log(`Share of a core at rest, over ${seconds} s, all at the same time`);
  const shares = await Promise.all(
    Object.entries(collected).map(async ([name, code]) => {
      const program = `${code}
        setInterval(() => {}, 2 ** 30);
        setTimeout(() => {
          const [began, before] = [performance.now(), process.cpuUsage()];
          setTimeout(() => {
            const { user, system } = process.cpuUsage(before);
            process.send((user + system) / (performance.now() - began) / 1000);
            process.exit();
          }, ${seconds * 1000});
        }, ${SETTLE_MS});`;
      return [name, await answerOf<number>(start(program))] as const;
    }),
  );
  for (const [name, share] of shares) console.log(`  ${name.padEnd(32)} ${(share * 100).toFixed(3).padStart(9)} %`);
}

async function scrapes(): Promise<void> {
  console.log('\nA scrape of the default metrics, CPU time');
  for (const [name, code] of Object.entries(collected)) {
    if (name === 'none') continue;
    const program = `${code}
      for (let index = 0; index < 300; index++) await scrape();
      const before = process.cpuUsage();
      for (let index = 0; index < 300; index++) await scrape();
      const { user, system } = process.cpuUsage(before);
      process.send((user + system) / 300 / 1000);
      process.exit();`;
    const milliseconds = await answerOf<number>(start(program));
    console.log(`  ${name.padEnd(32)} ${milliseconds.toFixed(3).padStart(9)} ms`);
  }
}

/** What is done for a request, and nothing else: no server, no connection. */
async function wrapper(): Promise<void> {
  const program = `
    ${ours}
    const { EventEmitter } = await import('node:events');
    const socket = { bytesRead: 100, bytesWritten: 200, destroyed: false };
    class Response extends EventEmitter { statusCode = 200; writableEnded = true; writableFinished = true; }
    const route = () => '/users/:id';
    const plain = () => new Response().emit('close');
    const measured = () => {
      const response = new Response();
      metrics.track({ method: 'GET', httpVersionMajor: 1, socket }, response, route);
      response.emit('close');
    };
    const time = (call) => {
      const began = performance.now();
      for (let index = 0; index < 100_000; index++) call();
      return (performance.now() - began) * 10;
    };
    const best = (call) => Math.min(...Array.from({ length: 20 }, () => time(call)));
    process.send(best(measured) - best(plain));
    process.exit();`;
  const nanoseconds = await answerOf<number>(start(program));
  console.log(`\nThe wrapper of node:http by itself, for a request: ${nanoseconds.toFixed(0)} ns`);
}

async function requests(): Promise<void> {
  console.log(`\nA request, CPU time of the server: best of ${ROUNDS} rounds of ${REQUESTS}`);
  const found = new Map<string, number[]>();
  for (let round = 0; round < ROUNDS; round++) {
    for (const [name, , code] of servers) found.set(name, [...(found.get(name) ?? []), await costOf(code)]);
  }
  for (const [name, base] of servers) {
    const cost = Math.min(...(found.get(name) ?? []));
    const more =
      base === undefined ? '' : `${(cost - Math.min(...(found.get(base) ?? []))).toFixed(2).padStart(9)} us more`;
    console.log(`  ${name.padEnd(32)} ${cost.toFixed(2).padStart(9)} us ${more}`);
  }
}

/** Microseconds of CPU time for a request. */
async function costOf(code: string): Promise<number> {
  const program = `${code}
    if (!server.listening) await new Promise((resolve) => server.once('listening', resolve));
    let before;
    process.on('message', () => {
      const { user, system } = process.cpuUsage(before);
      before = process.cpuUsage();
      process.send(user + system);
    });
    process.send(server.address().port);`;
  const server = start(program);
  const port = await answerOf<number>(server);
  await send(port, REQUESTS);
  server.send('begin');
  await answerOf<number>(server);
  await send(port, REQUESTS);
  server.send('end');
  const microseconds = await answerOf<number>(server);
  server.kill();
  return microseconds / REQUESTS;
}

/** Sends requests over one connection, some ahead of their responses. */
async function send(port: number, count: number): Promise<void> {
  const socket = connect(port, '127.0.0.1').setEncoding('latin1');
  let [sent, answered] = [0, 0];
  const next = () => {
    sent++;
    socket.write(`GET /users/${sent} HTTP/1.1\r\nHost: a\r\n\r\n`);
  };
  while (sent < PIPELINED) next();
  await new Promise<void>((resolve, reject) => {
    socket.on('error', reject).on('data', (text: string) => {
      const responses = text.split('HTTP/1.1 200').length - 1;
      answered += responses;
      for (let index = 0; index < responses && sent < count; index++) next();
      if (answered >= count) resolve();
    });
  });
  socket.destroy();
}

function start(program: string): ChildProcess {
  return spawn(process.execPath, ['--input-type=module', '--eval', program], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
}

async function answerOf<T>(child: ChildProcess): Promise<T> {
  const [answer] = await Promise.race([
    once(child, 'message'),
    once(child, 'exit').then(([code]) => {
      throw new Error(`A program ended with ${String(code)}.`);
    }),
  ]);
  return answer;
}
