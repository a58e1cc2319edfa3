import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Counter, Gauge, Histogram, PeakGauge, Registry, StateSet, Summary } from '../../src/index.ts';
import { samples } from './gauges.ts';

/** Returns the `file:line` of the statement that calls this. */
function here(): RegExp {
  const [, , frame = ''] = new Error().stack?.split('\n') ?? [];
  const place = /([^/]+:\d+):\d+\)?$/.exec(frame)?.[1] ?? '';
  return new RegExp(`is already registered at \\S+${place.replaceAll('.', '\\.')}(?!\\d)`);
}

test('a duplicate names the place where the first metric was created', () => {
  const registry = new Registry();
  const options = { name: 'a_total', help: '', registry };
  const [place] = [here(), new Counter(options)];
  assert.throws(() => new Counter(options), place);
  assert.throws(
    () => new Counter(options),
    /; use registry\.getOrCreate\(\) to reuse it, or registry\.unregister\('a_total'\) first\.$/,
  );
});

test('a duplicate names the place of other ways to register the first metric', () => {
  const create: Record<string, (registry: Registry) => [RegExp, unknown]> = {
    register: (registry) => [here(), registry.register(new Gauge({ name: 'a', help: '', registry: null }))],
    getOrCreate: (registry) => [here(), registry.getOrCreate(Gauge, { name: 'a', help: '' })],
    withPrefix: (registry) => [here(), new Gauge({ name: 'a', help: '', registry: registry.withPrefix('') })],
  };
  for (const [how, call] of Object.entries(create)) {
    const registry = new Registry();
    const [place] = call(registry);
    assert.throws(() => new Gauge({ name: 'a', help: '', registry }), place, how);
  }
});

test('a duplicate is reported without a place if stacks have no frames', (t) => {
  const limit = Error.stackTraceLimit;
  t.after(() => {
    Error.stackTraceLimit = limit;
  });
  Error.stackTraceLimit = 0;
  const registry = new Registry();
  new Gauge({ name: 'a', help: '', registry });
  assert.throws(() => new Gauge({ name: 'a', help: '', registry }), /^Error: Metric a is already registered; use /);
});

test('a duplicate is reported whatever the program has made of stacks', (t) => {
  const original = Error.prepareStackTrace;
  t.after(() => {
    Error.prepareStackTrace = original;
  });
  const replaced: (typeof Error.prepareStackTrace)[] = [
    () => 17,
    () => null,
    () => 'at (((:::',
    () => {
      throw new Error('Formatting failed.');
    },
  ];
  for (const prepare of replaced) {
    const registry = new Registry();
    new Gauge({ name: 'a', help: '', registry });
    Error.prepareStackTrace = prepare;
    let message = '';
    try {
      new Gauge({ name: 'a', help: '', registry });
    } catch (error) {
      message = String((error as Error).message);
    } finally {
      Error.prepareStackTrace = original;
    }
    assert.match(message, /^Metric a is already registered; use /);
  }
});

const base = { name: 'a', help: 'A.' };
const differences: Record<string, [create: (registry: Registry) => unknown, words: RegExp]> = {
  type: [(registry) => new Counter({ ...base, registry }), /with a different type \("gauge", not "counter"\)/],
  help: [(registry) => new Gauge({ ...base, help: 'B.', registry }), /with a different help text \("A\.", not "B\."\)/],
  labels: [
    (registry) => new Gauge({ ...base, labelNames: ['x', 'y'], registry }),
    /with different labels \(none, not \["x","y"\]\)/,
  ],
  'several parts': [
    (registry) => new Gauge({ ...base, help: 'B.', labelNames: ['x'], registry }),
    /with a different help text \(.+\) and different labels \(.+\); use registry\.getOrCreate\(\) with \{ replace: true \}/,
  ],
  worker: [
    (registry) => new Gauge({ ...base, acrossWorkers: 'sum', registry }),
    /with a different acrossWorkers \(none, not "sum"\)/,
  ],
};

