import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Counter, Gauge, Histogram, Info, StateSet } from '../../src/index.ts';
import type { FullMessage } from '../../src/status-page/protocol.ts';
import { read, servePage } from './page-client.ts';

test('a snapshot has all families with their values', async (t) => {
  const { url, registry } = await servePage(t, { name: 'shop', version: '1.2' });
  new Counter({ name: 'a_total', help: 'A.', labelNames: ['x'], registry }).inc({ x: '1' }, 3);
  new Gauge({ name: 'b_bytes', unit: 'bytes', help: 'B.', registry }).set(7);
  new Info({ name: 'c_info', help: 'C.', labelNames: ['v'], registry }).set({ v: '9' });
  new StateSet({ name: 'd', help: 'D.', states: ['on', 'off'], registry }).set('off');
  new Histogram({ name: 'e_seconds', help: 'E.', buckets: [1, 2], registry }).observe(1.5);
  const { about, families, health } = await read<FullMessage>(url, 'snapshot');
  assert.equal(about.name, 'shop');
  assert.equal(about.version, '1.2');
  assert.equal(health.state, 'healthy');
  assert.deepEqual(
    families.map(({ id, ...family }) => family),
    [
      {
        name: 'a_total',
        help: 'A.',
        type: 'counter',
        labels: ['x'],
        aggregate: 'sum',
        values: { series: 1, value: 3 },
      },
      {
        name: 'b_bytes',
        help: 'B.',
        type: 'gauge',
        unit: 'bytes',
        labels: [],
        aggregate: 'sum',
        values: { series: 1, value: 7 },
      },
      {
        name: 'c_info',
        help: 'C.',
        type: 'info',
        labels: ['v'],
        aggregate: 'sum',
        facts: [[['v', '9']]],
        values: { series: 1 },
      },
      {
        name: 'd',
        help: 'D.',
        type: 'stateset',
        labels: [],
        aggregate: 'sum',
        states: ['on', 'off'],
        values: { series: 1, states: [0, 1] },
      },
      {
        name: 'e_seconds',
        help: 'E.',
        type: 'histogram',
        labels: [],
        aggregate: 'sum',
        upperBounds: [1, 2],
        values: { series: 1, value: 1 },
      },
    ],
  );
});

test('a snapshot of merged workers that were scraped lists them, without a choice', async (t) => {
  const { url, registry } = await servePage(t);
  assert.equal((await read<FullMessage>(url, 'snapshot')).workers, undefined);
  const up = new Gauge({ name: 'zeroprom_worker_up', help: 'Help.', labelNames: ['worker'], registry });
  const age = new Gauge({
    name: 'zeroprom_worker_snapshot_age_seconds',
    help: 'Help.',
    labelNames: ['worker'],
    registry,
  });
  for (const worker of [1, 2]) {
    up.set({ worker }, worker === 1 ? 1 : 0);
    age.set({ worker }, worker * 3);
  }
  let { workers } = await read<FullMessage>(url, 'snapshot');
  while (workers === undefined) ({ workers } = await read<FullMessage>(url, 'snapshot'));
  assert.deepEqual(workers, {
    shown: 'all',
    canChoose: false,
    label: 'worker',
    list: [
      { worker: '1', isUp: true, ageSeconds: 3 },
      { worker: '2', isUp: false, ageSeconds: 6 },
    ],
  });
});

for (const prefix of ['zeroprom_collector', 'node_scrape_collector']) {
  test(`collectors of other processes are listed by ${prefix}_success, the worst first`, async (t) => {
    const { url, registry } = await servePage(t);
    const labelNames = ['worker', 'collector'];
    const success = new Gauge({ name: `${prefix}_success`, help: 'Help.', labelNames, registry });
    const seconds = new Gauge({ name: `${prefix}_duration_seconds`, help: 'Help.', labelNames, registry });
    success.set({ worker: 1, collector: 'cpu' }, 1);
    success.set({ worker: 2, collector: 'cpu' }, 0);
    seconds.set({ worker: 2, collector: 'cpu' }, 0.25);
    const { collectors, health } = await read<FullMessage>(url, 'snapshot');
    assert.deepEqual(collectors, [
      { name: 'cpu, worker 2', state: 'failing', seconds: 0.25 },
      { name: 'cpu, worker 1', state: 'ok' },
    ]);
    assert.deepEqual(health, { state: 'failing', reasons: ['collector cpu, worker 2 fails'] });
  });
}
