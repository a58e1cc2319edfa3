import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  Counter,
  Gauge,
  Histogram,
  Info,
  type MetricFamily,
  PeakGauge,
  Registry,
  StateSet,
  Summary,
} from '../../../src/index.ts';
import type { DirectCollector } from '../../../src/model/collector.ts';
import { Gathering } from '../../../src/registry/gathering.ts';
import { Merger, type MergeSource } from '../../../src/workers/merge/merger.ts';

type Worker = Omit<MergeSource, 'metrics'> & { readonly metrics: readonly object[] };

/** Merges workers and returns their lines without comments, and the reported problems. */
async function merged(workers: readonly Worker[], label = 'worker') {
  const merger = new Merger({ label });
  // Metrics are collectors; their declarations hide it.
  for (const worker of workers) await merger.add(worker as MergeSource);
  const gatherer = { gather: async () => new Gathering(merger.metrics, []) };
  const text = await Registry.merge(gatherer).expose();
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return { lines, problems: merger.problems.map(({ error }) => error.message) };
}

/** The same in each worker: `make` is called with the number of the worker. */
async function mergedAll(count: number, make: (worker: number) => object): Promise<string[]> {
  const workers = Array.from({ length: count }, (_, worker) => ({ worker, metrics: [make(worker)] }));
  const { lines, problems } = await merged(workers);
  assert.deepEqual(problems, []);
  return lines;
}

async function familyOf(metrics: readonly object[]): Promise<MetricFamily[]> {
  const merger = new Merger({ label: 'worker' });
  for (const [worker, metric] of metrics.entries()) {
    await merger.add({ worker, metrics: [metric as DirectCollector] });
  }
  const gatherer = { gather: async () => new Gathering(merger.metrics, []) };
  const { readSnapshot } = await import('../../../src/exposition/index.ts');
  return readSnapshot(await Registry.merge(gatherer).snapshot());
}

test('counters are added', async () => {
  const lines = await mergedAll(3, (worker) => {
    const jobs = new Counter({ name: 'jobs_total', help: 'Jobs.', labelNames: ['queue'], registry: null });
    jobs.inc({ queue: 'mail' }, worker + 1);
    jobs.inc({ queue: `only_${worker}` });
    return jobs;
  });
  assert.deepEqual(lines, [
    'jobs_total{queue="mail"} 6',
    'jobs_total{queue="only_0"} 1',
    'jobs_total{queue="only_1"} 1',
    'jobs_total{queue="only_2"} 1',
  ]);
});

test('counters without labels are added', async () => {
  const lines = await mergedAll(2, (worker) => {
    const jobs = new Counter({ name: 'jobs_total', help: 'Jobs.', registry: null });
    jobs.inc(worker + 1);
    return jobs;
  });
  assert.deepEqual(lines, ['jobs_total 3']);
});

test('series with the same labels in another order are the same', async () => {
  const lines = await mergedAll(2, (worker) => {
    const labelNames = worker === 0 ? (['a', 'b'] as const) : (['b', 'a'] as const);
    const jobs = new Counter({ name: 'jobs_total', help: 'Jobs.', labelNames, registry: null });
    jobs.inc({ a: 'x', b: 'y' });
    return jobs;
  });
  assert.deepEqual(lines, ['jobs_total{a="x",b="y"} 2']);
});

test('an empty label is the same as a missing one', async () => {
  const lines = await mergedAll(3, (worker) => {
    const labelNames = worker === 0 ? (['a', 'b'] as const) : (['a'] as const);
    const jobs = new Counter({ name: 'jobs_total', help: 'Jobs.', labelNames, registry: null });
    if (worker === 0) jobs.labels({ a: 'x', b: '' } as never).inc();
    else jobs.labels({ a: 'x' } as never).inc();
    return jobs;
  });
  assert.deepEqual(lines, ['jobs_total{a="x"} 3']);
});

test('label values that look like other series stay apart', async () => {
  const lines = await mergedAll(2, () => {
    const jobs = new Counter({ name: 'jobs_total', help: 'Jobs.', labelNames: ['a', 'b'], registry: null });
    jobs.inc({ a: 'x","b":"y', b: '' });
    jobs.inc({ a: 'x', b: 'y' });
    jobs.inc({ a: '__proto__', b: 'constructor' });
    return jobs;
  });
  assert.deepEqual(lines, [
    'jobs_total{a="x\\",\\"b\\":\\"y"} 2',
    'jobs_total{a="x",b="y"} 2',
    'jobs_total{a="__proto__",b="constructor"} 2',
  ]);
});

