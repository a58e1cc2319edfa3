import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Counter, Gauge, Histogram, Registry, StateSet, Summary } from '../../src/index.ts';
import { collectorOf, failures, gauge, samples } from './gauges.ts';

test('names of metrics registered through a prefix begin with it', async () => {
  const registry = new Registry({ selfMetrics: false });
  const app = registry.withPrefix('app_');
  new Counter({ name: 'requests_total', help: 'Requests.', registry: app }).inc(2);
  app.register(collectorOf('other', () => [gauge('up', { x: 'y' })]));
  assert.equal(
    await registry.expose(),
    '# HELP app_requests_total Requests.\n# TYPE app_requests_total counter\napp_requests_total 2\n' +
      '# HELP app_up Help.\n# TYPE app_up gauge\napp_up{x="y"} 1\n',
  );
});

test('metrics registered through labels have them before their own', async () => {
  const registry = new Registry({ selfMetrics: false });
  const zone = registry.withLabels({ zone: 'a', replica: 1 });
  new Gauge({ name: 'plain', help: '', registry: zone }).set(1);
  new Gauge({ name: 'labelled', help: '', labelNames: ['x'], registry: zone }).set({ x: 'y' }, 2);
  new Histogram({ name: 'seconds', help: '', buckets: [1], registry: zone }).observe(0.5);
  zone.register(collectorOf('other', () => [gauge('up', { x: 'y' })]));
  assert.deepEqual(await samples(registry), [
    'labelled{zone="a",replica="1",x="y"} 2',
    'plain{zone="a",replica="1"} 1',
    'seconds_bucket{zone="a",replica="1",le="1"} 1',
    'seconds_bucket{zone="a",replica="1",le="+Inf"} 1',
    'seconds_sum{zone="a",replica="1"} 0.5',
    'seconds_count{zone="a",replica="1"} 1',
    'up{zone="a",replica="1",x="y"} 1',
  ]);
});

test('views can be nested', async () => {
  const registry = new Registry({ selfMetrics: false });
  const inner = registry.withPrefix('a_').withLabels({ x: '1' }).withPrefix('b_').withLabels({ y: '2' });
  new Gauge({ name: 'c', help: '', labelNames: ['z'], registry: inner }).set({ z: '3' }, 4);
  inner.register(collectorOf('other', () => [gauge('d')]));
  assert.deepEqual(await samples(registry), ['a_b_c{x="1",y="2",z="3"} 4', 'a_b_d{x="1",y="2"} 1']);
});

test('a view does not change the metric itself, which keeps its name elsewhere', async () => {
  const registry = new Registry({ selfMetrics: false });
  const own = new Registry({ selfMetrics: false });
  const metric = new Gauge({ name: 'a', help: '', registry: own });
  registry.withPrefix('b_').register(metric);
  assert.deepEqual([await samples(own), await samples(registry)], [['a 0'], ['b_a 0']]);
});

test('the same metrics can be registered under several values of a label, as one family', async () => {
  const registry = new Registry({ selfMetrics: false });
  const pool = (name: string) => {
    const view = registry.withLabels({ pool: name });
    view.register(collectorOf(name, () => [gauge('size', {}, 5)]));
    return new Gauge({ name: 'busy', help: 'Busy.', registry: view });
  };
  const first = pool('a');
  pool('b').set(2);
  assert.equal(
    await registry.expose(),
    '# HELP busy Busy.\n# TYPE busy gauge\nbusy{pool="a"} 0\nbusy{pool="b"} 2\n' +
      '# HELP size Help.\n# TYPE size gauge\nsize{pool="a"} 5\nsize{pool="b"} 5\n',
  );
  assert.throws(() => pool('b'), /^Error: Metric busy is already registered/);
  assert.throws(
    () => new Gauge({ name: 'busy', help: 'Other.', registry: registry.withLabels({ pool: 'c' }) }),
    /^Error: Metric busy is already registered at \S+views\.test\.ts:\d+ with a different help text \("Busy\.", not "Other\."\); /,
  );
  assert.throws(() => new Gauge({ name: 'busy', help: 'Busy.', registry }), /already registered/);
  registry.withLabels({ pool: 'a' }).unregister(first);
  assert.equal((await samples(registry)).length, 4);
});

test('unregister() of a name removes all metrics with it', async () => {
  const registry = new Registry({ selfMetrics: false });
  for (const pool of ['a', 'b']) new Gauge({ name: 'busy', help: '', registry: registry.withLabels({ pool }) });
  assert.equal(registry.unregister('busy'), true);
  assert.equal(await registry.expose(), '');
  new Gauge({ name: 'busy', help: '', registry });
});

test('unregister() of a view removes what was registered through it and frees its names', async () => {
  const registry = new Registry({ selfMetrics: false });
  const view = registry.withPrefix('a_').withLabels({ x: '1' });
  const metric = new Histogram({ name: 'b', help: '', registry: view });
  const collector = collectorOf('other', () => [gauge('c')]);
  view.register(collector);
  assert.equal(registry.unregister(metric), false);
  assert.equal(view.has(metric), true);
  assert.deepEqual([view.unregister(metric), view.unregister(collector)], [true, true]);
  assert.deepEqual([view.unregister(metric), view.unregister(collector)], [false, false]);
  assert.equal(await registry.expose(), '');
  new Gauge({ name: 'a_b_count', help: '', registry });
});

