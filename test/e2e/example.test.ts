import assert from 'node:assert/strict';
import { test } from 'node:test';
import { start } from '../child.ts';
import { needs, runInstalled } from '../installed-programs.ts';
import { Prometheus, until } from './prometheus.ts';

const COUNT_MS = 1000;
const SCRAPE_MS = 400;
/** How late the value of a scrape may be on a busy machine: the scrape is answered, or the run started, that much later. */
const LATEST_MS = 2 * SCRAPE_MS;

test('a real Prometheus scrapes the built example exporter', needs('prometheus', 'promtool'), async (t) => {
  const exporter = start(t, process.execPath, ['dist/server.js', '--web.listen-address=127.0.0.1:0'], {
    EXAMPLE_EXPORTER_EXAMPLE_COUNT_INTERVAL: `${COUNT_MS}ms`,
    EXAMPLE_EXPORTER_EXAMPLE_RANDOM_INTERVAL: '500ms',
  });
  const target = new URL(await exporter.metricsUrl()).host;
  const prometheus = await Prometheus.start(t, { target, interval: `${SCRAPE_MS}ms` });

  await t.test('it is up, and nothing was wrong with its page', async () => {
    // On a busy machine, a scrape may take longer than its timeout.
    const errors = new Set<string>();
    await until('it was scraped ten times', async () => {
      for (const { health, lastError } of await prometheus.targets()) {
        if (health === 'down' && !/context deadline exceeded/.test(lastError)) errors.add(lastError);
      }
      return ((await prometheus.value('sum_over_time(up[5m])')) ?? 0) >= 10;
    });
    assert.deepEqual([...errors], []);
  });

  await t.test('example_total goes up by one each interval, and never faster', async () => {
    await until('it was counted', async () => ((await prometheus.value('example_total')) ?? 0) >= 5);
    const [series, ...others] = await prometheus.samples('example_total');
    assert.deepEqual(others, []);
    assert.equal(series?.metric.hoge, 'hogehoge');
    const values = series?.values ?? [];
    const [missed] = await prometheus.samples('scheduler_task_missed_total{task="count"}');
    const missedAt = new Map(missed?.values);
    for (const [time, value] of values) {
      for (const [laterTime, laterValue] of values.filter(([other]) => other > time)) {
        const elapsedMs = (laterTime - time) * 1000;
        const counted = laterValue - value;
        const due = counted + (missedAt.get(laterTime) ?? 0) - (missedAt.get(time) ?? 0);
        const shown = `${value} to ${laterValue} in ${elapsedMs} ms`;
        assert.ok(counted <= Math.floor((elapsedMs + LATEST_MS) / COUNT_MS) + 1, shown);
        assert.ok(due >= Math.floor((elapsedMs - LATEST_MS) / COUNT_MS) - 1, shown);
      }
    }
  });

  await t.test('example_number changes and stays in [-1, 1)', async () => {
    const [series, ...others] = await prometheus.samples('example_number');
    assert.deepEqual(others, []);
    assert.equal(series?.metric.fuga, 'fugafuga');
    const values = (series?.values ?? []).map(([, value]) => value);
    assert.ok(
      values.every((value) => value >= -1 && value < 1),
      String(values),
    );
    assert.ok(new Set(values).size > 3, String(values));
  });

  await t.test('promtool finds nothing to say about the page', async () => {
    runInstalled('promtool', ['check', 'metrics'], await (await fetch(`http://${target}/metrics`)).text());
  });

  await t.test('after SIGTERM it exits with 0 and the target is down', async () => {
    exporter.process.kill('SIGTERM');
    assert.equal(await exporter.ended, 0);
    await until('the target is down', async () => (await prometheus.value('up')) === 0);
    assert.match((await prometheus.target()).lastError, /connection refused/);
  });
});