test('the start time of a sum is the earliest', async (t) => {
  t.mock.timers.enable({ apis: ['Date'], now: 50_000 });
  const metrics = [50, 20, 90].map((seconds) => {
    t.mock.timers.setTime(seconds * 1000);
    return new Counter({ name: 'jobs_total', help: 'Jobs.', registry: null });
  });
  const [family] = await familyOf(metrics);
  assert.equal([...(family?.points ?? [])][0]?.startTimestamp, 20);
});

test('buckets, counts and sums of histograms are added', async () => {
  const lines = await mergedAll(2, (worker) => {
    const sizes = new Histogram({ name: 'size', help: 'Size.', buckets: [1, 5], registry: null });
    sizes.observe(worker === 0 ? 0.5 : 3);
    sizes.observe(100);
    return sizes;
  });
  assert.deepEqual(lines, [
    'size_bucket{le="1"} 1',
    'size_bucket{le="5"} 2',
    'size_bucket{le="+Inf"} 4',
    'size_sum 203.5',
    'size_count 4',
  ]);
});

test('a worker whose histogram has other buckets is refused, also its own series', async () => {
  const sizesOf = (buckets: readonly number[], kind: string) => {
    const sizes = new Histogram({ name: 'size', help: 'Size.', labelNames: ['kind'], buckets, registry: null });
    sizes.observe({ kind }, 1);
    return sizes;
  };
  const { lines, problems } = await merged([
    { worker: 0, metrics: [sizesOf([1, 5], 'a')] },
    { worker: 1, metrics: [sizesOf([1, 2], 'b')] },
  ]);
  assert.equal(lines.filter((line) => line.includes('"b"')).length, 0);
  assert.equal(lines.at(-1), 'size_count{kind="a"} 1');
  assert.deepEqual(problems, [
    'size of worker 1 is not shown, or not all of it: its buckets must be the same in all workers, up to 1, 5, got 1, 2.',
  ]);
});

test('the newest exemplar of each bucket is shown', async (t) => {
  t.mock.timers.enable({ apis: ['Date'], now: 0 });
  const metrics = [2, 9, 5].map((seconds) => {
    t.mock.timers.setTime(seconds * 1000);
    const sizes = new Histogram({ name: 'size', help: 'Size.', buckets: [1], registry: null });
    sizes.observe(0.5, { trace_id: `at ${seconds}` });
    return sizes;
  });
  const [family] = await familyOf(metrics);
  assert.equal(family?.type, 'histogram');
  if (family?.type !== 'histogram') return;
  const [point] = [...family.points];
  assert.deepEqual(point?.value.exemplars?.[0]?.labels, { trace_id: 'at 9' });
});

test('counts and sums of summaries are added, and quantiles are left out', async () => {
  const lines = await mergedAll(2, (worker) => {
    const sizes = new Summary({ name: 'size', help: 'Size.', quantiles: [0.5], registry: null });
    sizes.observe(worker + 1);
    return sizes;
  });
  assert.deepEqual(lines, ['size_sum 3', 'size_count 2']);
});

test('infos are united', async () => {
  const lines = await mergedAll(3, (worker) => {
    const build = new Info({ name: 'build_info', help: 'Build.', labelNames: ['version'], registry: null });
    build.set({ version: worker === 2 ? '2' : '1' });
    return build;
  });
  assert.deepEqual(lines, ['build_info{version="1"} 1', 'build_info{version="2"} 1']);
});

test('gauges are shown per worker by default', async () => {
  const lines = await mergedAll(2, (worker) => {
    const length = new Gauge({ name: 'queue_length', help: 'Length.', labelNames: ['queue'], registry: null });
    length.set({ queue: 'mail' }, worker + 5);
    return length;
  });
  assert.deepEqual(lines, ['queue_length{worker="0",queue="mail"} 5', 'queue_length{worker="1",queue="mail"} 6']);
});

