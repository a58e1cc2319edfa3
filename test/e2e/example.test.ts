import assert from 'node:assert/strict';
import { test } from 'node:test';
import { start } from '../child.ts';
import { needs, runInstalled } from '../installed-programs.ts';
import { Prometheus, until } from './prometheus.ts';

const COUNT_MS = 1000;

test('a real Prometheus scrapes the built example exporter', needs('prometheus', 'promtool'), async (t) => {
  const exporter = start(t, process.execPath, ['dist/server.js', '--web.listen-address=127.0.0.1:0'], {
    EXAMPLE_EXPORTER_EXAMPLE_COUNT_INTERVAL: `${COUNT_MS}ms`,
    EXAMPLE_EXPORTER_EXAMPLE_RANDOM_INTERVAL: '500ms',
  });
  const target = new URL(await exporter.metricsUrl()).host;
  const prometheus = await Prometheus.start(t, { target, interval: '400ms' });

  await t.test('it is up, and nothing was wrong with its page', async () => {
    await until('the target is up', async () => (await prometheus.value('up')) === 1);
    await until(
      'it was scraped ten times',
      async () => ((await prometheus.value('count_over_time(up[5m])')) ?? 0) >= 10,
    );
    const { health, lastError } = await prometheus.target();
    assert.deepEqual({ health, lastError }, { health: 'up', lastError: '' });
    assert.equal(await prometheus.value('min_over_time(up[5m])'), 1);
  });

  await t.test('example_total goes up by one each interval, and never faster', async () => {
    await until('it was counted', async () => ((await prometheus.value('example_total')) ?? 0) >= 5);
    const [series, ...others] = await prometheus.samples('example_total');
    assert.deepEqual(others, []);
    assert.equal(series?.metric.hoge, 'hogehoge');
    const values = series?.values ?? [];
    for (const [time, value] of values) {
      for (const [laterTime, laterValue] of values.filter(([other]) => other > time)) {
        const intervals = ((laterTime - time) * 1000) / COUNT_MS;
        assert.ok(
          laterValue - value <= Math.floor(intervals) + 1,
          `${value} to ${laterValue} in ${intervals} intervals`,
        );
        assert.ok(
          laterValue - value >= Math.floor(intervals) - 1,
          `${value} to ${laterValue} in ${intervals} intervals`,
        );
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
