import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openMetrics } from '../../src/exposition/index.ts';
import { Counter, Gauge, Histogram, Registry } from '../../src/index.ts';
import { ManualClock as SchedulersClock } from '../../src/scheduler/index.ts';
import {
  assertExposition,
  assertIncreases,
  assertNoSeriesLeak,
  ManualClock,
  renderMetric,
} from '../../src/testing/index.ts';
import { collectorOf, gauge } from '../registry/gauges.ts';

function jobs(): Counter<readonly ['queue']> {
  return new Counter({ name: 'jobs_total', help: 'Jobs.', labelNames: ['queue'], registry: null });
}

test('renderMetric() returns a single metric, in any text format', async () => {
  const counter = jobs();
  counter.inc({ queue: 'mail' });
  assert.equal(
    await renderMetric(counter),
    '# HELP jobs_total Jobs.\n# TYPE jobs_total counter\njobs_total{queue="mail"} 1\n',
  );
  assert.equal(
    await renderMetric(counter, openMetrics),
    '# HELP jobs Jobs.\n# TYPE jobs counter\njobs_total{queue="mail"} 1\n# EOF\n',
  );
});

test('assertIncreases() returns the result of the function, synchronous or not', async () => {
  const counter = jobs();
  const work = (count: number) => {
    counter.inc({ queue: 'mail' }, count);
    return count;
  };
  const increase = { name: 'jobs_total', labels: { queue: 'mail' } };
  assert.equal(await assertIncreases(counter, increase, () => work(1)), 1);
  assert.equal(await assertIncreases(counter, { ...increase, by: 5 }, async () => work(5)), 5);
  assert.equal(await assertIncreases(counter, { ...increase, by: 0 }, () => 'nothing'), 'nothing');
});

test('assertIncreases() allows for rounding errors of decimal fractions', async () => {
  const load = new Gauge({ name: 'load', help: '', registry: null });
  load.set(0.1);
  await assertIncreases(load, { name: 'load', by: 0.2 }, () => load.inc(0.2));
});

test('assertIncreases() reports the actual increase', async () => {
  const counter = jobs();
  counter.inc({ queue: 'mail' }, 3);
  const increase = { name: 'jobs_total', labels: { queue: 'mail' }, by: 2 };
  await assert.rejects(
    assertIncreases(counter, increase, () => counter.inc({ queue: 'mail' })),
    {
      name: 'AssertionError',
      message: 'Expected jobs_total{queue="mail"} to increase by 2, but it increased by 1, from 3 to 4.',
      actual: 1,
      expected: 2,
    },
  );
  await assert.rejects(
    assertIncreases(counter, { name: 'jobs_total', labels: { queue: 'x' } }, () => {}),
    {
      message: 'Sample jobs_total{queue="x"} does not exist; expected it to increase by 1.',
    },
  );
});

test('assertIncreases() passes on errors of the function', async () => {
  const rejection = assertIncreases(jobs(), { name: 'jobs_total' }, () => Promise.reject(new Error('broken')));
  await assert.rejects(rejection, new Error('broken'));
});

function page(): Registry {
  const registry = new Registry();
  const counter = new Counter({ name: 'jobs_total', help: 'Jobs.', labelNames: ['queue', 'host'], registry });
  counter.inc({ queue: 'mail', host: 'a' }, 1000);
  counter.inc({ queue: 'chat', host: 'b}' }, 2);
  new Histogram({ name: 'seconds', help: 'Seconds.', buckets: [1, 10], registry }).observe(0.5);
  registry.register(collectorOf('up', () => [gauge('up')]));
  return registry;
}

test('assertExposition() ignores order, HELP, number notation and self metrics', async () => {
  await assertExposition(
    page(),
    `
    # TYPE up gauge
    up 1.0
    # TYPE seconds histogram
    seconds_bucket{le="10.0"} 1
    seconds_bucket{le="1.0"} 1
    seconds_bucket{le="+Inf"} 1
    seconds_count 1
    seconds_sum 5e-1
    # HELP jobs_total Jobs.
    # TYPE jobs_total counter
    jobs_total{host="b}",queue="chat"} 2
    jobs_total{host="a",queue="mail"} 1e3
    `,
  );
});