test('state sets are shown per worker', async () => {
  const lines = await mergedAll(2, (worker) => {
    const phase = new StateSet({ name: 'phase', help: 'Phase.', states: ['idle', 'busy'], registry: null });
    phase.switchTo(worker === 0 ? 'idle' : 'busy');
    return phase;
  });
  assert.deepEqual(lines, [
    'phase{worker="0",phase="idle"} 1',
    'phase{worker="0",phase="busy"} 0',
    'phase{worker="1",phase="idle"} 0',
    'phase{worker="1",phase="busy"} 1',
  ]);
});

test('a state set across workers: mostRecent', async (t) => {
  t.mock.timers.enable({ apis: ['Date'], now: 0 });
  const times = [10, 30, 20];
  const states = ['idle', 'busy', 'done'] as const;
  const lines = await mergedAll(4, (worker) => {
    const phase = new StateSet({ name: 'phase', help: 'P.', states, acrossWorkers: 'mostRecent', registry: null });
    t.mock.timers.setTime((times[worker] ?? 0) * 1000);
    if (worker === 1) phase.set('busy');
    else if (worker < 3) phase.switchTo(states[worker]!);
    return phase;
  });
  assert.deepEqual(lines, ['phase{phase="idle"} 0', 'phase{phase="busy"} 1', 'phase{phase="done"} 0']);
});

test('a worker whose state set has other states is refused', async () => {
  const phase = (states: readonly string[]) => {
    const metric = new StateSet({ name: 'phase', help: 'P.', states, acrossWorkers: 'mostRecent', registry: null });
    metric.switchTo('busy');
    return metric;
  };
  const { lines, problems } = await merged([
    { worker: 0, metrics: [phase(['idle', 'busy'])] },
    { worker: 1, metrics: [phase(['busy', 'idle'])] },
  ]);
  assert.deepEqual(lines, ['phase{phase="idle"} 0', 'phase{phase="busy"} 1']);
  assert.match(problems[0] ?? '', /phase of worker 1 .*states must be idle, busy in all workers, got busy, idle/);
});

test('a limit keeps the first series of each family, with their values', async () => {
  const merger = new Merger({ label: 'worker' });
  const jobs = new Counter({ name: 'jobs_total', help: 'Jobs.', labelNames: ['id'], registry: null });
  for (let id = 0; id < 1000; id++) jobs.inc({ id: String(id) }, id);
  const few = new Counter({ name: 'few_total', help: 'Few.', registry: null });
  // Metrics are collectors; their declarations hide it.
  const source = { metrics: [jobs, few] } as unknown as MergeSource;
  await merger.add(source);
  assert.deepEqual(await merger.limit(300), ['jobs_total']);
  assert.deepEqual(await merger.limit(300), []);
  await merger.add(source);
  assert.deepEqual(await merger.limit(300), ['jobs_total']);
  const gatherer = { gather: async () => new Gathering(merger.metrics, []) };
  const lines = (await Registry.merge(gatherer).expose()).split('\n').filter((line) => line.startsWith('jobs_total{'));
  assert.equal(lines.length, 300);
  assert.equal(lines[299], 'jobs_total{id="299"} 598');
});

for (const [mode, expected] of [
  ['sum', '14'],
  ['keptSum', '14'],
  ['keptMin', '2'],
  ['keptMax', '9'],
  ['min', '2'],
  ['max', '9'],
  ['mean', '4.666666666666667'],
] as const) {
  test(`a gauge across workers: ${mode}`, async () => {
    const values = [3, 9, 2];
    const lines = await mergedAll(3, (worker) => {
      const length = new Gauge({ name: 'queue_length', help: 'Length.', acrossWorkers: mode, registry: null });
      length.set(values[worker]!);
      return length;
    });
    assert.deepEqual(lines, [`queue_length ${expected}`]);
  });
}

test('a gauge across workers: mostRecent', async (t) => {
  t.mock.timers.enable({ apis: ['Date'], now: 0 });
  const times = [10, 30, 20];
  const lines = await mergedAll(3, (worker) => {
    const version = new Gauge({ name: 'version', help: 'Version.', acrossWorkers: 'mostRecent', registry: null });
    t.mock.timers.setTime(times[worker]! * 1000);
    version.set(worker + 1);
    return version;
  });
  assert.deepEqual(lines, ['version 2']);
});

test('a worker that has not set a gauge does not hide the most recent value', async () => {
  const lines = await mergedAll(2, (worker) => {
    const version = new Gauge({ name: 'version', help: 'Version.', acrossWorkers: 'mostRecent', registry: null });
    if (worker === 0) version.set(7);
    return version;
  });
  assert.deepEqual(lines, ['version 7']);
});

