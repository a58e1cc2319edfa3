import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { metricsHandler, Registry } from '../../src/index.ts';
import { start } from '../child.ts';
import { GatedCollector } from '../http/gated-collector.ts';
import { rawGet } from '../http/raw.ts';
import { serve } from '../http/serve.ts';
import { EXPORTER } from './programs/exporter-program.ts';
import { startServer } from './server/exporter-server.ts';

const HOUR_MS = 3_600_000;

for (const [where, jumpMs] of [
  ['back', -HOUR_MS],
  ['on', HOUR_MS],
] as const) {
  test(`a wall clock that jumps ${where} by an hour during a scrape changes neither its duration nor its output`, async (t) => {
    const registry = new Registry();
    const collector = new GatedCollector();
    registry.register(collector);
    registry.register({ name: 'hangs', collect: () => new Promise<never>(() => {}) });
    const url = await serve(t, metricsHandler({ registry }));
    const began = performance.now();
    const answer = rawGet(url, { 'X-Prometheus-Scrape-Timeout-Seconds': '0.3' });
    await collector.asked.promise;
    putClock(t, jumpMs);
    collector.go.open();
    const { status, body } = await answer;
    const tookMs = performance.now() - began;
    assert.equal(status, 200);
    assert.ok(tookMs >= 250 && tookMs < 5000, `${tookMs} ms`);
    assertDurations(body);
    assert.match(body, /^gated 1$/m);
  });

  test(`a wall clock that jumps ${where} does not affect a rate limit`, async (t) => {
    const { port } = await startServer(t, { file: 'test/web-config/fixtures/rate-limit.good.yml' });
    const url = `http://127.0.0.1:${port}/-/healthy`;
    const statuses = async () => {
      const all: number[] = [];
      for (let count = 0; count < 5; count++) all.push((await rawGet(url)).status);
      return all;
    };
    const before = await statuses();
    putClock(t, jumpMs);
    assert.equal(before.at(-1), 429);
    assert.ok((await statuses()).every((status) => status === 429));
  });
}

test('an exporter that was suspended for seconds continues to serve, without negative durations', async (t) => {
  const program = [...EXPORTER, '--collector.cpu'];
  const child = start(t, process.execPath, program, { X_EXPORTER_WEB_LISTEN_ADDRESS: '127.0.0.1:0' });
  const url = await child.metricsUrl();
  await rawGet(url);
  child.process.kill('SIGSTOP');
  const answer = rawGet(url, { 'X-Prometheus-Scrape-Timeout-Seconds': '1' });
  await new Promise((resolve) => setTimeout(resolve, 1500)); // The time of the suspension.
  child.process.kill('SIGCONT');
  for (const { status, body } of [await answer, await rawGet(url)]) {
    assert.equal(status, 200);
    assert.match(body, /^cpu 1$/m);
    assertDurations(body);
  }
});

/** Asserts that durations are not negative. */
function assertDurations(body: string): void {
  const durations = [...body.matchAll(/^\w+_duration_seconds(?:\{.*\})? (.*)$/gm)].map(([, value]) => Number(value));
  assert.ok(durations.length > 0);
  for (const duration of durations) assert.ok(duration >= 0 && duration < 60, String(duration));
}

function putClock(t: TestContext, byMs: number): void {
  const now = Date.now.bind(Date);
  t.mock.method(Date, 'now', () => now() + byMs);
}
