/**
 * Sends requests to a service at a fixed rate, in a separate process, and scrapes its metrics every second:
 * `PORT REQUESTS_PER_SECOND MILLISECONDS`. Prints the response times in milliseconds as JSON. A time counts from the moment
 * at which the request was due, so that requests that had to wait for the service are not left out.
 */
import { Agent, get } from 'node:http';

const [port, perSecond, milliseconds] = process.argv.slice(2).map(Number);
if (port === undefined || perSecond === undefined || milliseconds === undefined) {
  throw new Error('Usage: latency-client.ts PORT REQUESTS_PER_SECOND MILLISECONDS');
}
const duration = milliseconds;

const SCRAPE_MS = 1000;
const agent = new Agent({ keepAlive: true, maxSockets: 100 });
const times: number[] = [];

function request(path: string, headers: Record<string, string> = {}): Promise<void> {
  return new Promise((resolve, reject) => {
    const sent = get({ host: '127.0.0.1', port, path, agent, headers }, (response) => {
      response.resume().on('end', resolve).on('error', reject);
    });
    sent.on('error', reject);
  });
}

async function timed(due: number, path: string): Promise<void> {
  await request(path);
  times.push(performance.now() - due);
}

/** Calls at each multiple of the interval, several times if it is late. Resolves when all of the results have. */
async function every(intervalMs: number, call: (due: number, index: number) => Promise<void>): Promise<void> {
  const began = performance.now();
  const calls: Promise<void>[] = [];
  for (let index = 0; index * intervalMs < duration; index++) {
    const due = began + index * intervalMs;
    while (performance.now() < due) await new Promise((resolve) => setTimeout(resolve, due - performance.now()));
    calls.push(call(due, index));
  }
  await Promise.all(calls);
}

await Promise.all([
  every(1000 / perSecond, (due, index) => timed(due, `/items/${index % 100}`)),
  every(SCRAPE_MS, () => request('/metrics', { 'accept-encoding': 'gzip' })),
]);
agent.destroy();
process.stdout.write(JSON.stringify(times));
