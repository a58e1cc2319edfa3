import assert from 'node:assert/strict';
import { test } from 'node:test';
import { start } from '../child.ts';
import { needs } from '../installed-programs.ts';
import { Prometheus, until } from './prometheus.ts';

const SECONDS = Number(process.env['SECONDS_TO_COUNT'] ?? 10);
/** Between two scrapes. */
const SCRAPE_MS = 100;
/** Times are rounded, and Prometheus aligns the times of scrapes. */
const ROUNDING_MS = 10;

test(
  `a counter of one second is what the clock says for ${SECONDS} s, in the eyes of a real Prometheus`,
  needs('prometheus'),
  async (t) => {
    const exporter = start(t, process.execPath, ['dist/server.js', '--web.listen-address=127.0.0.1:0'], {
      EXAMPLE_EXPORTER_EXAMPLE_COUNT_INTERVAL: '1s',
    });
    const target = new URL(await exporter.metricsUrl()).host;
    const prometheus = await Prometheus.start(t, { target, interval: `${SCRAPE_MS}ms` });
    await until('it is scraped', async () => (await count(prometheus)) > 0);
    const first = await count(prometheus);
    for (let value = first; value < first + SECONDS; value++) {
      await until(`it counts on from ${value}`, async () => (await count(prometheus)) > value);
    }
    const [series] = await prometheus.samples('example_total');
    const samples = series?.values ?? [];

    await t.test('every step of the grid is counted when it comes: no sample is a step ahead or behind', async () => {
      // A value v is true from step v - 1 of the grid, counted from its origin, until step v.
      const earliestOrigin = Math.max(...samples.map(([time, value]) => time - value));
      const latestOrigin = Math.min(...samples.map(([time, value]) => time - value + 1));
      const leewayMs = Math.round((latestOrigin - earliestOrigin) * 1000);
      // On a busy machine, a run may be late, and so may the value of a scrape.
      const lag = await maximum(prometheus, 'scheduler_task_lag_seconds{task="count"}');
      const duration = await maximum(prometheus, 'scrape_duration_seconds');
      const lateMs = (lag + duration) * 1000 + ROUNDING_MS;
      t.diagnostic(`${samples.length} samples of ${SECONDS} s pin the grid's origin down to ${leewayMs} ms.`);
      assert.ok(
        leewayMs >= -lateMs,
        `No grid fits: some samples are ${-leewayMs} ms off, of which ${lateMs} are known.`,
      );
    });

    await t.test('every step of the grid is counted once: Prometheus has seen each value', () => {
      const values = [...new Set(samples.map(([, value]) => value))];
      assert.ok(values.length > SECONDS);
      assert.deepEqual(
        values,
        values.map((_, index) => (values[0] ?? 0) + index),
      );
    });
  },
);

async function count(prometheus: Prometheus): Promise<number> {
  return (await prometheus.value('example_total')) ?? 0;
}

async function maximum(prometheus: Prometheus, selector: string): Promise<number> {
  const [series] = await prometheus.samples(selector);
  return Math.max(...(series?.values ?? []).map(([, value]) => value));
}