test('assertExposition() shows the lines that differ', async () => {
  const expected = `
    # HELP jobs_total Work.
    # TYPE jobs_total counter
    jobs_total{queue="chat",host="b}"} 3
    jobs_total{queue="mail",host="a"} 1000
    jobs_total{queue="none",host="a"} 1
    # TYPE up counter
    up 1`;
  await assert.rejects(assertExposition(page(), expected, { names: ['jobs_total', 'up'] }), {
    name: 'AssertionError',
    message: `The exposition is not as expected (- expected, + actual):

- # HELP jobs_total Work.
+ # HELP jobs_total Jobs.
  # TYPE jobs_total counter
  jobs_total{host="a",queue="mail"} 1000
- jobs_total{host="a",queue="none"} 1
- jobs_total{host="b}",queue="chat"} 3
+ jobs_total{host="b}",queue="chat"} 2
- # TYPE up counter
+ # TYPE up gauge
  up 1
`,
  });
});

test('assertExposition() compares only the given names of families and samples', async () => {
  await assertExposition(page(), '# TYPE up gauge\nup 1', { names: ['up'] });
  await assert.rejects(assertExposition(page(), '# TYPE up gauge\nup 1', { names: ['up', 'seconds_count'] }));
  await assert.rejects(assertExposition(page(), '# TYPE up gauge\nup 1'));
});

test('assertExposition() accepts a single metric', async () => {
  const counter = jobs();
  await assertExposition(counter, '');
  counter.inc({ queue: 'mail' });
  await assertExposition(counter, '# TYPE jobs_total counter\njobs_total{queue="mail"} 1');
  await assert.rejects(assertExposition(counter, 'jobs_total{queue="mail"} 1'), /\+ # TYPE jobs_total counter/);
});

test('assertExposition() compares self metrics that are expected', async () => {
  const expected = '# TYPE zeroprom_collector_success gauge\nzeroprom_collector_success{collector="up"} 1';
  await assertExposition(page(), expected, { names: ['zeroprom_collector_success'] });
  await assert.rejects(
    assertExposition(page(), expected.replace(/1$/, '0'), { names: ['zeroprom_collector_success'] }),
    /\+ zeroprom_collector_success\{collector="up"\} 1/,
  );
});

test('assertExposition() reports malformed lines', async () => {
  await assert.rejects(assertExposition(jobs(), 'this is not a sample line'), /- this is not a sample line/);
});

test('assertNoSeriesLeak() passes if series come and go', async () => {
  const counter = jobs();
  counter.inc({ queue: 'old' });
  const result = await assertNoSeriesLeak(counter, async () => {
    counter.inc({ queue: 'new' });
    counter.remove({ queue: 'old' });
    return 'done';
  });
  assert.equal(result, 'done');
});

test('assertNoSeriesLeak() lists the new series', async () => {
  const registry = new Registry();
  const counter = new Counter({ name: 'jobs_total', help: '', labelNames: ['id'], registry });
  await assert.rejects(
    assertNoSeriesLeak(registry, () => counter.inc({ id: 'a"b' })),
    {
      name: 'AssertionError',
      message: 'The number of series increased from 0 to 1. New series:\njobs_total{id="a\\"b"}',
    },
  );
  const many = () => {
    for (let id = 0; id < 30; id++) counter.inc({ id });
  };
  await assert.rejects(assertNoSeriesLeak(registry, many), /increased from 1 to 31\.[\s\S]+\.\.\. and 20 more$/);
});

test('ManualClock is the class of zeroprom/scheduler', () => {
  assert.equal(ManualClock, SchedulersClock);
});
