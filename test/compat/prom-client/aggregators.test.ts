import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loose, testBoth, zeroprom } from './libraries.ts';

const metric = (values: unknown[], aggregator: unknown = 'sum') => ({
  name: 'm',
  help: 'H',
  type: 'gauge',
  values,
  aggregator,
});

testBoth('values of the same series are aggregated', ({ aggregators }) => {
  const metrics = [
    metric([
      { value: 1, labels: { a: 'x' } },
      { value: 5, labels: {} },
    ]),
    metric([
      { value: 3, labels: { a: 'x' } },
      { value: 4, labels: { a: 'x' }, metricName: 'm_sum' },
    ]),
  ] as never;
  const of = (name: keyof typeof aggregators) => aggregators[name](metrics)?.values.map(({ value }) => value);
  assert.deepEqual(of('sum'), [4, 5, 4]);
  assert.deepEqual(of('first'), [1, 5, 4]);
  assert.deepEqual(of('average'), [2, 5, 4]);
  assert.deepEqual(of('min'), [1, 5, 4]);
  assert.deepEqual(of('max'), [3, 5, 4]);
  assert.equal(aggregators.omit(metrics), undefined);
  assert.deepEqual(Object.keys(aggregators), ['sum', 'first', 'omit', 'average', 'min', 'max']);
  assert.deepEqual(aggregators.sum(metrics), {
    ...metric([
      { value: 4, labels: { a: 'x' } },
      { value: 5, labels: {} },
      { value: 4, labels: { a: 'x' }, metricName: 'm_sum' },
    ]),
  });
  assert.equal(aggregators.sum([]), undefined);
});

testBoth('labels may be in any order, and arrays', ({ aggregators }) => {
  const metrics = [
    metric([
      { value: 1, labels: { a: 'x', b: 2 } },
      { value: 3, labels: ['x', 'y'] },
    ]),
    metric([
      { value: 1, labels: { b: '2', a: 'x' } },
      { value: 4, labels: ['x', 'y'] },
    ]),
  ] as never;
  assert.deepEqual(aggregators.sum(metrics)?.values, [
    { value: 2, labels: { a: 'x', b: 2 } },
    { value: 7, labels: ['x', 'y'] },
  ]);
});

testBoth('aggregate() returns a registry with the aggregated metrics', async ({ AggregatorRegistry, Registry }) => {
  const sums = [metric([{ value: 1, labels: {} }]), { ...metric([{ value: 2, labels: {} }], 'max'), name: 'n' }];
  const registry = AggregatorRegistry.aggregate([sums, sums, [{ ...metric([], 'omit'), name: 'o' }]] as never);
  assert.ok(registry instanceof Registry);
  assert.equal(await registry.metrics(), '# HELP m H\n# TYPE m gauge\nm 2\n\n# HELP n H\n# TYPE n gauge\nn 2\n');
  const single = loose(registry.getSingleMetric('m')!);
  assert.deepEqual(single['get']!(), metric([{ value: 2, labels: {} }]));
  const type = Registry.OPENMETRICS_CONTENT_TYPE;
  const openMetrics = loose(AggregatorRegistry)['aggregate']!([sums], type) as typeof registry;
  assert.match(await openMetrics.metrics(), /# EOF\n$/);
});

testBoth('an unknown aggregator is refused', ({ AggregatorRegistry }) => {
  const unknown = [[metric([], 'zzz')]] as never;
  const message = "'zzz' is not a defined aggregator.";
  assert.throws(() => AggregatorRegistry.aggregate(unknown), { name: 'Error', message });
});

test('names of object properties are not aggregators, and metrics without an aggregator are summed', () => {
  const { AggregatorRegistry } = zeroprom;
  const message = "'constructor' is not a defined aggregator.";
  assert.throws(() => AggregatorRegistry.aggregate([[metric([], 'constructor')]] as never), { message });
  const { aggregator: _, ...without } = metric([{ value: 2, labels: {} }]);
  const [summed] = AggregatorRegistry.aggregate([[without], [without]] as never).getMetricsAsArray();
  assert.deepEqual((loose(summed!)['get']!() as typeof without).values, [{ value: 4, labels: {} }]);
});

testBoth('users may add aggregators', async ({ AggregatorRegistry, aggregators }) => {
  const all = aggregators as unknown as Record<string, unknown>;
  all['last'] = (metrics: object[]) => metrics.at(-1);
  const metrics = [1, 2].map((value) => [metric([{ value, labels: {} }], 'last')]);
  assert.match(await AggregatorRegistry.aggregate(metrics as never).metrics(), /^m 2$/m);
  delete all['last'];
});

testBoth('setRegistries() requires registries', ({ AggregatorRegistry, register }) => {
  const error = { name: 'TypeError', message: 'Expected Registry, got object' };
  assert.throws(() => AggregatorRegistry.setRegistries({} as never), error);
  assert.throws(() => AggregatorRegistry.setRegistries([register, 5] as never), /Expected Registry, got number/);
  AggregatorRegistry.setRegistries(register);
  AggregatorRegistry.setRegistries([register]);
});