for (const [what, [create, words]] of Object.entries(differences)) {
  test(`a duplicate with a difference in ${what} is described in words`, () => {
    const registry = new Registry();
    new Gauge({ ...base, registry });
    assert.throws(() => create(registry), words);
  });
}

test('differences in the options of a type are described in words', () => {
  const registry = new Registry();
  new Histogram({ name: 'h', help: '', buckets: [1, 2], registry });
  new Summary({ name: 's', help: '', quantiles: [0.5], registry });
  new StateSet({ name: 'state', help: '', states: ['on', 'off'], registry });
  const create: [create: () => unknown, words: RegExp][] = [
    [
      () => new Histogram({ name: 'h', help: '', buckets: [1, 3], registry }),
      /different buckets \(\[1,2\], not \[1,3\]\)/,
    ],
    [
      () => new Summary({ name: 's', help: '', quantiles: [0.9], registry }),
      /different quantiles \(\[0\.5\], not \[0\.9\]\)/,
    ],
    [() => new StateSet({ name: 'state', help: '', states: ['on'], registry }), /different states/],
    [() => new PeakGauge({ name: 'h', help: '', registry }), /a different type \("histogram", not "gauge"\)/],
  ];
  for (const [call, words] of create) assert.throws(call, words);
});

test('the description of a difference is one line of limited length', () => {
  const registry = new Registry();
  new Gauge({ name: 'a', help: `x\n${'y'.repeat(100_000)}`, registry });
  assert.throws(
    () => new Gauge({ name: 'a', help: 'B.', registry }),
    ({ message }: Error) => message.length < 1000 && !message.includes('\n'),
  );
});

test('getOrCreate() with replace puts a metric that differs in the place of the registered one', async () => {
  const registry = new Registry({ selfMetrics: false });
  const first = registry.getOrCreate(Counter, { name: 'a_total', help: 'A.' }, { replace: true });
  first.inc(3);
  const second = registry.getOrCreate(Counter, { name: 'a_total', help: 'B.', labelNames: ['x'] }, { replace: true });
  first.inc();
  second.inc({ x: 'y' });
  assert.notEqual(second, first);
  assert.deepEqual(await samples(registry), ['a_total{x="y"} 1']);
  assert.equal(registry.get('a_total'), second);
});

test('getOrCreate() with replace returns a metric that does not differ', () => {
  const registry = new Registry();
  const options = { name: 'a_total', help: 'A.' };
  const first = registry.getOrCreate(Counter, options);
  first.inc();
  assert.equal(registry.getOrCreate(Counter, options, { replace: true }), first);
});

test('getOrCreate() with replace can change the type', async () => {
  const registry = new Registry({ selfMetrics: false });
  registry.getOrCreate(Gauge, { name: 'a', help: '' }).set(1);
  registry.getOrCreate(Summary, { name: 'a', help: '' }, { replace: true }).observe(2);
  assert.deepEqual(await samples(registry), ['a_sum 2', 'a_count 1']);
});

test('getOrCreate() with replace keeps the registered metric if the new one cannot be registered', async () => {
  const registry = new Registry({ selfMetrics: false });
  registry.getOrCreate(Gauge, { name: 'a', help: '' }).set(1);
  registry.getOrCreate(Gauge, { name: 'a_count', help: '' }).set(2);
  assert.throws(() => registry.getOrCreate(Histogram, { name: 'a', help: '' }, { replace: true }), /a_count/);
  assert.deepEqual(await samples(registry), ['a 1', 'a_count 2']);
});

test('getOrCreate() suggests replace for a misspelled option', () => {
  const registry = new Registry();
  const reuse: object = { replaces: true };
  assert.throws(() => registry.getOrCreate(Gauge, { name: 'a', help: '' }, reuse), /did you mean replace\?/);
});
