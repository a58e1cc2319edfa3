/** A proxy between a writer and a receiver that fails in many ways, and records which samples it has passed on and refused. */
import { once } from 'node:events';
import {
  Agent,
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  request,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import snappyjs from 'snappyjs';
import { pick, type Random } from '../../random.ts';
import { type DecodedSeries, decodeBody, nameOf } from './decode-request.ts';

interface Incoming {
  readonly version: '1.0' | '2.0';
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  readonly series: readonly DecodedSeries[];
}

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
}

type Fault = (incoming: Incoming, response: ServerResponse) => Promise<void>;

const WRITTEN = 'x-prometheus-remote-write-samples-written';
const SLOWEST_MS = 400;
/** End of the texts of staleness markers. */
export const STALE = ' stale';

export class ChaosProxy {
  readonly url: string;
  /** Samples that the receiver has acknowledged to the proxy, by series and time. */
  readonly stored = new Set<string>();
  /** Samples that the writer was told are rejected. */
  readonly refused = new Set<string>();
  /** Number of requests by fault. */
  readonly faults = new Map<string, number>();
  /** Whether to pass on everything. */
  isCalm = false;
  readonly #upstream: string;
  readonly #random: Random;
  readonly #agent = new Agent({ keepAlive: true });
  readonly #inFlight = new Set<Promise<unknown>>();

  static async start(t: TestContext, upstream: string, random: Random): Promise<ChaosProxy> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const proxy = new ChaosProxy(server, upstream, random);
    t.after(() => {
      server.closeAllConnections();
      server.close();
      proxy.#agent.destroy();
    });
    return proxy;
  }

  private constructor(server: Server, upstream: string, random: Random) {
    const { port } = server.address() as AddressInfo; // It listens on a port.
    this.url = `http://127.0.0.1:${port}/api/v1/write`;
    this.#upstream = upstream;
    this.#random = random;
    server.on('request', (incoming, response) => {
      const handled = this.#handle(incoming, response)
        .catch(() => response.destroy()) // The writer has gone.
        .finally(() => this.#inFlight.delete(handled));
      this.#inFlight.add(handled);
    });
  }

  /** Resolves when all requests have been passed on, including those that the writer has abandoned. */
  async settled(): Promise<void> {
    await Promise.all(this.#inFlight);
  }

  async #handle(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const [name, fault] = this.#nextFault();
    this.faults.set(name, (this.faults.get(name) ?? 0) + 1);
    if (name === 'cut in the request') {
      incoming.socket.destroy();
      return;
    }
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk);
    const version = incoming.headers['x-prometheus-remote-write-version'] === '2.0.0' ? '2.0' : '1.0';
    const body = Buffer.concat(chunks);
    const { series } = decodeBody(version, body);
    await fault({ version, headers: incoming.headers, body, series }, response);
  }

  #nextFault(): readonly [name: string, fault: Fault] {
    const pass: Fault = async (incoming, response) => reply(response, await this.#forward(incoming));
    if (this.isCalm || this.#random(10) < 5) return ['none', pass];
    const answer =
      (status: number, headers: Record<string, string> = {}): Fault =>
      async (_incoming, response) =>
        reply(response, { status, headers });
    const faults: readonly (readonly [string, Fault])[] = [
      ['429', answer(429)],
      ['429 with Retry-After', answer(429, { 'retry-after': '0' })],
      ['500', answer(500)],
      ['503 with Retry-After', answer(503, { 'retry-after': 'soon' })],
      ['cut in the request', pass],
      ['cut before the receiver', async (_incoming, response) => void response.destroy()],
      [
        'cut after the receiver',
        async (incoming, response) => {
          await this.#forward(incoming);
          response.destroy();
        },
      ],
      [
        'stored, and 503',
        async (incoming, response) => {
          await this.#forward(incoming);
          reply(response, { status: 503, headers: {} });
        },
      ],
      [
        'duplicate',
        async (incoming, response) => {
          const answers = await Promise.all([this.#forward(incoming), this.#forward(incoming)]);
          reply(response, pick(this.#random, answers));
        },
      ],
      [
        'slow',
        async (incoming, response) => {
          await wait(this.#random(SLOWEST_MS));
          await pass(incoming, response);
        },
      ],
      [
        'cut in the answer',
        async (incoming, response) => {
          const { status, headers } = await this.#forward(incoming);
          response.writeHead(status === 204 ? 200 : status, { ...writtenIn(headers), 'content-length': '100' });
          response.write('cut', () => response.destroy());
        },
      ],
      ['redirect', (incoming, response) => this.#refuse(incoming, response, 0, 307)],
      ['partial write', (incoming, response) => this.#writePart(incoming, response)],
    ];
    return pick(this.#random, faults);
  }

  /** Passes on the first half, and refuses the rest. */
  async #writePart(incoming: Incoming, response: ServerResponse): Promise<void> {
    const half = Math.floor(incoming.series.length / 2);
    const answer = await this.#forward({
      ...incoming,
      body: firstSeries(incoming, half),
      series: incoming.series.slice(0, half),
    });
    // Without the header, the writer cannot know that a part was stored.
    const written = Number(answer.headers[WRITTEN] ?? 0);
    await this.#refuse(incoming, response, written, 400);
  }

  async #refuse({ series }: Incoming, response: ServerResponse, written: number, status: number): Promise<void> {
    for (const each of series.slice(written)) this.refused.add(sampleOf(each));
    reply(response, { status, headers: { [WRITTEN]: String(written), location: 'http://127.0.0.1:1/' } });
  }

  async #forward({ version, headers, body, series }: Incoming): Promise<Answer> {
    const { host: _host, 'content-length': _length, connection: _connection, ...others } = headers;
    const sent = request(this.#upstream, { method: 'POST', headers: others, agent: this.#agent }).end(body);
    const [response] = await once(sent, 'response');
    response.resume();
    const answer: Answer = { status: response.statusCode, headers: response.headers };
    const isStored = answer.status < 300 && (version === '1.0' || answer.headers[WRITTEN] !== undefined);
    if (isStored) for (const each of series) this.stored.add(sampleOf(each));
    return answer;
  }
}

function sampleOf(series: DecodedSeries): string {
  const [sample] = series.samples;
  return `${nameOf(series)} ${sample?.timestamp}${sample?.isStale ? STALE : ''}`;
}

function reply(response: ServerResponse, { status, headers }: Answer): void {
  const { location, 'retry-after': retryAfter } = headers;
  const others = { location, 'retry-after': retryAfter };
  for (const [name, value] of Object.entries({ ...writtenIn(headers), ...others })) {
    if (value !== undefined) response.setHeader(name, value);
  }
  response.writeHead(status).end();
}

function writtenIn(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => name.startsWith('x-prometheus-remote-write-')));
}

/** Returns the message with only the first series: fields of the outermost message are copied as they are. */
function firstSeries({ version, body }: Incoming, count: number): Buffer {
  const message = Buffer.from(snappyjs.uncompress(body));
  const seriesKey = version === '2.0' ? 0x2a : 0x0a;
  const kept: Buffer[] = [];
  let [at, series] = [0, 0];
  while (at < message.length) {
    const start = at;
    const key = message[at++];
    let length = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = message[at++] ?? 0;
      length += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) break;
    }
    at += length;
    if (key !== seriesKey || series++ < count) kept.push(message.subarray(start, at));
  }
  return Buffer.from(snappyjs.compress(Buffer.concat(kept)));
}
