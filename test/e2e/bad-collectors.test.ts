import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Gauge, metricsHandler, Registry } from '../../src/index.ts';
import { serve } from '../http/serve.ts';
import { needs } from '../installed-programs.ts';
import { Prometheus, until } from './prometheus.ts';

test(
  'collectors that throw, hang and never settle cost a Prometheus that waits for a second only themselves',
  needs('prometheus'),
  async (t) => {
    const registry = new Registry();
    new Gauge({ name: 'metric', help: 'Help.', registry }).set(7);
    const family = { name: 'good', help: 'Help.', type: 'gauge' as const, points: [{ value: 1 }] };
    registry.register({ name: 'good', collect: () => [family] });
    registry.register({ name: 'throws', collect: () => Promise.reject(new Error('no')) });
    registry.register({ name: 'hangs', collect: () => new Promise<never>(() => {}) });
    registry.register({
      name: 'late',
      collect: () => new Promise((resolve) => setTimeout(() => resolve([{ ...family, name: 'late' }]), 60_000).unref()),
    });
    const url = await serve(t, metricsHandler({ registry }));
    const prometheus = await Prometheus.start(t, { target: new URL(url).host, interval: '1s' });
    // A tenth of a second is left for everything else, so some scrapes may be late on a busy machine.
    await until('four scrapes went well', async () => ((await prometheus.value('sum_over_time(up[5m])')) ?? 0) >= 4);
    for (const [expression, value] of [
      ['metric', 7],
      ['good', 1],
      ['late', undefined],
      ['zeroprom_collector_success{collector="good"}', 1],
      ['zeroprom_collector_success{collector="throws"}', 0],
      ['zeroprom_collector_success{collector="hangs"}', 0],
      ['zeroprom_collector_success{collector="late"}', 0],
    ] as const) {
      assert.equal(await prometheus.value(`last_over_time(${expression}[5m])`), value, expression);
    }
    const seconds = (await prometheus.value('min_over_time(scrape_duration_seconds[5m])')) ?? Number.NaN;
    assert.ok(seconds < 1, `${seconds} s`);
  },
);
