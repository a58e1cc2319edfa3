import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type TestContext, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { collectNodeRuntime } from '../../../src/collectors/index.ts';
import { Counter, Gauge, Registry } from '../../../src/index.ts';
import { collectWorkers, type ScrapeThreadOptions, startScrapeThread } from '../../../src/workers/index.ts';

async function start(t: TestContext, options: Omit<ScrapeThreadOptions, 'listen'> = {}) {
  const { address, stop } = await startScrapeThread({ listen: '127.0.0.1:0', ...options });
  t.after(stop);
  const get = async (path: string, headers: Readonly<Record<string, string>> = {}) => {
    const response = await fetch(address.url + path, { headers });
    return { status: response.status, body: await response.text() };
  };
  return { address, get };
}

interface OtherScrapes {
  readonly bodies: Promise<readonly string[]>;
  /** Whether all of them have been answered, also while the event loop is blocked. */
  readonly areOver: () => boolean;
}

/** Scrapes a URL from another thread, every 100 ms. */
function scrapeElsewhere(url: string, times: number): OtherScrapes {
  const code = `
    const { workerData: { url, times, over }, parentPort } = require('node:worker_threads');
    (async () => {
      const bodies = [];
      for (let scrape = 0; scrape < times; scrape++) {
        bodies.push(await (await fetch(url)).text());
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
      parentPort.postMessage(bodies);
      Atomics.store(over, 0, 1);
    })();`;
  const over = new Int32Array(new SharedArrayBuffer(4));
  const worker = new Worker(code, { eval: true, workerData: { url, times, over } });
  const bodies = new Promise<readonly string[]>((resolve, reject) => {
    worker.once('message', resolve).once('error', reject);
  });
  return { bodies, areOver: () => Atomics.load(over, 0) === 1 };
}

/** Blocks the event loop, at most for 30 s, until a condition holds. */
function blockUntil(isMet: () => boolean, work: () => void = () => {}): void {
  for (const end = performance.now() + 30_000; performance.now() < end && !isMet(); ) work();
}

test('the thread serves the metrics of a registry', async (t) => {
  const registry = new Registry();
  const jobs = new Counter({ name: 'jobs_total', help: 'Jobs.', labelNames: ['queue'], registry });
  const { address, get } = await start(t, { registry });
  assert.equal(address.url, `http://127.0.0.1:${address.port}`);
  jobs.inc({ queue: 'mail' });
  assert.match((await get('/metrics')).body, /^jobs_total\{queue="mail"\} 1$/m);
  jobs.inc({ queue: 'mail' });
  const { body } = await get('/metrics', { accept: 'application/openmetrics-text; version=1.0.0' });
  assert.match(body, /^jobs_total\{queue="mail"\} 2$/m);
  assert.equal((await get('/-/healthy')).status, 200);
  assert.equal((await get('/-/ready')).status, 200);
  assert.equal((await get('/nothing')).status, 404);
});

