import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { overridesFile, run, runWith } from './programs.ts';

const METRICS = `
  import { Counter, defaultRegistry, Gauge, Histogram, Registry, Summary } from './src/index.js';
  const jobs = new Counter({ name: 'jobs_total', help: 'Jobs.', labelNames: ['queue'] });
  jobs.inc({ queue: 'mail' });
  jobs.inc({ queue: 'print' });
  const sizes = new Histogram({ name: 'size_bytes', unit: 'bytes', help: 'Sizes.' });
  sizes.observe(3);
  new Gauge({ name: 'noise', help: 'Noise.' }).set(1);
`;
const PRINT = 'console.log(await defaultRegistry.expose());';

suite('overrides', { concurrency: 2 }, () => {
  test('a dropped metric is not exposed and still works', async (t) => {
    const { stdout, stderr } = await runWith(
      t,
      'metrics: { noise: { drop: true }, jobs_total: { drop: yes } }',
      `${METRICS} jobs.inc({ queue: 'mail' }); console.log(defaultRegistry.has(jobs)); ${PRINT}`,
    );
    assert.match(stdout, /^true$/m);
    assert.doesNotMatch(stdout, /noise|jobs_total/);
    assert.match(stdout, /^size_bytes_count 1$/m);
    assert.equal(stderr, '');
  });

  test('a renamed metric keeps its values, and the program finds it under its own name', async (t) => {
    const { stdout, stderr } = await runWith(
      t,
      'metrics:\n  jobs_total:\n    rename: work_total\n',
      `${METRICS} console.log(defaultRegistry.get('jobs_total') === jobs, defaultRegistry.has(jobs));
       console.log(defaultRegistry.getOrCreate(Counter, { name: 'jobs_total', help: 'Jobs.', labelNames: ['queue'] }) === jobs);
       ${PRINT}`,
    );
    assert.match(stdout, /^true true\ntrue$/m);
    assert.match(stdout, /^# HELP work_total Jobs\.\n# TYPE work_total counter\nwork_total\{queue="mail"\} 1$/m);
    assert.doesNotMatch(stdout, /jobs_total/);
    assert.equal(stderr, '');
  });

  test('a renamed metric has its unit only if its new name ends in it', async (t) => {
    const { stdout } = await runWith(
      t,
      'metrics: { size_bytes: { rename: size }, a_seconds: { rename: b_seconds }, c_seconds_total: { rename: d_seconds_total } }',
      `${METRICS}
       new Gauge({ name: 'a', unit: 'seconds', help: 'A.' }).set(1);
       new Counter({ name: 'c_total', unit: 'seconds', help: 'C.' }).inc();
       const { openMetrics } = await import('./src/exposition/index.js');
       console.log(await defaultRegistry.expose(openMetrics));`,
    );
    assert.match(stdout, /^# TYPE size histogram$/m);
    assert.doesNotMatch(stdout, /UNIT size/);
    assert.match(stdout, /^# UNIT b_seconds seconds$/m);
    assert.match(stdout, /^# UNIT d_seconds seconds$/m);
  });

  test('two metrics can exchange their names', async (t) => {
    const { stdout, stderr } = await runWith(
      t,
      'metrics: { a: { rename: b }, b: { rename: a } }',
      `import { defaultRegistry, Gauge } from './src/index.js';
       new Gauge({ name: 'a', help: 'A.' }).set(1); new Gauge({ name: 'b', help: 'B.' }).set(2); ${PRINT}`,
    );
    assert.match(stdout, /# HELP a B\.\n.*\na 2\n# HELP b A\.\n.*\nb 1\n/);
    assert.equal(stderr, '');
  });

  test('labels are added to all series', async (t) => {
    const { stdout } = await runWith(
      t,
      'metrics: { jobs_total: { labels: { team: "a b", zone: 1 } } }',
      METRICS + PRINT,
    );
    assert.match(stdout, /^jobs_total\{team="a b",zone="1",queue="mail"\} 1$/m);
    assert.match(stdout, /^jobs_total\{team="a b",zone="1",queue="print"\} 1$/m);
  });

  test('buckets replace those of the program', async (t) => {
    const { stdout } = await runWith(t, 'metrics: { size_bytes: { buckets: [1, 2.5, 1e3, +Inf] } }', METRICS + PRINT);
    assert.deepEqual(
      [...stdout.matchAll(/size_bytes_bucket\{le="([^"]+)"\}/g)].map(([, bound]) => bound),
      ['1', '2.5', '1000', '+Inf'],
    );
  });

  test('native buckets are enabled and disabled', async (t) => {
    const { stdout } = await runWith(
      t,
      'metrics: { size_bytes: { native: true }, both: { native: true, buckets: [5] }, classic: { native: false, buckets: [7] } }',
      `import { defaultRegistry, Histogram } from './src/index.js';
       new Histogram({ name: 'size_bytes', help: 'S.' }).observe(1);
       new Histogram({ name: 'both', help: 'B.' }).observe(1);
       new Histogram({ name: 'classic', help: 'C.', native: {} }).observe(1);
       for (const { name, points: [{ value: { native, upperBounds } }] } of await defaultRegistry.snapshot())
         console.log(name, native !== undefined, ...upperBounds);`,
    );
    assert.equal(stdout, 'both true 5\nclassic false 7\nsize_bytes true\n');
  });

  test('the limit of series replaces that of the program', async (t) => {
    const { stdout } = await runWith(
      t,
      'metrics: { jobs_total: { max_series: 1 } }',
      `${METRICS} for (let i = 0; i < 5; i++) jobs.inc({ queue: String(i) }); ${PRINT}`,
    );
    assert.match(stdout, /^jobs_total\{queue="mail"\} 1$/m);
    assert.match(stdout, /^jobs_total\{queue="__overflow__"\} 6$/m);
  });

  test('families of collectors, default metrics and metrics about the registry are overridden', async (t) => {
    const { stdout, stderr } = await runWith(
      t,
      `metrics:
  rows: { rename: table_rows, labels: { db: main } }
  secret: { drop: true }
  process_resident_memory_bytes: { drop: true }
  zeroprom_collector_duration_seconds: { drop: true }
  zeroprom_collector_success: { labels: { team: a } }
`,
      `import { defaultRegistry } from './src/index.js';
       import { collectDefaults } from './src/collectors/index.js';
       const family = (name, labels = {}) => ({ name, help: 'H.', type: 'gauge', points: [{ labels, value: 1 }] });
       defaultRegistry.register({ name: 'db', collect: () => [family('rows', { table: 'a' }), family('secret')] });
       const defaults = collectDefaults();
       ${PRINT} defaults.stop();`,
    );
    assert.match(stdout, /^table_rows\{db="main",table="a"\} 1$/m);
    assert.match(stdout, /^zeroprom_collector_success\{team="a",collector="db"\} 1$/m);
    assert.match(stdout, /^process_virtual_memory_bytes/m);
    assert.doesNotMatch(stdout, /secret|^rows|process_resident_memory_bytes|collector_duration_seconds/m);
    assert.equal(stderr, '');
  });

  test('a metric that is registered through a view has the name of the view', async (t) => {
    const { stdout, stderr } = await runWith(
      t,
      'metrics: { app_size: { buckets: [7], rename: app_sizes, labels: { a: b } } }',
      `import { defaultRegistry, Histogram } from './src/index.js';
       const registry = defaultRegistry.withPrefix('app_').withLabels({ tenant: 1 });
       new Histogram({ name: 'size', help: 'S.', registry }).observe(1);
       new Histogram({ name: 'size', help: 'S.' }).observe(1);
       ${PRINT}`,
    );
    assert.match(stdout, /^app_sizes_bucket\{a="b",tenant="1",le="7"\} 1$/m);
    assert.match(stdout, /^size_bucket\{le="0\.005"\} 0$/m);
    assert.equal(stderr, '');
  });

  test('several registries and copies of the package have the same overrides', async (t) => {
    const { stdout, stderr } = await runWith(
      t,
      'metrics: { a: { rename: b, labels: { x: y } }, c: { drop: true } }',
      `import { createRequire } from 'node:module';
       import { Gauge, Registry } from './src/index.js';
       const copy = createRequire(process.cwd() + '/')('../dist/cjs/index.js');
       const [one, two] = [new Registry(), new copy.Registry()];
       for (const [Type, registry] of [[Gauge, one], [copy.Gauge, two]])
         for (const name of ['a', 'c']) new Type({ name, help: 'H.', registry }).set(1);
       console.log(await one.expose(), await two.expose());`,
    );
    assert.deepEqual(stdout.match(/^ ?\w+.* 1$/gm), ['b{x="y"} 1', 'b{x="y"} 1']);
    assert.equal(stderr, '');
  });

  for (const [what, overrides, message] of [
    ['an unknown metric', '\n  missing:\n    drop: true', /line 3: no metric missing has been found\./],
    [
      'a label that the metric has',
      '\n  jobs_total: { labels: { queue: a } }',
      /line 2: jobs_total: jobs_total already has a label queue\./,
    ],
    ['a reserved label', '\n  size_bytes: { labels: { le: a } }', /size_bytes already has a label le\./],
    ['a name that is taken', '\n  noise: { rename: jobs_total }', /line 2: noise: .*jobs_total.* already registered/],
    ['buckets of a counter', '\n  jobs_total: { buckets: [1] }', /jobs_total is a counter and has no buckets\./],
    ['buckets of a collector', '\n  rows: { max_series: 3 }', /rows comes from a collector/],
    ['a label of a collector', '\n  rows: { rename: x, labels: { t: b } }', /rows already has a label t\./],
  ] as const) {
    test(`${what} is reported once, and all metrics are exposed`, async (t) => {
      const { stdout, stderr, code } = await runWith(
        t,
        `metrics:${overrides}`,
        `${METRICS}
         defaultRegistry.register({ collect: () => [{ name: 'rows', help: 'R.', type: 'gauge', points: [{ labels: { t: 'a' }, value: 1 }] }] });
         await defaultRegistry.expose(); await new Registry().expose();
         await new Promise(setImmediate); ${PRINT}`,
      );
      for (const line of ['noise 1', 'rows{t="a"} 1', 'jobs_total{queue="mail"} 1', 'size_bytes_count 1'])
        assert.ok(stdout.split('\n').includes(line), `${line}\n${stdout}`);
      assert.match(stderr, message);
      assert.equal(stderr.match(/ZeropromWarning/g)?.length, 1, stderr);
      assert.equal(code, 0);
    });
  }

  test('a metric that only the second of several registries has is known', async (t) => {
    const { stderr, stdout } = await runWith(
      t,
      'metrics: { late: { labels: { a: b } } }',
      `import { Gauge, Registry } from './src/index.js';
       const [one, two] = [new Registry(), new Registry()];
       two.register({ collect: async () => { await new Promise(setImmediate); return [{ name: 'late', help: 'L.', type: 'gauge', points: [{ labels: {}, value: 1 }] }]; } });
       console.log(await Registry.merge(one, two).expose());`,
    );
    assert.match(stdout, /^late\{a="b"\} 1$/m);
    assert.equal(stderr, '');
  });

  test('an invalid point stays an invalid point', async (t) => {
    const { stdout } = await runWith(
      t,
      'metrics: { rows: { labels: { a: b } } }',
      `import { defaultRegistry } from './src/index.js';
       const hostile = { get labels() { throw new Error('no'); }, value: 1 };
       const points = [hostile, null, 3, { value: 1 }, { labels: { t: 'x' }, value: 2 }, { labels: 3, value: 4 }];
       defaultRegistry.register({ name: 'db', collect: () => [{ name: 'rows', help: 'R.', type: 'gauge', points }] });
       ${PRINT}`,
    );
    assert.deepEqual(stdout.match(/^rows.*$/gm), ['rows{a="b"} 1', 'rows{a="b",t="x"} 2']);
    assert.match(stdout, /^zeroprom_collector_success\{collector="db"\} 0$/m);
  });

  test('a broken file fails the first metric with the file, the line and the key', async (t) => {
    const path = overridesFile(t, 'metrics:\n  noise:\n    buckets: [1, x]\n');
    const { code, stderr } = await run(t, METRICS + PRINT, { env: { ZEROPROM_OVERRIDES: path } });
    assert.notEqual(code, 0);
    assert.ok(
      stderr.includes(
        `Error: Invalid overrides: ${path}: line 3, column 14: metrics.noise.buckets must be numbers, got "x".`,
      ),
      stderr,
    );
  });

  test('a missing file fails the first metric, and every further one', async (t) => {
    const { stdout } = await run(
      t,
      `import { Gauge } from './src/index.js';
       for (const name of ['a', 'b']) {
         try { new Gauge({ name, help: 'H.' }); } catch (error) { console.log(error.message); }
       }`,
      { env: { ZEROPROM_OVERRIDES: '/missing/overrides.yml' } },
    );
    assert.equal(stdout.match(/^Invalid overrides: .*ENOENT.*\/missing\/overrides\.yml/gm)?.length, 2, stdout);
  });

  test('a runtime that cannot read files says so once and continues', async (t) => {
    const { stdout, stderr } = await run(
      t,
      `process.getBuiltinModule = undefined;
       const { Gauge, defaultRegistry } = await import('./src/index.js');
       for (const name of ['a', 'b']) new Gauge({ name, help: 'H.' }).set(1);
       ${PRINT}`,
      { env: { ZEROPROM_OVERRIDES: '/etc/overrides.yml' } },
    );
    assert.match(stdout, /^a 1\n(?:#.*\n)*b 1$/m);
    assert.equal(stderr.match(/cannot read files, so the overrides are ignored/g)?.length, 1, stderr);
  });

  test('the flag takes precedence over the variable', async (t) => {
    const [flag, variable] = [
      overridesFile(t, 'metrics: { noise: { rename: by_flag } }'),
      overridesFile(t, 'metrics: { noise: { rename: by_variable } }'),
    ];
    const options = { env: { ZEROPROM_OVERRIDES: variable } };
    for (const args of [[`--metrics.overrides=${flag}`], ['--metrics.overrides', flag]]) {
      assert.match((await run(t, METRICS + PRINT, { ...options, args })).stdout, /^by_flag 1$/m);
    }
    for (const args of [[], ['--', `--metrics.overrides=${flag}`]]) {
      assert.match((await run(t, METRICS + PRINT, { ...options, args })).stdout, /^by_variable 1$/m);
    }
  });
});
