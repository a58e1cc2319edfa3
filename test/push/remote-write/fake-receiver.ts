/** A remote write receiver whose answers the test chooses. It keeps the samples that it accepts. */
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';
import { type DecodedRequest, decodeBody, nameOf } from './decode-request.ts';

export interface Received {
  readonly version: '1.0' | '2.0';
  readonly headers: IncomingHttpHeaders;
  readonly request: DecodedRequest;
}

/** Answers a request; it may call `receiver.store()` before. */
export type Answer = (response: ServerResponse, received: Received, receiver: FakeReceiver) => void;

export class FakeReceiver {
  readonly url: string;
  readonly received: Received[] = [];
  /** Value by time of each series, the first for a time. */
  readonly stored = new Map<string, Map<number, number | 'stale'>>();
  answer: Answer = version2;

  private constructor(server: Server) {
    const { port } = server.address() as AddressInfo; // A server that listens on a port has one.
    this.url = `http://127.0.0.1:${port}/api/v1/write`;
  }

  static async start(t: TestContext, answer: Answer = version2): Promise<FakeReceiver> {
    const server = createServer(async (request, response) => {
      const chunks: Buffer[] = [];
      request.on('error', () => {});
      for await (const chunk of request) chunks.push(chunk);
      const version = request.headers['x-prometheus-remote-write-version'] === '2.0.0' ? '2.0' : '1.0';
      const received = {
        version,
        headers: request.headers,
        request: decodeBody(version, Buffer.concat(chunks)),
      } as const;
      receiver.received.push(received);
      receiver.answer(response, received, receiver);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    t.after(() => {
      server.closeAllConnections();
      server.close();
    });
    const receiver = new FakeReceiver(server);
    receiver.answer = answer;
    return receiver;
  }

  /** Stores the samples of the first series of a request, all by default. The first value for a time wins, as in a server. */
  store({ series }: DecodedRequest, count = Number.POSITIVE_INFINITY): void {
    for (const each of series.slice(0, count)) {
      const values = this.stored.get(nameOf(each)) ?? new Map<number, number | 'stale'>();
      this.stored.set(nameOf(each), values);
      const samples = [
        ...each.samples,
        ...each.histograms.map((histogram) => ({ value: histogram.count ?? 0, ...histogram })),
      ];
      for (const { value, isStale, timestamp } of samples) {
        if (!values.has(timestamp)) values.set(timestamp, isStale ? 'stale' : value);
      }
    }
  }

  /** The values of a series in the order of their times. */
  valuesOf(name: string): (number | 'stale')[] {
    return [...(this.stored.get(name) ?? [])].sort(([a], [b]) => a - b).map(([, value]) => value);
  }

  /** Number of stored samples. */
  get size(): number {
    return [...this.stored.values()].reduce((total, { size }) => total + size, 0);
  }
}

/** Stores everything, and answers requests of version 2.0 as a 2.0 receiver and those of 1.0 as a 1.0 receiver. */
export const version2: Answer = (response, { version, request }, receiver) => {
  receiver.store(request);
  if (version === '2.0') setWritten(response, request);
  response.writeHead(204).end();
};

/** Stores version 1.0 and silently drops version 2.0, as Prometheus 2.42 does. */
export const version1: Answer = (response, { version, request }, receiver) => {
  if (version === '1.0') receiver.store(request);
  response.writeHead(204).end();
};

/** Answers with a status. */
export function status(code: number, headers: Record<string, string> = {}, body = ''): Answer {
  return (response) => {
    response.writeHead(code, headers).end(body);
  };
}

/** Answers like these in turn, and like the last one from then on. */
export function inTurn(...answers: readonly [Answer, ...Answer[]]): Answer {
  let turn = 0;
  return (response, received, receiver) => {
    const answer = answers[Math.min(turn++, answers.length - 1)] ?? version2;
    answer(response, received, receiver);
  };
}

export function setWritten(response: ServerResponse, { series }: DecodedRequest): void {
  const count = (of: 'samples' | 'histograms' | 'exemplars') =>
    String(series.reduce((total, each) => total + each[of].length, 0));
  response.setHeader('X-Prometheus-Remote-Write-Samples-Written', count('samples'));
  response.setHeader('X-Prometheus-Remote-Write-Histograms-Written', count('histograms'));
  response.setHeader('X-Prometheus-Remote-Write-Exemplars-Written', count('exemplars'));
}
