import { connect } from 'node:net';
import { Program } from './program.ts';

const WARM_UP = 20_000;
/** Many short rounds, so that most disturbed ones can be left out. */
const REQUESTS = 400;
const ROUNDS = 150;
const PIPELINED = 32;

/** A server and the one that it is compared with. Each answers /users/:id with a short text and defines `server`. */
export interface Candidate {
  readonly name: string;
  readonly base?: string;
  readonly code: string;
}

/**
 * Prints the CPU time of each server per request: the lower quartile of the rounds, 150 by default. All servers run and take turns. `peers`
 * is a folder whose packages they load.
 */
export async function compareServers(
  candidates: readonly Candidate[],
  node: string,
  peers?: string,
  rounds = ROUNDS,
): Promise<void> {
  console.log(`\nA request, CPU time of the server: lower quartile of ${rounds} rounds of ${REQUESTS}, taking turns`);
  const servers = await Promise.all(candidates.map(({ code }) => Server.start(code, node, peers)));
  const costs = new Map<string, number[]>(candidates.map(({ name }) => [name, []]));
  for (let round = 0; round < rounds; round++) {
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
  static async start(code: string, node: string, peers?: string): Promise<Server> {
    const program = new Program(
      `${code}
      if (!server.listening) await new Promise((resolve) => server.once('listening', resolve));
      process.on('message', () => answer(cpuMicroseconds()));
      answer(server.address().port);`,
      node,
      peers,
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
    // Elysia does not find the path in URLs with a shorter host.
    socket.write(`GET /users/${sent} HTTP/1.1\r\nHost: localhost\r\n\r\n`);
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
