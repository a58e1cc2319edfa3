import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Counter, Gauge, Registry } from '../../src/index.ts';
import { ManualClock } from '../../src/scheduler/index.ts';
import { Events, read, servePage } from './page-client.ts';

test('events are everything first, and then what changed', async (t) => {
  const clock = new ManualClock();
  const { url, registry } = await servePage(t, {}, { clock });
  new Gauge({ name: 'still', help: 'Help.', registry }).set(1);
  const counter = new Counter({ name: 'moving_total', help: 'Help.', registry });
  const events = new Events(t, url);
  const { families } = await events.full();
  assert.deepEqual(
    families.map(({ name }) => name),
    ['moving_total', 'still'],
  );
  const moving = families[0]?.id ?? 0;
  await clock.advance('1s');
  await events.at(1);
  counter.inc(5);
  await clock.advance('1s');
  const { values } = await events.changes(2);
  assert.deepEqual(values, { [moving]: { series: 1, value: 5, rate: 5 } });
});

test('a collector that hangs is asked less often, so that the others are shown in time', async (t) => {
  const { url, registry } = await servePage(t, {}, { intervalMs: 50 });
  let calls = 0;
  registry.register({
    name: 'hanging',
    collect: () => {
      calls++;
      return new Promise(() => {});
    },
  });
  const events = new Events(t, url);
  const { collectors, health } = await events.full();
  assert.deepEqual([collectors[0]?.name, collectors[0]?.state], ['hanging', 'late']);
  assert.deepEqual(health.reasons, ['collector hanging is too slow']);
  await events.at(5);
  assert.equal(calls, 1);
});

test('a family that appears is described, and one that disappears is removed after a minute', async (t) => {
  const clock = new ManualClock();
  const { url, registry } = await servePage(t, {}, { clock });
  const events = new Events(t, url);
  await events.at(0);
  const gauge = new Gauge({ name: 'late', help: 'Help.', registry });
  await clock.advance('1s');
  const { families = [] } = await events.changes(1);
  assert.deepEqual(
    families.map(({ name }) => name),
    ['late'],
  );
  registry.unregister(gauge);
  let messages = 2;
  while (!events.all.some(({ data }) => data.includes(`"removed":[${families[0]?.id}]`))) {
    await clock.advance('1s');
    await events.at(messages++);
  }
  assert.ok(clock.now() >= 60_000);
});

test('samples of the page do not count as scrapes in which a collector failed', async (t) => {
  const clock = new ManualClock();
  const registry = new Registry();
  registry.register({
    name: 'broken',
    collect: () => {
      throw new Error('It always fails.');
    },
  });
  const { url } = await servePage(t, { registry }, { clock });
  const events = new Events(t, url);
  await events.at(0);
  for (let second = 1; second <= 5; second++) {
    await clock.advance('1s');
    await events.at(second);
  }
  await read(url, 'cardinality');
  assert.match(await registry.expose(), /^zeroprom_collector_errors_total\{collector="broken"\} 1$/m);
  await clock.advance('1s');
  const [collector] = (await events.changes(6)).collectors ?? [];
  assert.deepEqual([collector?.state, collector?.errors], ['failing', 1]);
});
