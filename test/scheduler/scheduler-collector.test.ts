import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import type { MetricFamily } from '../../src/model/index.ts';
import type { Registrar } from '../../src/scheduler/index.ts';
import { SchedulerCollector } from '../../src/scheduler/scheduler-collector.ts';
import { forever, setUpScheduler } from './scheduler-fixture.ts';

/** A registry that returns the families of its collectors as lines. */
class LineRegistry implements Registrar {
  readonly collectors: SchedulerCollector[] = [];

  register(collector: object): void {
    assert.ok(collector instanceof SchedulerCollector);
    this.collectors.push(collector);
  }

  families(): MetricFamily<'counter' | 'gauge'>[] {
    return this.collectors.flatMap((collector) => [...collector.collect()]);
  }

  lines(pattern = /./): string[] {
    const lines = this.families().flatMap(({ name, points }) =>
      [...points].map(({ labels = {}, value }) => `${name} ${Object.values(labels).join(' ')}: ${value}`),
    );
    return lines.map((line) => line.replace('scheduler_task_', '')).filter((line) => pattern.test(line));
  }
}

function setUpMetrics() {
  const registry = new LineRegistry();
  return { registry, ...setUpScheduler({ registry }) };
}

test('a scheduler registers its metrics once', () => {
  const { registry } = setUpMetrics();
  assert.deepEqual(
    registry.collectors.map(({ name }) => name),
    ['scheduler'],
  );
});

test('without tasks there are no families', () => {
  assert.deepEqual(setUpMetrics().registry.families(), []);
});

test('a new task has all its series from the start, including every result', () => {
  const { registry, scheduler } = setUpMetrics();
  scheduler.every('30s', () => {}, { name: 'count' });
  assert.deepEqual(registry.lines().sort(), [
    'abandoned_runs count: 0',
    'consecutive_failures count: 0',
    'interval_seconds count: 30',
    'lag_seconds count: 0',
    'last_duration_seconds count: 0',
    'last_run_timestamp_seconds count: 0',
    'last_success_timestamp_seconds count: 0',
    'missed_total count: 0',
    'next_run_timestamp_seconds count: 0',
    'running count: 0',
    'runs_total count aborted: 0',
    'runs_total count error: 0',
    'runs_total count success: 0',
    'runs_total count timeout: 0',
    'skipped_total count: 0',
  ]);
});

test('help texts are sentences, and only counters end in _total', () => {
  const { registry, scheduler } = setUpMetrics();
  scheduler.every('30s', () => {}, { name: 'count' });
  for (const { name, help, type } of registry.families()) {
    assert.match(name, /^scheduler_task_[a-z_]+$/);
    assert.match(help, /^[A-Z].*\.$/);
    assert.equal(type === 'counter', name.endsWith('_total'));
  }
});

test('times are exposed in seconds', async () => {
  const { clock, registry, scheduler } = setUpMetrics();
  scheduler.every('30s', () => clock.block('1500ms'), { name: 'count' });
  scheduler.start();
  clock.setWall(1_000_000_000_000);
  clock.block('30250ms');
  await clock.advance('5s');
  assert.deepEqual(registry.lines(/success|last|next|lag/), [
    'lag_seconds count: 0.25',
    'last_duration_seconds count: 1.5',
    'last_run_timestamp_seconds count: 1000000030.25',
    'last_success_timestamp_seconds count: 1000000031.75',
    'next_run_timestamp_seconds count: 1000000060',
    'runs_total count success: 1',
  ]);
});

test('failures, timeouts, skips, misses and abandoned runs are counted', async () => {
  const { clock, registry, scheduler } = setUpMetrics();
  scheduler.every('10s', () => Promise.reject(new Error('no')), { name: 'broken' });
  scheduler.every('10s', forever, { name: 'deaf', timeout: '12s', abandonAfter: '1s' });
  scheduler.start();
  await clock.advance('25s');
  clock.block('20s');
  await clock.advance(0);
  assert.deepEqual(registry.lines(/ (broken|deaf)( \w+)?: [1-9]\d?$/), [
    'abandoned_runs deaf: 1',
    'consecutive_failures broken: 3',
    'consecutive_failures deaf: 1',
    'interval_seconds broken: 10',
    'interval_seconds deaf: 10',
    'lag_seconds broken: 15',
    'lag_seconds deaf: 15',
    'last_duration_seconds deaf: 12',
    'missed_total broken: 1',
    'missed_total deaf: 1',
    'running deaf: 1',
    'skipped_total deaf: 1',
    'runs_total broken error: 3',
    'runs_total deaf timeout: 1',
  ]);
});

test('a removed task has no series', () => {
  const { registry, scheduler } = setUpMetrics();
  scheduler.every('30s', () => {}, { name: 'count' });
  scheduler.every('30s', () => {}, { name: 'other' });
  scheduler.remove('count');
  assert.deepEqual(registry.lines(/count/), []);
  assert.equal(registry.lines(/ other/).length, 15);
});

test('a task may have any name', () => {
  const { registry, scheduler } = setUpMetrics();
  for (const name of ['__proto__', 'a "quoted" one', 'übung']) scheduler.every('30s', () => {}, { name });
  assert.deepEqual(registry.lines(/running/), [
    'running __proto__: 0',
    'running a "quoted" one: 0',
    'running übung: 0',
  ]);
});

test('the documentation lists exactly these series', () => {
  const { registry, scheduler } = setUpMetrics();
  scheduler.every('30s', () => {}, { name: 'count' });
  const rows = readFileSync('docs/scheduler.md', 'utf8').matchAll(/^\| `(scheduler_\w+)` \|/gm);
  const names = registry.families().map(({ name }) => name);
  assert.deepEqual([...rows].map(([, name]) => name).sort(), names.sort());
});