test('a collector can be registered once through a view, and again after it was unregistered', () => {
  const registry = new Registry();
  const view = registry.withPrefix('a_');
  const collector = collectorOf('twice', () => []);
  view.register(collector);
  assert.throws(() => view.register(collector), new Error('This collector is already registered through this view.'));
  registry.clear();
  view.register(collector);
});

test('a view refuses values that are neither metrics nor collectors', () => {
  const problem = new TypeError('A collector must be an object with a method collect().');
  // @ts-expect-error wrong on purpose
  assert.throws(() => new Registry().withPrefix('a_').register({ name: 'x' }), problem);
});

test('names collide through views as they do without views', () => {
  const registry = new Registry();
  new Histogram({ name: 'a_b', help: '', registry });
  assert.throws(
    () => new Gauge({ name: 'b_count', help: '', registry: registry.withPrefix('a_') }),
    new Error('a_b_count cannot stand beside a_b: both would be shown as a_b_count. Rename one of them.'),
  );
});

const conflicts: readonly [what: string, (view: ReturnType<Registry['withLabels']>) => unknown, label: string][] = [
  ['a label', (registry) => new Gauge({ name: 'a', help: '', labelNames: ['x'], registry }), 'x'],
  ['a constant label', (registry) => new Gauge({ name: 'a', help: '', constLabels: { x: '1' }, registry }), 'x'],
  ['the label of buckets', (registry) => new Histogram({ name: 'a', help: '', registry }), 'le'],
  ['the label of quantiles', (registry) => new Summary({ name: 'a', help: '', registry }), 'quantile'],
  ['the label of states', (registry) => new StateSet({ name: 'a', help: '', states: ['on'], registry }), 'a'],
];

for (const [what, make, label] of conflicts) {
  test(`a metric that has the view's label as ${what} is refused`, () => {
    const registry = new Registry();
    assert.throws(() => make(registry.withLabels({ [label]: 'y' })), new Error(`a already has a label ${label}.`));
    assert.equal(registry.get('a'), undefined);
  });
}

test('a label of an inner view is refused if an outer one has it', () => {
  const view = new Registry().withLabels({ x: '1' }).withLabels({ x: '2' });
  assert.throws(() => new Gauge({ name: 'a', help: '', registry: view }), new Error('a already has a label x.'));
});

test("a family of a collector that has the view's label is left out and reported, and others are not", async () => {
  const registry = new Registry({ selfMetrics: false });
  const view = registry.withLabels({ x: '1' });
  view.register(
    collectorOf('mixed', () => [gauge('a', { x: '2' }), gauge('b'), null, { ...gauge('c'), points: [null] }]),
  );
  assert.deepEqual(await samples(registry), ['b{x="1"} 1']);
  assert.deepEqual(await failures(registry), [
    'mixed: a already has a label x.',
    'mixed: A family must be an object, got null.',
    'mixed: c: a point must be an object, got null.',
  ]);
});

test('a collector behind a view may fail like any other', async () => {
  const registry = new Registry({ selfMetrics: false });
  const view = registry.withPrefix('a_');
  view.register(collectorOf('none', () => undefined));
  view.register(collectorOf('throwing', () => Promise.reject(new Error('broken'))));
  view.register(collectorOf('endless', endless));
  assert.deepEqual(await failures(registry), [
    'none: Collector none must return an iterable of families, got undefined.',
    'throwing: broken',
    "endless: Collector endless returned more than 100000 points and families; return fewer, or raise the registry's maxPoints.",
  ]);
});

function* endless() {
  for (;;) yield { ...gauge('a'), points: [] };
}

for (const [what, labels, problem] of [
  ['undefined', { x: undefined }, 'withLabels(): label x must be a string, number or boolean, got undefined.'],
  ['an object', { x: {} }, 'withLabels(): label x must be a string, number or boolean, got object.'],
] as const) {
  test(`a label of a view is not ${what}`, () => {
    // @ts-expect-error wrong on purpose
    assert.throws(() => new Registry().withLabels(labels), new TypeError(problem));
  });
}

test('a label of a view must not be reserved for the server', () => {
  assert.throws(() => new Registry().withLabels({ __name__: 'x' }), RangeError);
});

test('a view copies its labels', async () => {
  const registry = new Registry({ selfMetrics: false });
  const labels = { x: '1' };
  const view = registry.withLabels(labels);
  labels.x = '2';
  new Gauge({ name: 'a', help: '', registry: view });
  assert.deepEqual(await samples(registry), ['a{x="1"} 0']);
});

test('a metric behind a view is updated, and its idle series are dropped', async () => {
  const registry = new Registry({ selfMetrics: false });
  const view = registry.withPrefix('a_');
  let updates = 0;
  new Gauge({ name: 'b', help: '', registry: view, collect: (metric) => metric.set(++updates) });
  assert.deepEqual(await samples(registry), ['a_b 1']);
  assert.deepEqual(await samples(registry), ['a_b 2']);
});