test('a gauge that shows the most recent value cannot be increased', () => {
  for (const acrossWorkers of ['mostRecent', 'keptMostRecent'] as const) {
    const version = new Gauge({ name: 'version', help: 'Version.', acrossWorkers, registry: null });
    assert.throws(() => version.inc(), /Gauge version can only be set/);
    assert.throws(() => version.labels().dec(), TypeError);
  }
});

test('an unknown value of acrossWorkers is refused', () => {
  assert.throws(
    () => new Gauge({ name: 'version', help: 'Version.', acrossWorkers: 'avg' as never, registry: null }),
    /version: acrossWorkers must be one of perWorker, sum, .*, got avg/,
  );
});

test('workers without a peak do not hide the largest one', async () => {
  const lines = await mergedAll(3, (worker) => {
    const peak = new PeakGauge({ name: 'peak', help: 'Peak.', acrossWorkers: 'max', registry: null });
    if (worker === 1) peak.observe(4);
    return peak;
  });
  assert.deepEqual(lines, ['peak 4']);
});

test('a gauge of a worker that has its own label worker is refused, unless the label has another name', async () => {
  const jobs = () => {
    const gauge = new Gauge({ name: 'jobs', help: 'Jobs.', labelNames: ['worker'], registry: null });
    gauge.set({ worker: 'mail' }, 1);
    return gauge;
  };
  const { lines, problems } = await merged([{ worker: 0, metrics: [jobs()] }]);
  assert.deepEqual(lines, []);
  assert.match(problems[0] ?? '', /jobs of worker 0 is not shown.*already has a label worker/);
  const renamed = await merged([{ worker: 0, metrics: [jobs()] }], 'process');
  assert.deepEqual(renamed.lines, ['jobs{process="0",worker="mail"} 1']);
});

test('workers that define a family differently are refused, except for its help', async () => {
  const { lines, problems } = await merged([
    { worker: 0, metrics: [new Counter({ name: 'a_total', help: 'A.', registry: null })] },
    { worker: 1, metrics: [new Counter({ name: 'a_total', help: 'B.', registry: null })] },
    { worker: 2, metrics: [new Gauge({ name: 'a_total', help: 'A.', registry: null })] },
    { worker: 3, metrics: [new Gauge({ name: 'b', help: 'B.', acrossWorkers: 'sum', registry: null })] },
    { worker: 4, metrics: [new Gauge({ name: 'b', help: 'B.', acrossWorkers: 'max', registry: null })] },
    { worker: 5, metrics: [new Histogram({ name: 'b', help: 'B.', registry: null })] },
  ]);
  assert.deepEqual(lines, ['a_total 0', 'b 0']);
  assert.deepEqual(
    problems.map((problem) => problem.replace('is not shown, or not all of it: ', '')),
    [
      'a_total of worker 2 its type is gauge, but counter in another worker.',
      'b of worker 4 its acrossWorkers is max, but sum in another worker.',
      'b of worker 5 its type is histogram, but gauge in another worker.',
    ],
  );
});

test('a family whose samples would have the name of another is refused', async () => {
  const { lines, problems } = await merged([
    { worker: 0, metrics: [new Histogram({ name: 'a', help: 'A.', buckets: [], registry: null })] },
    { worker: 1, metrics: [new Counter({ name: 'a_count', help: 'A.', registry: null })] },
  ]);
  assert.deepEqual(lines, ['a_bucket{le="+Inf"} 0', 'a_sum 0', 'a_count 0']);
  assert.match(problems[0] ?? '', /a_count of worker 1 is not shown.*cannot stand beside a/);
});

test('a removed series counts as long as another worker has it', async () => {
  const counter = (queue: string, value: number) => {
    const jobs = new Counter({ name: 'jobs_total', help: 'Jobs.', labelNames: ['queue'], registry: null });
    jobs.inc({ queue }, value);
    return jobs as object as DirectCollector;
  };
  const { lines } = await merged([
    { worker: 0, metrics: [counter('mail', 1)], departed: [counter('print', 10)] },
    { worker: 1, metrics: [], departed: [counter('mail', 100), counter('fax', 1000)] },
  ]);
  assert.deepEqual(lines, ['jobs_total{queue="mail"} 101']);
});
