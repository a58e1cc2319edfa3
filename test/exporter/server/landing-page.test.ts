import assert from 'node:assert/strict';
import { test } from 'node:test';
import { landingPage } from '../../../src/exporter/server/landing-page.ts';
import { ManualClock, Scheduler } from '../../../src/scheduler/index.ts';
import { hostileValues } from '../../hostile-values.ts';
import { rawGet } from '../../http/raw.ts';
import { silent } from '../../silent-logger.ts';
import { startServer } from './exporter-server.ts';

/** Returns a scheduler whose only task has thrown the value once. */
async function failedOnce(make: () => unknown): Promise<Scheduler> {
  const scheduler = new Scheduler({ clock: new ManualClock(), logger: silent });
  const task = scheduler.every('1h', () => Promise.reject(make()), { name: 'hostile' });
  scheduler.start();
  await task.runNow();
  return scheduler;
}

for (const { what, make } of hostileValues) {
  test(`the page shows a task that failed with ${what}`, async (t) => {
    const scheduler = await failedOnce(make);
    const { port, log } = await startServer(t, { scheduler });
    const { status, body } = await rawGet(`http://127.0.0.1:${port}/`);
    assert.equal(status, 200);
    assert.match(body, /<td>hostile<\/td>/);
    assert.ok(body.length < 5000, `${body.length} characters`);
    assert.deepEqual(log.lines, []);
  });

  test(`the page shows the error that another scheduler reports: ${what}`, () => {
    const task = { ...TASK, lastError: make() as Error };
    const page = landingPage({ name: 'x', description: '', version: '1', links: [], tasks: [task], now: 0 });
    assert.match(page, /<td>t<\/td>/);
    assert.doesNotMatch(page.replaceAll('\n', ''), /[\p{Cc}\u2028-\u202e\u2066-\u2069]/u);
  });
}

const TASK = {
  name: 't',
  state: 'scheduled' as const,
  intervalMs: 1,
  isRunning: false,
  isReady: true,
  nextRunAt: undefined,
  abandonedRuns: 0,
  lastStartAt: undefined,
  lastSuccessAt: undefined,
  lastDurationMs: undefined,
  lastLagMs: undefined,
  consecutiveFailures: 1,
  counts: { success: 0, error: 1, timeout: 0, aborted: 0, skipped: 0, missed: 0 },
};

test('the error of a task is escaped', () => {
  const task = { ...TASK, lastError: new Error('<script>alert(1)</script>') };
  const page = landingPage({ name: 'x', description: '', version: '1', links: [], tasks: [task], now: 0 });
  assert.doesNotMatch(page, /<script>/);
});
