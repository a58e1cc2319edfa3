import { execFile } from 'node:child_process';
import { once } from 'node:events';
import type { RequestListener } from 'node:http';
import { join } from 'node:path';
import { promisify } from 'node:util';
import express from 'express';
import type { Client } from './library.ts';
import type { Question } from './question.ts';
import { counters } from './scraped.ts';

const SERIES = 100_000;
const PER_SECOND = 1000;
const WARM_UP_MS = 2000;
const MEASURE_MS = 10_000;
const KEEP_ALIVE_MS = 120_000;
const CLIENT = join(import.meta.dirname, 'latency-client.ts');
const run = promisify(execFile);
const empty: RequestListener = (_, response) => void response.end();

/** A service that counts and times its requests by route and status. */
function service({ counter, histogram, listener = empty }: Client): express.Express | undefined {
  const labelNames = ['method', 'route', 'code'];
  const requests = counter?.({ name: 'requests_total', help: 'Requests.', labelNames });
  const upperBounds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
  const seconds = histogram?.({ name: 'request_seconds', help: 'Durations.', labelNames, upperBounds });
  if (requests === undefined || seconds === undefined) return undefined;
  const app = express();
  app.get('/metrics', listener);
  app.use((request, response, next) => {
    const began = performance.now();
    response.once('finish', () => {
      const labels = { method: request.method, route: '/items/:id', code: String(response.statusCode) };
      requests.inc(labels);
      seconds.observe(labels, (performance.now() - began) / 1000);
    });
    next();
  });
  app.get('/items/:id', ({ params }, response) => void response.json({ id: params.id, name: 'An item' }));
  return app;
}

async function timesOf(port: number, milliseconds: number): Promise<number[]> {
  const args = [...process.execArgv, CLIENT, String(port), String(PER_SECOND), String(milliseconds)];
  const { stdout } = await run(process.execPath, args, { maxBuffer: 2 ** 26 });
  return JSON.parse(stdout);
}

function at(sorted: readonly number[], quantile: number): number {
  return sorted[Math.floor(sorted.length * quantile)] ?? Number.NaN;
}

export default {
  title: `Response times of an Express service with ${PER_SECOND} requests per second, scraped every second`,
  cases: [
    {
      name: '100,000 series',
      rounds: 3,
      async measure(library) {
        const client = await library.open('text');
        const app = client && counters(SERIES)(client) ? service(client) : undefined;
        if (app === undefined) return undefined;
        const server = app.listen(0, '127.0.0.1');
        server.keepAliveTimeout = KEEP_ALIVE_MS; // A blocked server must not close connections that are about to be used.
        await once(server, 'listening');
        const address = server.address();
        const port = typeof address === 'object' && address !== null ? address.port : 0;
        await timesOf(port, WARM_UP_MS);
        const times = (await timesOf(port, MEASURE_MS)).sort((a, b) => a - b);
        server.close();
        server.closeAllConnections();
        return { figures: { 'ms p50': at(times, 0.5), 'ms p99': at(times, 0.99), 'ms p99.9': at(times, 0.999) } };
      },
    },
  ],
} satisfies Question;