test('the thread answers while the event loop is blocked, with new values and new series', {
  timeout: 60_000,
}, async (t) => {
  const registry = new Registry();
  const steps = new Counter({ name: 'steps_total', help: 'Steps.', registry });
  const found = new Gauge({ name: 'found', help: 'Found.', labelNames: ['id'], registry });
  new Gauge({ name: 'process_like', help: 'Passive.', registry }).set(1);
  const { address, get } = await start(t, { registry, unhealthyAfterMs: 500 });
  assert.match((await get('/metrics')).body, /^nodejs_eventloop_blocked_seconds 0$/m);
  const scraping = scrapeElsewhere(`${address.url}/metrics`, 20);
  const health = scrapeElsewhere(`${address.url}/-/healthy`, 20);
  let id = 0;
  blockUntil(
    () => scraping.areOver() && health.areOver(),
    () => {
      steps.inc();
      if (id % 1000 === 0) found.set({ id: id % 5000 }, id);
      if (id === 10_000) new Counter({ name: 'late_total', help: 'Registered late.', registry }).inc(7);
      id++;
    },
  );
  const bodies = await scraping.bodies;
  const values = bodies.map((body) => Number(/^steps_total (\d+)/m.exec(body)?.[1]));
  const blocked = bodies.map((body) => Number(/^nodejs_eventloop_blocked_seconds (\S+)/m.exec(body)?.[1]));
  const during = blocked.filter((seconds) => seconds > 0).length;
  assert.ok(during >= 5, `${during} of 20 scrapes were answered during the block`);
  assert.ok(new Set(values).size > 5, `the counter had the values ${values.join(' ')}`);
  assert.deepEqual(
    values,
    values.toSorted((a, b) => a - b),
  );
  const last = bodies.findLast((_, index) => (blocked[index] ?? 0) > 0) ?? '';
  assert.match(last, /^found\{id="4000"\} \d+$/m);
  assert.match(last, /^late_total 7$/m);
  const unhealthy = (await health.bodies).filter((body) =>
    body.startsWith('Unhealthy: the event loop has been blocked'),
  );
  assert.ok(unhealthy.length > 0);
});

test('a late collector is left out while the event loop is blocked', { timeout: 60_000 }, async (t) => {
  const registry = new Registry();
  new Counter({ name: 'a_total', help: 'A.', registry }).inc();
  registry.register({ name: 'custom', collect: () => [] });
  const { address } = await start(t, { registry, timeoutMs: 200 });
  const scraping = scrapeElsewhere(`${address.url}/metrics`, 2);
  blockUntil(scraping.areOver);
  const bodies = await scraping.bodies;
  assert.match(bodies[0] ?? '', /^a_total 1$/m);
  assert.match(bodies[0] ?? '', /^zeroprom_collector_success\{collector="custom"\} 0$/m);
});

test('failures are reported to the calling thread', async (t) => {
  const registry = new Registry();
  const fail = () => {
    throw new Error('Unreachable.');
  };
  registry.register({ name: 'custom', collect: fail });
  const reported = new Promise<string>((resolve) => {
    void start(t, { registry, onError: ({ collector, error }) => resolve(`${collector}: ${error.message}`) }).then(
      ({ get }) => get('/metrics'),
    );
  });
  assert.equal(await reported, 'custom: Unreachable.');
});

test('an address that cannot be used is an error', async (t) => {
  const { address } = await start(t);
  await assert.rejects(startScrapeThread({ listen: `127.0.0.1:${address.port}` }), /the address is in use/);
  await assert.rejects(startScrapeThread({ listen: 'nonsense' }), /must be a listen address/);
});

test('stop() frees the port, and can be called again', async () => {
  const first = await startScrapeThread({ listen: '127.0.0.1:0' });
  await first.stop();
  await first.stop();
  const second = await startScrapeThread({ listen: `127.0.0.1:${first.address.port}` });
  await second.stop();
});

/** Scrapes until a thread answers. */
async function untilServed(url: string): Promise<string> {
  for (;;) {
    try {
      return await (await fetch(url)).text();
    } catch {
      await delay(20);
    }
  }
}

/** The threads that this process starts from now on. */
function startedThreads(t: TestContext): readonly Worker[] {
  const threads: Worker[] = [];
  const listener = (worker: Worker) => threads.push(worker);
  process.on('worker', listener);
  t.after(() => process.off('worker', listener));
  return threads;
}

test('a thread that ends by itself is started again on the same port, with a growing delay', {
  timeout: 60_000,
}, async (t) => {
  const threads = startedThreads(t);
  const registry = new Registry();
  const jobs = new Counter({ name: 'jobs_total', help: 'Jobs.', registry });
  const failures: string[] = [];
  const onError = ({ collector, error }: { collector: string; error: Error }) =>
    failures.push(`${collector}: ${error.message}`);
  const { address, get } = await start(t, { registry, onError });
  assert.match((await get('/metrics')).body, /^nodejs_scrape_thread_restarts_total 0$/m);
  for (let restarts = 1; restarts <= 3; restarts++) {
    await threads.at(-1)?.terminate();
    jobs.inc();
    const body = await untilServed(`${address.url}/metrics`);
    assert.match(body, new RegExp(`^nodejs_scrape_thread_restarts_total ${restarts}$`, 'm'));
    assert.match(body, new RegExp(`^jobs_total ${restarts}$`, 'm'));
  }
  assert.deepEqual(
    failures,
    Array.from({ length: 3 }, () => 'scrape thread: The scrape thread has ended.'),
  );
  assert.equal(threads.length, 4);
});

