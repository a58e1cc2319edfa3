import { connect } from 'node:net';
import { Program } from './program.ts';

const WARM_UP = 20_000;
/** Many short rounds, so that most disturbed ones can be left out. */
const REQUESTS = 400;
const ROUNDS = 150;
const PIPELINED = 32;

/** A server and the one that it is compared with. Each answers /users/:id with a short text and defines `server`. */
interface Candidate {
  readonly name: string;
  readonly base?: string;
  readonly code: string;
}

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

/** CPU time of a server per request: the lower quartile of the rounds. All servers run and take turns. */
export async function ofRequests(node: string): Promise<void> {
  console.log(`\nA request, CPU time of the server: lower quartile of ${ROUNDS} rounds of ${REQUESTS}, taking turns`);
  const servers = await Promise.all(candidates.map(({ code }) => Server.start(code, node)));
  const costs = new Map<string, number[]>(candidates.map(({ name }) => [name, []]));
  for (let round = 0; round < ROUNDS; round++) {
    for (const [index, { name }] of candidates.entries()) costs.get(name)?.push(await servers[index]!.costOf(REQUESTS));
  }
  for (const server of servers) server.end();
  for (const { name, base = '' } of candidates) {
    const cost = lowerQuartile(costs.get(name));
    console.log(
      `  ${name.padEnd(32)} ${cost.toFixed(2).padStart(7)} us${comparison(cost, lowerQuartile(costs.get(base)))}`,
    );
  }
}

function comparison(cost: number, base: number): string {
  if (Number.isNaN(base)) return '';
  return `  ${(cost - base).toFixed(2).padStart(7)} us more, ${(cost / base).toFixed(3)} times`;
}

class Server {
  readonly #program: Program;
  readonly #port: number;

  private constructor(program: Program, port: number) {
    this.#program = program;
    this.#port = port;
  }

  /** Starts it and warms it up. */
  static async start(code: string, node: string): Promise<Server> {
    const program = new Program(
      `${code}
      if (!server.listening) await new Promise((resolve) => server.once('listening', resolve));
      process.on('message', () => answer(cpuMicroseconds()));
      answer(server.address().port);`,
      node,
    );
    const server = new Server(program, await program.answer());
    await server.costOf(WARM_UP);
    return server;
  }

  /** Returns microseconds of CPU time per request. */
  async costOf(requests: number): Promise<number> {
    const before = await this.#program.ask();
    await send(this.#port, requests);
    return ((await this.#program.ask()) - before) / requests;
  }

  end(): void {
    this.#program.end();
  }
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
  for await (const text of socket) {
    const responses = text.split('HTTP/1.1 200').length - 1;
    answered += responses;
    for (let index = 0; index < responses && sent < count; index++) next();
    if (answered >= count) return;
  }
  throw new Error('The server closed the connection.');
}

function lowerQuartile(values: readonly number[] = []): number {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.floor(sorted.length / 4)] ?? Number.NaN;
}
