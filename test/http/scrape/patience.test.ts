/** Scrapes share a gathering, each within its own time limit. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Collector, Gauge, metricsHandler, Registry } from '../../../src/index.ts';
import { Gate, GatedCollector } from '../gated-collector.ts';
import { rawGet } from '../raw.ts';
import { serve } from '../serve.ts';

/** A registry with a fast collector and a gated one. */
function setUp() {
  const registry = new Registry({ selfMetrics: false });
  new Gauge({ name: 'metric', help: 'Help.', registry }).set(1);
  let fastRuns = 0;
  const fast: Collector = {
    name: 'fast',
    collect: () => [{ name: 'fast', help: 'Runs.', type: 'gauge', points: [{ value: ++fastRuns }] }],
  };
  const slow = new GatedCollector('slow');
  registry.register(fast);
  registry.register(slow);
  return { registry, slow };
}

const within = (seconds: number) => ({ 'X-Prometheus-Scrape-Timeout-Seconds': String(seconds) });

test('a scrape with a later deadline than the one before continues to wait for a slow collector', async (t) => {
  const { registry, slow } = setUp();
  const url = await serve(t, metricsHandler({ registry }));
  const hasty = rawGet(url, within(0.4));
  await slow.asked.promise;
  const patient = rawGet(url, within(60));
  const { body } = await hasty;
  assert.match(body, /^fast 1$/m);
  assert.doesNotMatch(body, /^slow/m);
  slow.go.open();
  const answer = await patient;
  assert.equal(answer.status, 200);
  for (const line of [/^fast 1$/m, /^metric 1$/m, /^slow 1$/m]) assert.match(answer.body, line);
  assert.equal(slow.contexts.length, 1);
  assert.equal(slow.contexts[0]?.signal.aborted, false);
});

test('many scrapes, each with a slightly later deadline, share one call of a slow collector', async (t) => {
  const { registry, slow } = setUp();
  const url = await serve(t, metricsHandler({ registry }));
  const first = rawGet(url, within(0.5));
  await slow.asked.promise;
  const hasty = [0.6, 0.7, 0.8].map((seconds) => rawGet(url, within(seconds)));
  const patient = [60, 61, 62].map((seconds) => rawGet(url, within(seconds)));
  for (const { status, body } of await Promise.all([first, ...hasty])) {
    assert.equal(status, 200);
    assert.doesNotMatch(body, /^slow/m);
  }
  slow.go.open();
  for (const { body } of await Promise.all(patient)) assert.match(body, /^slow 1$/m);
  assert.equal(slow.contexts.length, 1);
});

test('a scrape with an earlier deadline than the running one is answered in its own time and does not affect the other', async (t) => {
  const { registry, slow } = setUp();
  const url = await serve(t, metricsHandler({ registry }));
  const patient = rawGet(url, within(60));
  await slow.asked.promise;
  const { status, body } = await rawGet(url, within(0.2));
  assert.equal(status, 200);
  assert.doesNotMatch(body, /^slow/m);
  slow.go.open();
  assert.match((await patient).body, /^slow/m);
  assert.equal(slow.contexts[0]?.signal.aborted, false);
});

test('a collector sees the extended deadline, and is aborted when no scrape waits any more', async (t) => {
  const { registry, slow } = setUp();
  const failures: string[] = [];
  const onError = ({ error }: { readonly error: Error }) => void failures.push(error.message);
  const url = await serve(t, metricsHandler({ registry, onError }));
  const hasty = rawGet(url, within(0.3));
  const context = await slow.asked.promise;
  const { deadline } = context;
  const patient = rawGet(url, within(0.9));
  await hasty;
  assert.ok(context.deadline >= deadline + 400, `${context.deadline - deadline} ms`);
  assert.equal(context.signal.aborted, false);
  await patient;
  assert.equal(context.signal.aborted, true);
  assert.equal(failures.length, 2); // Once per time limit.
  slow.go.open();
});

test('with a gatherer that cannot resume, a scrape still gets all of its own time', async (t) => {
  const go = new Gate();
  const asked = new Gate();
  const { registry, slow } = setUp();
  slow.go.open();
  const gather = async () => {
    asked.open();
    await go.promise;
    return registry.gather();
  };
  const url = await serve(t, metricsHandler({ registry: { gather } }));
  const hasty = rawGet(url, within(0.1));
  await asked.promise;
  const patient = rawGet(url, within(60));
  assert.equal((await hasty).status, 500);
  go.open();
  assert.match((await patient).body, /^metric 1$/m);
});

test('a collector that hangs and ignores its signal is called for a few scrapes only, until it has ended', async () => {
  const registry = new Registry({ selfMetrics: false });
  const gates: Gate[] = [];
  registry.register({
    name: 'hangs',
    collect: async () => {
      const gate = new Gate();
      gates.push(gate);
      await gate.promise;
      return [{ name: 'x', help: '', type: 'gauge', points: [{ value: 1 }] }];
    },
  });
  const messages = [];
  for (let scrape = 0; scrape < 6; scrape++) {
    const { failures } = await registry.gather({ timeoutMs: 5 });
    messages.push(failures[0]?.error.message);
  }
  assert.equal(gates.length, 3);
  const refusal = 'Collector hangs is still running for 3 earlier scrapes; it must stop when its signal aborts.';
  assert.deepEqual(messages, [...Array(3).fill('Timed out after 5 ms.'), ...Array(3).fill(refusal)]);
  for (const gate of gates) gate.open();
  await new Promise((resolve) => setImmediate(resolve));
  const again = registry.gather();
  await new Promise((resolve) => setImmediate(resolve));
  gates.at(-1)?.open();
  assert.deepEqual((await again).failures, []);
});
