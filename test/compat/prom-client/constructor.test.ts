import assert from 'node:assert/strict';
import { test } from 'node:test';
import { looseClass, testBoth, zeroprom } from './libraries.ts';

const TYPES = ['Counter', 'Gauge', 'Histogram', 'Summary'] as const;

for (const type of TYPES) {
  testBoth(`new ${type}() requires an object`, (client) => {
    const Metric = looseClass(client[type]);
    for (const config of [undefined, null, 'name', 5]) {
      const error = { name: 'TypeError', message: 'constructor expected a config object' };
      assert.throws(() => new Metric(config), error);
    }
  });

  testBoth(`new ${type}() checks help, name, labels, collect and registration in this order`, (client) => {
    const Metric = looseClass(client[type]);
    const registers = [new client.Registry()];
    const wrong = { help: '', name: '', labelNames: ['a b'], collect: 'x', registers };
    assert.throws(() => new Metric(wrong), /Missing mandatory help parameter/);
    assert.throws(() => new Metric({ ...wrong, help: 'H' }), /Missing mandatory name parameter/);
    assert.throws(() => new Metric({ ...wrong, help: 'H', name: '1a' }), /Invalid metric name/);
    assert.throws(() => new Metric({ ...wrong, help: 'H', name: 'a' }), /Invalid label name/);
    const named = { ...wrong, help: 'H', name: 'a', labelNames: ['b'] };
    assert.throws(() => new Metric(named), /Optional "collect" parameter must be a function/);
    new Metric({ ...named, collect: () => {} });
    assert.throws(
      () => new Metric({ ...named, collect: undefined }),
      /^Error: A metric with the name a has already been registered\.$/,
    );
  });

  testBoth(`new ${type}() registers in the global registry by default, and nowhere for an empty list`, (client) => {
    const Metric = looseClass(client[type]);
    const { register } = client;
    new Metric({ name: 'by_default', help: 'H' });
    new Metric({ name: 'by_undefined', help: 'H', registers: undefined });
    new Metric({ name: 'nowhere', help: 'H', registers: [] });
    assert.ok(register.getSingleMetric('by_default'));
    assert.ok(register.getSingleMetric('by_undefined'));
    assert.equal(register.getSingleMetric('nowhere'), undefined);
    register.clear();
  });

  testBoth(`new ${type}() registers in several registries`, async (client) => {
    const Metric = looseClass(client[type]);
    const registers = [new client.Registry(), new client.Registry()];
    const metric = new Metric({ name: 'm', help: 'H', registers });
    for (const registry of registers) assert.equal(registry.getSingleMetric('m'), metric);
  });

  test(`new ${type}() treats undefined as the default of every option`, () => {
    const Metric = looseClass(zeroprom[type]);
    const options = [
      'labelNames',
      'aggregator',
      'collect',
      'enableExemplars',
      'buckets',
      'percentiles',
      'compressCount',
    ];
    const config = Object.fromEntries(options.map((option) => [option, undefined]));
    const metric = new Metric({ ...config, name: 'm', help: 'H', registers: [] });
    const byDefault = new Metric({ name: 'm', help: 'H', registers: [] });
    assert.deepEqual(Object.entries(metric), Object.entries(byDefault));
  });

  testBoth(`keys of the configuration of ${type} are properties`, async (client) => {
    const Metric = looseClass(client[type]);
    const registers = [new client.Registry()];
    const config = { name: 'm', help: 'H', labelNames: ['a'], aggregator: 'first', registers, note: 'mine' };
    const metric: Record<string, unknown> = new Metric(config);
    for (const [key, value] of Object.entries(config)) assert.deepEqual(metric[key], value);
    assert.equal(metric['type'], type.toLowerCase());
    Object.assign(metric, { name: 'other', help: 'Other help.' });
    assert.match(await registers[0]!.metrics(), /^# HELP other Other help\.\n/);
  });

  testBoth(`collect() of ${type} is called with the metric, and may be assigned later`, async (client) => {
    const Metric = looseClass(client[type]);
    const registry = new client.Registry();
    const called: unknown[] = [];
    const collect = function (this: unknown) {
      called.push(this);
    };
    const first = new Metric({ name: 'first', help: 'H', registers: [registry], collect });
    const second = new Metric({ name: 'second', help: 'H', registers: [registry] });
    Object.assign(second, { collect });
    await registry.metrics();
    await registry.getMetricsAsJSON();
    assert.deepEqual(
      called.map((metric) => metric === first),
      [true, false, true, false],
    );
    assert.equal(called[1], second);
  });
}

testBoth('histograms and summaries reject their own label names', ({ Histogram, Summary }) => {
  const config = { name: 'm', help: 'H', registers: [] };
  assert.throws(() => new Histogram({ ...config, labelNames: ['le'] }), /^Error: le is a reserved label keyword$/);
  const error = /^Error: quantile is a reserved label keyword$/;
  assert.throws(() => new Summary({ ...config, labelNames: ['quantile'] }), error);
});

test('a metric that is refused is not registered', () => {
  const registry = new zeroprom.Registry();
  const config = { name: 'm', help: 'H', labelNames: ['le'], registers: [registry] };
  assert.throws(() => new zeroprom.Histogram(config));
  assert.deepEqual(registry.getMetricsAsArray(), []);
});

testBoth('exemplars are for OpenMetrics registries', ({ Counter, Histogram, Registry }) => {
  const config = { name: 'm', help: 'H', enableExemplars: true, registers: [new Registry()] };
  const error = { name: 'TypeError', message: 'Exemplars are supported only on OpenMetrics registries' };
  assert.throws(() => new Counter(config), error);
  assert.throws(() => new Histogram(config), error);
});

test('errors for names contain the invalid name', () => {
  const Counter = looseClass(zeroprom.Counter);
  assert.throws(() => new Counter({ name: 'a b', help: 'H' }), /^Error: Invalid metric name: a b$/);
  assert.throws(
    () => new Counter({ name: 'a', help: 'H', labelNames: ['ok', 'a b', '2'] }),
    /^Error: Invalid label name\. At least one label name is invalid: a b,2$/,
  );
});

testBoth('label names may begin with __, and may be given twice', async ({ Counter }) => {
  const counter = new Counter({ name: 'm', help: 'H', labelNames: ['__a', 'b', 'b'], registers: [] });
  counter.inc({ __a: 'x', b: 'y' });
  assert.deepEqual((await counter.get()).values, [{ value: 1, labels: { __a: 'x', b: 'y' } }]);
});
