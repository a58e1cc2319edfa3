import assert from 'node:assert/strict';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { type Child, start } from '../child.ts';
import { freePort } from '../free-port.ts';
import { needs } from '../installed-programs.ts';
import { Prometheus, type Series, until } from './prometheus.ts';

const RESTARTS = Number(process.env.RESTARTS ?? 3);
const INTERVAL = process.env.SCRAPE_INTERVAL ?? '250ms';
/** Number of clients that send one request after another. */
const CLIENTS = 4;

/** An application with its own server, whose port it prints, and an exporter. */
const APPLICATION = `
  import { once } from 'node:events';
  import { createServer } from 'node:http';
  import { Counter, runExporter } from './src/index.js';
  const requests = new Counter({ name: 'app_requests_total', help: 'Total number of requests.' });
  const server = createServer((_, response) => {
    requests.inc();
    response.end();
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  console.log('http://127.0.0.1:' + server.address().port);
  await runExporter({ name: 'app', defaultPort: 0 });
`;

/** Environment variables for an application at an address, by the way in which its values reach Prometheus. */
type Delivery = (prometheus: Prometheus, address: string) => NodeJS.ProcessEnv;

const linger: Delivery = () => ({ APP_WEB_LINGER: '30s' });
const finalPush: Delivery = (prometheus, address) => ({
  APP_REMOTE_WRITE_URL: prometheus.writeUrl,
  APP_REMOTE_WRITE_LABEL: `instance=${address}`,
  APP_REMOTE_WRITE_INTERVAL: INTERVAL,
});

test(`with linger, ${RESTARTS} restarts under load lose no request`, needs('prometheus'), async (t) => {
  const { sent, stored } = await restarts(t, linger);
  assert.equal(stored, sent);
});

// The comparisons take as long again.
if (process.env.RESTARTS !== undefined) {
  test(`with a final push, ${RESTARTS} restarts under load lose no request`, needs('prometheus'), async (t) => {
    const { sent, stored } = await restarts(t, finalPush, false);
    assert.equal(stored, sent);
  });

  test('without linger, requests after the last scrape are lost', needs('prometheus'), async (t) => {
    const { sent, stored } = await restarts(t, () => ({}));
    assert.ok(stored < sent, `${stored} of ${sent} were stored.`);
  });
}

/** Restarts the application again and again, on two addresses in turn, and counts what was sent and what was stored. */
async function restarts(t: TestContext, delivery: Delivery, isScraped = true) {
  const addresses = [`127.0.0.1:${await freePort()}`, `127.0.0.1:${await freePort()}`];
  const target = isScraped ? addresses.join() : `127.0.0.1:${await freePort()}`;
  const flags = ['--web.enable-remote-write-receiver'];
  const prometheus = await Prometheus.start(t, { target, interval: INTERVAL, flags });
  const load = new Load();
  let previous: Child | undefined;
  for (let round = 0; round <= RESTARTS; round++) {
    const address = addresses[round % 2] ?? '';
    const app = await startApplication(t, address, delivery(prometheus, address));
    // Its series must exist at 0 before the load starts.
    const zero = `app_requests_total{instance="${address}"} == 0`;
    await until(`${address} is stored at 0`, async () => (await prometheus.value(zero)) === 0);
    await load.moveTo(app.url);
    await end(previous);
    previous = app.child;
    await new Promise((resolve) => setTimeout(resolve, 300)); // Under load.
  }
  await load.stop();
  await end(previous);
  const sent = load.answered;
  const stored = increaseOf(await prometheus.samples('app_requests_total', '1h'));
  const increase = await prometheus.value('sum(increase(app_requests_total[1h]))');
  t.diagnostic(`${sent} requests sent, ${stored} stored, increase() extrapolates to ${increase}.`);
  return { sent, stored };
}

async function startApplication(t: TestContext, address: string, env: NodeJS.ProcessEnv) {
  const child = start(
    t,
    process.execPath,
    ['--input-type=module', '--eval', APPLICATION],
    { APP_WEB_LISTEN_ADDRESS: address, ...env },
    join(import.meta.dirname, '../..'),
  );
  await child.metricsUrl();
  return { child, url: child.stdout().trim() };
}

async function end(child: Child | undefined): Promise<void> {
  if (child === undefined) return;
  child.process.kill('SIGTERM');
  assert.equal(await child.ended, 0, child.stderr());
}

/** Clients that send one request after another to the current application. */
class Load {
  answered = 0;
  #stop = new AbortController();
  #clients: Promise<unknown> = Promise.resolve();

  /** Resolves when the previous application has answered all of its requests. */
  async moveTo(url: string): Promise<void> {
    await this.stop();
    this.#stop = new AbortController();
    this.#clients = Promise.all(Array.from({ length: CLIENTS }, () => this.#send(url, this.#stop.signal)));
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#clients;
  }

  async #send(url: string, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const response = await fetch(url);
      await response.arrayBuffer();
      if (response.ok) this.answered++;
    }
  }
}

/** The sum of all increases between stored samples; a value below the previous one starts again from 0. */
function increaseOf(series: readonly Series[]): number {
  let sum = 0;
  for (const { values } of series) {
    let last = 0;
    for (const [, value] of values) {
      sum += value >= last ? value - last : value;
      last = value;
    }
  }
  return sum;
}