test('stop() while the thread is about to start again starts none', async (t) => {
  const threads = startedThreads(t);
  let report = () => {};
  const failed = new Promise<void>((resolve) => {
    report = resolve;
  });
  const thread = await startScrapeThread({ listen: '127.0.0.1:0', registry: new Registry(), onError: () => report() });
  await threads[0]?.terminate();
  await failed;
  await thread.stop();
  await delay(300);
  assert.equal(threads.length, 1);
});

test('the age of values that only the main thread can read is shown', { timeout: 60_000 }, async (t) => {
  const registry = new Registry();
  const runtime = collectNodeRuntime({ registry });
  t.after(() => runtime.stop());
  const { address, get } = await start(t, { registry });
  const age = (body: string) => Number(/^nodejs_main_thread_values_age_seconds (\S+)$/m.exec(body)?.[1]);
  const first = (await get('/metrics')).body;
  assert.match(first, /^nodejs_heap_size_used_bytes \d/m);
  assert.ok(age(first) >= 0 && age(first) < 1, first);
  const scraping = scrapeElsewhere(`${address.url}/metrics`, 20);
  blockUntil(scraping.areOver);
  const ages = (await scraping.bodies).map(age);
  assert.ok(Math.max(...ages) > 1, ages.join(' '));
});

test('the age is not shown in a scrape of selected collectors', async (t) => {
  const registry = new Registry();
  const runtime = collectNodeRuntime({ registry });
  t.after(() => runtime.stop());
  registry.register({
    name: 'queue',
    collect: () => [{ name: 'queue_length', help: 'Jobs.', type: 'gauge', points: [{ value: 3 }] }],
  });
  const { get } = await start(t, { registry });
  const { body } = await get('/metrics?collect[]=queue');
  assert.match(body, /^queue_length 3$/m);
  assert.doesNotMatch(body, /nodejs_/);
});

test('lines of the log are passed to the logger in the calling thread', async (t) => {
  const lines: unknown[][] = [];
  const method =
    (level: string) =>
    (...line: unknown[]) =>
      void lines.push([level, ...line]);
  const logger = { debug: method('debug'), info: method('info'), warn: method('warn'), error: method('error') };
  await start(t, { logger, webConfigFile: 'test/web-config/fixtures/expired.good.yml' });
  assert.match(JSON.stringify(lines), /^\[\["warn","The certificate of the server is valid only/);
});

test('collectWorkers() is served, with its last values while the event loop is blocked', {
  timeout: 60_000,
}, async (t) => {
  const { address, get } = await start(t, { registry: collectWorkers() });
  const worker = new Worker(new URL('../threads/counting-thread.js', import.meta.url), {
    workerData: { increments: 10, end: 'stay' },
  });
  t.after(() => worker.terminate());
  while ((await once(worker, 'message'))[0] !== 'counted');
  const { body } = await get('/metrics');
  assert.match(body, /^work_total\{kind="odd"\} 5$/m);
  assert.match(body, /^zeroprom_worker_up\{worker="0"\} 1$/m);
  const scraping = scrapeElsewhere(`${address.url}/metrics`, 20);
  blockUntil(scraping.areOver);
  const bodies = await scraping.bodies;
  for (const during of bodies) assert.match(during, /^work_total\{kind="odd"\} 5$/m);
  assert.ok(bodies.some((during) => /^nodejs_eventloop_blocked_seconds (?!0$)/m.test(during)));
});
